import type { Redactor } from '../support/redactor.ts';
import type { ConnectOptions } from './connect-options.ts';
import { cookiesFor, noCookies, type CookieHeader, type CookieSource } from './cookies.ts';
import type { HandshakeRequest } from './handshake.ts';

/** Whose cookies, under which label errors and steps name them. */
export interface NamedCookieSource {
  readonly source: CookieSource;
  readonly label: string;
}

/** What a connection shares with the HTTP requests of its test. */
export interface Identity {
  readonly baseURL: string | undefined;
  readonly userAgent: string | undefined;
  /** Options below those of the call, the lowest first; checked. */
  readonly defaults: readonly ConnectOptions[];
  /** What `cookies: 'request'` stands for at this moment. */
  requestCookies(): NamedCookieSource;
}

/** Whose cookies are sent, and who masks them. */
export interface CookieOwner {
  readonly identity: Identity;
  readonly redactor: Redactor;
}

/** 1 s: far above a loopback round trip, far below a test's teardown. */
export const defaultCloseTimeoutMs = 1000;

interface RequestFacts {
  readonly target: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: CookieLookup;
  readonly userAgent: string | undefined;
}

/** What one opening handshake asks for. */
export function handshakeRequest(
  options: Partial<ConnectOptions>,
  { cookies, headers, target, userAgent }: RequestFacts,
): HandshakeRequest {
  return {
    ...options,
    url: target,
    headers,
    userAgent,
    protocols: options.protocols === undefined ? [] : [options.protocols].flat(),
    cookieSource: cookies.label,
    cookies: (url) => cookies.lookUp(url),
    closeTimeout: options.closeTimeout ?? defaultCloseTimeoutMs,
  };
}

/** Headers that are sent: those without a value were removed. */
export function presentHeaders(headers: ConnectOptions['headers']): Readonly<Record<string, string>> {
  if (headers === undefined) return noHeaders;
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') present[name] = value;
  return present;
}

const noHeaders: Readonly<Record<string, string>> = {};

/** The cookies of an opening handshake that begins now. */
export function lookUpCookies(options: Partial<ConnectOptions>, { identity, redactor }: CookieOwner): CookieLookup {
  const source = cookieSource(options.cookies, identity);
  return new CookieLookup(source, ({ header }) => redactor.learnHeader('cookie', header));
}

function cookieSource(cookies: CookieSource = 'request', identity: Identity): NamedCookieSource {
  if (cookies === 'request') return identity.requestCookies();
  return {
    source: cookies,
    label: typeof cookies === 'string' ? `the storage state ${cookies}` : 'the option `cookies`',
  };
}

/** Cookies for each URL of the handshake; those of the first are also told by the step. */
export class CookieLookup {
  readonly #source: NamedCookieSource;
  readonly #lookedUp: (cookies: CookieHeader) => void;
  #found: Map<string, Promise<CookieHeader>> | undefined;
  #first: CookieHeader | undefined;

  /** @param lookedUp Told of the cookies of each URL. */
  constructor(source: NamedCookieSource, lookedUp: (cookies: CookieHeader) => void) {
    this.#source = source;
    this.#lookedUp = lookedUp;
  }

  get label(): string {
    return this.#source.label;
  }

  /** At once when there are none to look up. */
  lookUp(url: URL): CookieHeader | Promise<CookieHeader> {
    return this.#source.source === false ? noCookies : this.#lookUp(url);
  }

  async #lookUp(url: URL): Promise<CookieHeader> {
    this.#found ??= new Map();
    const found = this.#found.get(url.href) ?? cookiesFor(this.#source.source, url);
    this.#found.set(url.href, found);
    const cookies = await found;
    this.#lookedUp(cookies);
    this.#first ??= cookies;
    return cookies;
  }

  /** `2 cookies of request`; empty when there is no source of cookies. */
  describe(): string {
    const count = this.#first?.count ?? 0;
    return this.#source.source === false ? '' : `${count} ${count === 1 ? 'cookie' : 'cookies'} of ${this.label}`;
  }
}
