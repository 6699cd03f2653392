import { decoded, isSecretName } from './redact.ts';

/** The secrets in the value of a header: all of it, what stands behind `Bearer`, and in `Basic` the password. */
export function secretsOfHeader(name: string, value: string): string[] {
  const lower = name.toLowerCase();
  if (lower === 'cookie') return value.split(';').flatMap((pair) => secretsOfCookie(pair));
  if (lower === 'set-cookie') return value.split('\n').flatMap((line) => secretsOfCookie(line.split(';', 1)[0] ?? ''));
  const [, scheme, rest] = /^\s*([A-Za-z][\w-]{0,30})\s+(\S+)\s*$/.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) return [value.trim()];
  const login = scheme.toLowerCase() === 'basic' ? secretsOfBasic(rest) : [];
  return [value.trim(), rest, ...login];
}

/** User name and password as `Basic` sends them, and the password. */
export function secretsOfLogin(username: string, password: string): string[] {
  return [`${username}:${password}`, password];
}

/** Subprotocols that carry tokens: `bearer.abc`, `access_token` with the token as the next one, a JWT. */
export function secretsOfSubprotocols(names: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const [, , rest] = tokenInName.exec(name) ?? [];
    const before = index === 0 ? '' : names[index - 1];
    if (rest === undefined) return isTokenName(before) || jsonWebToken.test(name) ? [name] : [];
    return [rest, Buffer.from(rest, 'base64url').toString()].filter((secret) => !secret.includes('\uFFFD'));
  });
}

/** A JSON web token, whatever it is called. */
export const jsonWebToken: RegExp = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/;

const tokenInName =
  /^((?:[\w-]+\.)*?[\w-]*(?:bearer|token|auth|authorization|jwt|secret|key)(?:\.[\w-]+\.io)?(?:\.k8s\.io)?)[._:|~-](.{6,})$/i;

function isTokenName(name: string): boolean {
  return isSecretName(name) || /^(?:bearer|authentication)$/i.test(name);
}

function secretsOfCookie(pair: string): string[] {
  const value = pair.slice(pair.indexOf('=') + 1).trim();
  const bare = value.replace(/^"(.*)"$/, '$1');
  return pair.includes('=') ? [bare, decoded(bare)] : [];
}

function secretsOfBasic(base64: string): string[] {
  const login = Buffer.from(base64, 'base64').toString();
  const colon = login.indexOf(':');
  return colon === -1 ? [] : secretsOfLogin(login.slice(0, colon), login.slice(colon + 1));
}
