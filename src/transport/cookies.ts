import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as toughCookie from 'tough-cookie';

import { errorMessage, misuse } from '../support/errors.ts';
import { toHttpUrl } from './url.ts';

const require = createRequire(import.meta.url);

/** A cookie of a storage state. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  /** With a leading dot it is for subdomains too. */
  readonly domain: string;
  readonly path: string;
  /** Seconds since the epoch; `-1` for a cookie of the session. */
  readonly expires?: number;
  readonly secure?: boolean;
}

/** What `storageState()` returns and writes. */
export interface StorageStateLike {
  readonly cookies: readonly StoredCookie[];
  /** Local storage of a browser's pages; not used. */
  readonly origins?: readonly unknown[] | undefined;
}

/** Has a cookie jar: a `BrowserContext`, an `APIRequestContext` since Playwright 1.64. */
export interface CookieReader {
  cookies(url: string): Promise<readonly { readonly name: string; readonly value: string }[]>;
}

/** Has a cookie jar that is read as a whole: an `APIRequestContext` before Playwright 1.64. */
export interface StorageStateReader {
  storageState(): Promise<StorageStateLike>;
}

/** Whose cookies the opening handshake sends. A string other than `'request'` is the path of a storage state. */
export type CookieSource = 'request' | false | (string & {}) | StorageStateLike | CookieReader | StorageStateReader;

/** Cookies as the handshake sends them. */
export interface CookieHeader {
  /** Value of the `Cookie` header; `''` when there are none. */
  readonly header: string;
  readonly count: number;
}

export const noCookies: CookieHeader = { header: '', count: 0 };

/**
 * The cookies for this URL. The http(s) form of it is looked up, so that Secure cookies reach `wss`.
 *
 * @throws {TypeError} `WS_INVALID_OPTION` when the file of a storage state cannot be read.
 */
export async function cookiesFor(source: CookieSource, url: URL): Promise<CookieHeader> {
  const cookies = await lookUp(source, toHttpUrl(url));
  return { header: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), count: cookies.length };
}

async function lookUp(source: CookieSource, url: URL): Promise<readonly { name: string; value: string }[]> {
  if (source === false) return [];
  if (typeof source === 'string') return matching(await readState(source), url);
  if (isCookieReader(source)) return source.cookies(url.href);
  return matching(isStateReader(source) ? await source.storageState() : source, url);
}

function isCookieReader(source: object): source is CookieReader {
  return 'cookies' in source && typeof source.cookies === 'function';
}

function isStateReader(source: object): source is StorageStateReader {
  return 'storageState' in source && typeof source.storageState === 'function';
}

async function readState(path: string): Promise<StorageStateLike> {
  try {
    const state: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isState(state)) return state;
  } catch (error) {
    throw misuse(
      'WS_INVALID_OPTION',
      `Cannot read the storage state "${path}" of option "cookies": ${errorMessage(error)}`,
    );
  }
  throw misuse(
    'WS_INVALID_OPTION',
    `Cannot read the storage state "${path}" of option "cookies": it has no list of cookies`,
  );
}

function isState(state: unknown): state is StorageStateLike {
  return typeof state === 'object' && state !== null && 'cookies' in state && Array.isArray(state.cookies);
}

/** Cookies of longer paths come first, RFC 6265 section 5.4. */
function matching({ cookies }: StorageStateLike, url: URL): StoredCookie[] {
  if (cookies.length === 0) return [];
  const { domainMatch, pathMatch }: typeof toughCookie = require('tough-cookie');
  const isSecure = url.protocol === 'https:' || isLoopback(url.hostname);
  const sent = cookies.filter(({ domain, path, secure, expires = -1 }) => {
    const isForHost = domain.startsWith('.') ? domainMatch(url.hostname, domain.slice(1)) : url.hostname === domain;
    const isAlive = expires === -1 || expires * 1000 > Date.now();
    return isForHost && isAlive && pathMatch(url.pathname, path) && (isSecure || secure !== true);
  });
  return sent.toSorted((a, b) => b.path.length - a.path.length);
}

/** Secure cookies go to this machine without TLS too, as browsers and Playwright do it. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  );
}
