import { isSecretName, mask } from '../support/redact.ts';

/** Masks the secrets in one string. Everything that a transcript's writer writes goes through one such function. */
export type MaskText = (text: string) => string;

/** `?token=…`, `&token=…`. Bounded and without nesting, so that a hostile payload costs linear time. */
const queryPair = /([?&])([^=&?#\s"'<>\\]{1,128})=([^&?#\s"'<>\\]*[^&?#\s"'<>\\),.;\]])/g;
/** `://user:password@`. */
const password = /(:\/\/[^/?#@:\s"'<>\\]{0,128}):[^/?#@\s"'<>\\]+@/g;

/** Masks passwords and secret query values of the URLs in a text, absolute and relative ones. The rest stays as it is. */
export function maskUrls(text: string): string {
  const withoutPasswords = text.includes('@') ? text.replaceAll(password, `$1:${mask}@`) : text;
  if (!withoutPasswords.includes('?') && !withoutPasswords.includes('&')) return withoutPasswords;
  return withoutPasswords.replaceAll(queryPair, (pair, before: string, name: string) =>
    isSecretName(decoded(name)) ? `${before}${name}=${mask}` : pair,
  );
}

/** Masks the headers whose names say that they hold a secret. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecretName(name) ? mask : value]));
}

/** Masks every string in a value of plain objects and arrays. */
export function maskStrings(value: unknown, maskText: MaskText): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((item) => maskStrings(item, maskText));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskStrings(item, maskText)]));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken percent sequence: the name is judged as written.
    return name;
  }
}
