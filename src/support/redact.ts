/** What stands in place of a secret. */
export const mask = '***';

/** Names whose values are secrets, in query strings and in options. Whole words, so that `monkey` and `author` are not. */
const secretName =
  /(?:^|[-_.])(?:(?:api|access|private|secret)[-_]?key|key|[a-z]*token|[a-z]*secret|passw(?:or)?d|pass|pwd|passphrase|auth(?:orization)?|jwt|sig(?:nature)?|session(?:[-_]?id)?|sid|credentials?|ticket|otp)(?:$|[-_.])/;

/** Whether a parameter, header or option of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return secretName.test(words) || words === 'cookie' || words === 'set-cookie';
}

/** A URL as messages show it: no password, and no query value whose name looks like a secret. The rest stays as it is. */
export function maskUrl(url: string | URL): string {
  return String(url)
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):[^/?#@]*@/i, `$1:${mask}@`)
    .replace(/([?&])([^=&#]+)=([^&#]+)/g, (pair, before: string, name: string) =>
      isSecretName(decoded(name)) ? `${before}${name}=${mask}` : pair,
    );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken percent sequence is no reason to fail: the name is judged as written.
    return name;
  }
}
