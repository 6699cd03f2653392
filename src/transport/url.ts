import { misuse } from '../support/errors.ts';
import { maskUrl } from '../support/redact.ts';
import { paramEntries, type Params } from './options.ts';

const webSocketProtocols: ReadonlyMap<string, string> = new Map([
  ['http:', 'ws:'],
  ['https:', 'wss:'],
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
]);

/**
 * The URL to connect to: relative ones against `baseURL`, `http` as `ws`, `https` as `wss`, parameters appended.
 *
 * @throws {TypeError} `WS_INVALID_URL` for what is no URL, has another scheme or a fragment.
 */
export function resolveUrl(url: string, baseURL: string | undefined, params?: Params): URL {
  const parsed = parse(url, baseURL);
  const resolved = toWebSocketUrl(parsed);
  if (resolved === undefined) {
    throw invalid(parsed.href, `the scheme is "${parsed.protocol}"`, 'Use a ws:, wss:, http: or https: URL.');
  }
  if (resolved.href.includes('#')) {
    throw invalid(
      resolved.href,
      'it has a fragment',
      'Remove the part from "#" on: it is never sent (RFC 6455 section 3).',
    );
  }
  for (const [name, value] of paramEntries(params) ?? []) {
    if (value !== null) resolved.searchParams.append(name, value);
  }
  return resolved;
}

/** The `ws:` or `wss:` form of a URL, the same object when it is one; `undefined` when its scheme has none. */
export function toWebSocketUrl(url: URL): URL | undefined {
  const protocol = webSocketProtocols.get(url.protocol);
  if (protocol === undefined || protocol === url.protocol) return protocol === undefined ? undefined : url;
  return withProtocol(url, protocol);
}

/** The `http:` or `https:` form of a `ws:` or `wss:` URL: what cookies, certificates and credentials are kept under. */
export function toHttpUrl(url: URL): URL {
  return withProtocol(url, url.protocol.replace(/^ws/, 'http'));
}

/** Host of a URL as sockets want it: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Port of a URL, the scheme's own when none is written. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'wss:' || url.protocol === 'https:' ? 443 : 80;
}

function parse(url: unknown, baseURL: string | undefined): URL {
  if (typeof url !== 'string') throw misuse('WS_INVALID_URL', `Invalid URL: expected a string, found ${typeof url}`);
  if (baseURL === undefined) return parseAbsolute(url);
  if (URL.canParse(url)) return new URL(url);
  if (!URL.canParse(baseURL))
    throw invalid(baseURL, 'the baseURL is not absolute', 'Start it with "http://" or "https://".');
  if (!URL.canParse(url, baseURL)) throw invalid(url, 'it cannot be parsed', 'Pass an absolute URL or a path.');
  return new URL(url, baseURL);
}

function parseAbsolute(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw invalid(url, 'it is relative and there is no baseURL', 'Set `use: { baseURL }` or pass an absolute URL.');
  }
}

/** Only the scheme differs. The `protocol` setter takes every step between special schemes, and keeps the port. */
function withProtocol(url: URL, protocol: string): URL {
  const copy = new URL(url);
  copy.protocol = protocol;
  return copy;
}

function invalid(url: string, fault: string, remedy: string): TypeError {
  return misuse('WS_INVALID_URL', `Invalid URL "${maskUrl(url)}": ${fault}. ${remedy}`);
}
