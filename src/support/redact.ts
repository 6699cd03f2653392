/** What stands in place of a secret. */
export const mask = '***';

/** Names whose values are secrets, in query strings and in options. Whole words, so that `monkey` and `author` are not. */
const secretName =
  /(?:^|[-_.])(?:(?:api|access|private|secret)[-_]?key|key|[a-z]*token|[a-z]*secret|passw(?:or)?d|pass|pwd|passphrase|auth(?:orization)?|jwt|sig(?:nature)?|session(?:[-_]?id)?|sid|credentials?|ticket|otp)(?:$|[-_.])/;

/** Whether a parameter, header or option of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const isSecret = looksSecret(name);
  // Names of headers and members come again and again; those of a hostile payload must not fill the memory.
  if (judged.size === mostJudged) judged.clear();
  judged.set(name, isSecret);
  return isSecret;
}

const mostJudged = 1000;
const judged = new Map<string, boolean>();

function looksSecret(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return secretName.test(words) || words === 'cookie' || words === 'set-cookie';
}

/** Tells by a name whether a value is a secret. */
export type IsSecret = (name: string) => boolean;

/** A URL as messages show it: no password, and no query value whose name looks like a secret. The rest stays as it is. */
export function maskUrl(url: string | URL): string {
  return String(url)
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):[^/?#@]*@/i, `$1:${mask}@`)
    .replace(/([?&])([^=&#]+)=([^&#]+)/g, (pair, before: string, name: string) =>
      isSecretName(decoded(name)) ? `${before}${name}=${mask}` : pair,
    );
}

/** `?token=…`, `&token=…`. Bounded and without nesting, so that a hostile payload costs linear time. */
const queryPair = /([?&])([^=&?#\s"'<>\\]{1,128})=([^&?#\s"'<>\\]*[^&?#\s"'<>\\),.;\]])/g;
/** `://user:password@`. */
const password = /(:\/\/[^/?#@:\s"'<>\\]{0,128}):([^/?#@\s"'<>\\]+)@/g;

/** Masks passwords and secret query values of the URLs in a text, absolute and relative ones. The rest stays as it is. */
export function maskUrls(text: string, isSecret: IsSecret = isSecretName): string {
  const withoutPasswords = text.includes('@') ? text.replaceAll(password, `$1:${mask}@`) : text;
  if (!withoutPasswords.includes('?') && !withoutPasswords.includes('&')) return withoutPasswords;
  return withoutPasswords.replaceAll(queryPair, (pair, before: string, name: string) =>
    isSecret(decoded(name)) ? `${before}${name}=${mask}` : pair,
  );
}

/** The secrets that {@link maskUrls} would mask, as they are written. */
export function secretsOfUrls(text: string, isSecret: IsSecret): string[] {
  const passwords = text.includes('@') ? [...text.matchAll(password)].map(([, , found]) => found) : [];
  if (!text.includes('=')) return passwords;
  const pairs = [...text.matchAll(queryPair)].filter(([, , name]) => isSecret(decoded(name)));
  return [...passwords, ...pairs.map(([, , , value]) => value)];
}

/** Undoes percent encoding; a text with a broken sequence stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No reason to fail: what is broken is judged as written.
    return text;
  }
}
