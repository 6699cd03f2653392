import { mask } from '../support/redact.ts';

/** Texts of a recording as JavaScript, with what was masked read from the environment. */
export class K6Secrets {
  /** Names of the variables, in the order in which the script reads them. */
  readonly names: Set<string> = new Set();

  /**
   * A text as an expression.
   *
   * @param owner Goes before the names of its secrets; `''` when there is one client.
   * @param name What a masked text is the value of, where the text does not tell.
   */
  text(text: string, owner: string, name: string): string {
    if (!text.includes(mask)) return quote(text);
    if (text === mask) return this.secret(owner, name);
    const parts = text.split(mask);
    const pieces = parts.map((part, index) => {
      const secret = index === parts.length - 1 ? '' : `\${${this.secret(owner, nameBefore(part) ?? name)}}`;
      return escapeTemplate(part) + secret;
    });
    return `\`${pieces.join('')}\``;
  }

  /** A variable of the environment as an expression. */
  secret(owner: string, name: string): string {
    const words = `${owner}_${name}`.replaceAll(/([a-z0-9])(?=[A-Z])/g, '$1_');
    const variable = words.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
    // A name in another script has no letter that a variable may have.
    const upper = variable === '' ? 'SECRET' : variable.toUpperCase();
    this.names.add(upper);
    return `secret('${upper}')`;
  }
}

/** A text as JavaScript in single quotes: most messages are JSON. */
export function quote(text: string): string {
  return `'${escape(text).replaceAll("'", "\\'")}'`;
}

/** What a text calls the value that follows: `"token":"`, `?token=`, `Bearer `. */
function nameBefore(text: string): string | undefined {
  const { json, param, scheme } =
    /(?:"(?<json>[^"\\]{1,40})"\s*:\s*"?|[?&;\s](?<param>[\w.-]{1,40})=|^(?<scheme>Bearer|Basic) )$/.exec(text)
      ?.groups ?? {};
  return json ?? param ?? (scheme === undefined ? undefined : 'authorization');
}

function escapeTemplate(text: string): string {
  return escape(text).replaceAll('`', '\\`').replaceAll('${', '\\${');
}

function escape(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
}
