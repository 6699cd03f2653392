import type { Answer } from './answer.ts';
import type { HttpCredentials, TransportOptions } from './options.ts';
import { toHttpUrl, toWebSocketUrl } from './url.ts';

/** The option, as it was checked. */
type Credentials = TransportOptions['httpCredentials'];

/** One request of an opening handshake: the first, its answer to a 401, or where a redirect led. */
export interface Hop {
  readonly url: URL;
  /** The user's headers that may be sent here. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a redirect has led away from the first origin. */
  readonly isForeign: boolean;
  /** Whether the credentials are sent, since a 401 asked for them. */
  readonly isAuthenticated: boolean;
  /** The redirects that led here, in order. */
  readonly redirects: readonly Redirect[];
}

export interface Redirect {
  readonly status: number;
  readonly to: URL;
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Of a first request. */
export const noRedirects: readonly Redirect[] = [];

/** Headers that are for the origin the user named, and for no other. */
const ownOriginHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'host']);

/** Whether the status is that of a redirect. */
export function isRedirect({ status }: Answer): boolean {
  return redirectStatuses.has(status);
}

/** Whether the answer is a redirect, and where to: `undefined` when it is none, or leads to no WebSocket URL. */
export function redirectOf(url: URL, { status, headers }: Answer): Redirect | undefined {
  const { location } = headers;
  if (!redirectStatuses.has(status) || location === undefined) return undefined;
  const base = toHttpUrl(url).href;
  const to = URL.canParse(location, base) ? toWebSocketUrl(new URL(location, base)) : undefined;
  if (to === undefined) return undefined;
  to.hash = '';
  return { status, to };
}

/** The request that follows a redirect. Another origin gets no credentials. */
export function redirected(hop: Hop, redirect: Redirect): Hop {
  const redirects = [...hop.redirects, redirect];
  if (redirect.to.origin === hop.url.origin) return { ...hop, url: redirect.to, redirects };
  const headers = Object.entries(hop.headers).filter(([name]) => !ownOriginHeaders.has(name.toLowerCase()));
  return { url: redirect.to, headers: Object.fromEntries(headers), isForeign: true, isAuthenticated: false, redirects };
}

/** The same request with the credentials, when there are some for it and the answer asks for them. */
export function authenticated(hop: Hop, answer: Answer, credentials: Credentials): Hop | undefined {
  if (answer.status !== 401 || basicHeader(hop, credentials) !== undefined || hasHeader(hop.headers, 'authorization')) {
    return undefined;
  }
  const challenge = answer.headers['www-authenticate'];
  const asksForBasic = challenge === undefined || /\bbasic\b/i.test(challenge);
  return asksForBasic && credentialsFor(hop, credentials) !== undefined ? { ...hop, isAuthenticated: true } : undefined;
}

/** Value of the `Authorization` header when the credentials are to be sent with this request. */
export function basicHeader(hop: Hop, credentials: Credentials): string | undefined {
  const own = credentialsFor(hop, credentials);
  if (own === undefined || (!hop.isAuthenticated && own.send !== 'always')) return undefined;
  return `Basic ${Buffer.from(`${own.username}:${own.password}`).toString('base64')}`;
}

export function hasHeader(headers: Readonly<Record<string, string>>, name: string): boolean {
  for (const candidate in headers) if (candidate.toLowerCase() === name) return true;
  return false;
}

/** The first that may be sent with this request, as Playwright chooses them. */
function credentialsFor(hop: Hop, credentials: Credentials): HttpCredentials | undefined {
  if (credentials === undefined) return undefined;
  const all: readonly HttpCredentials[] = [credentials].flat();
  return all.find(({ origin }) =>
    origin === undefined || origin === '' ? !hop.isForeign : isOriginOf(origin, hop.url),
  );
}

function isOriginOf(origin: string, url: URL): boolean {
  return URL.canParse(origin) && toHttpUrl(new URL(origin)).origin === toHttpUrl(url).origin;
}
