import type { CookieSource } from './cookies.ts';
import type { ProxyOptions } from './proxy.ts';
import type { ClientCertificate } from './tls.ts';

/** Query parameters: an object, a `URLSearchParams` or a query string, as Playwright's `request` takes them. */
export type Params = Readonly<Record<string, string | number | boolean | null | undefined>> | URLSearchParams | string;

/** User name and password for HTTP authentication of the opening handshake. */
export interface HttpCredentials {
  readonly username: string;
  readonly password: string;
  /**
   * Origin that may see them, e.g. `https://example.com`.
   *
   * @default the origin of the URL that is connected to; after a redirect to another origin they are not sent
   */
  readonly origin?: string | undefined;
  /**
   * `'unauthorized'` answers a 401 once; `'always'` sends them with the first request.
   *
   * @default 'unauthorized'
   */
  readonly send?: 'unauthorized' | 'always' | undefined;
}

/** Settings of the permessage-deflate extension, RFC 7692; those of the `ws` package. */
export interface PerMessageDeflateOptions {
  readonly serverNoContextTakeover?: boolean | undefined;
  readonly clientNoContextTakeover?: boolean | undefined;
  readonly serverMaxWindowBits?: number | undefined;
  readonly clientMaxWindowBits?: number | undefined;
  /** Bytes from which on a sent message is compressed. */
  readonly threshold?: number | undefined;
  readonly concurrencyLimit?: number | undefined;
  readonly zlibDeflateOptions?: object | undefined;
  readonly zlibInflateOptions?: object | undefined;
}

/** Options of the opening handshake and of the bytes below the connection. `undefined` means not set. */
export interface TransportOptions {
  /**
   * Query parameters, added to those that the URL has. In an object or a layer of defaults `null` removes a name.
   *
   * @default none
   */
  readonly params?: Params | undefined;
  /**
   * Request headers. `null` removes one that the defaults set. A `cookie` header takes the place of the cookies; the
   * headers of the WebSocket protocol itself cannot be set.
   *
   * @default Playwright's `extraHTTPHeaders`
   */
  readonly headers?: Readonly<Record<string, string | null | undefined>> | undefined;
  /**
   * `Origin` header, as a browser would send for a page of that origin.
   *
   * @default no `Origin` header
   */
  readonly origin?: string | undefined;
  /**
   * Subprotocols to offer, in order of preference. The server must choose one of them.
   *
   * @default none
   */
  readonly protocols?: string | readonly string[] | undefined;
  /**
   * Whose cookies are sent; looked up with the http(s) form of the URL, so that Secure cookies reach `wss`. `'request'`
   * is the `request` fixture's jar if the test uses it, else `use.storageState`. Or a `BrowserContext`, an
   * `APIRequestContext`, a storage state or the path of one. `false` sends none.
   *
   * @default 'request'
   */
  readonly cookies?: CookieSource | undefined;
  /** Answers a 401 with Basic authentication, once. Of a list the first whose `origin` fits is used. */
  readonly httpCredentials?: HttpCredentials | readonly HttpCredentials[] | undefined;
  /**
   * Accepts certificates that are self-signed, expired or issued for another host.
   *
   * @default false
   */
  readonly ignoreHTTPSErrors?: boolean | undefined;
  /** TLS client certificates; the first whose `origin` is that of the URL is shown to the server. */
  readonly clientCertificates?: readonly ClientCertificate[] | undefined;
  /** Proxy through which to connect: HTTP and HTTPS (CONNECT, for `ws:` too), SOCKS 4 and 5. */
  readonly proxy?: ProxyOptions | undefined;
  /**
   * Redirects to follow. `0` makes a redirect a refusal. On another origin credentials and client certificates are
   * dropped, and cookies are looked up afresh.
   *
   * @default 0
   */
  readonly maxRedirects?: number | undefined;
  /**
   * Longest time for the whole opening handshake, in milliseconds: DNS, TCP, TLS, proxy, redirects, upgrade. One
   * deadline, whatever trickles in. `0` sets no limit of its own.
   *
   * @default 10_000
   */
  readonly timeout?: number | undefined;
  /**
   * Offers compression of messages. One compressed message costs the connection 240 KB of memory for as long as it lives.
   *
   * @default false
   */
  readonly perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  /**
   * Largest message that is accepted, in bytes, after decompression. A larger one ends the connection with 1009. `0` sets
   * no limit.
   *
   * @default 104_857_600 (100 MiB)
   */
  readonly maxPayload?: number | undefined;
  /**
   * Most fragments of one message. More end the connection with 1008. `0` sets no limit.
   *
   * @default 16_384
   */
  readonly maxFragments?: number | undefined;
}

/**
 * Puts layers of options over each other, the last on top: key by key, `headers` (whatever their case) and `params` by
 * name. `null` removes a header or parameter that a lower layer set; `undefined` is not set. Hand over all layers at once:
 * a `null` is gone from the result.
 */
export function mergeOptions<Options extends object>(...layers: readonly (Options | undefined)[]): Partial<Options> {
  const merged: Partial<Options> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) Object.assign(merged, { [name]: mergeOption(name, Reflect.get(merged, name), value) });
    }
  }
  return merged;
}

function mergeOption(name: string, below: unknown, above: unknown): unknown {
  if (name === 'headers' && isRecord(above)) return mergeHeaders(isRecord(below) ? below : {}, above);
  if (name === 'params') return mergeParams(below, above);
  return above;
}

function mergeHeaders(below: Readonly<Record<string, unknown>>, above: Readonly<Record<string, unknown>>): object {
  const headers = new Map<string, [name: string, value: unknown]>();
  for (const [name, value] of [...Object.entries(below), ...Object.entries(above)]) {
    if (value === null) headers.delete(name.toLowerCase());
    else if (value !== undefined) headers.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(headers.values());
}

/** A name keeps all values of the highest layer that has it. What is no parameters stays for the check to refuse. */
function mergeParams(below: unknown, above: unknown): unknown {
  const upper = paramEntries(above);
  if (upper === undefined) return above;
  const names = new Set(upper.map(([name]) => name));
  const kept = (paramEntries(below) ?? []).filter(([name]) => !names.has(name));
  const merged = new URLSearchParams();
  for (const [name, value] of [...kept, ...upper]) {
    if (value !== null) merged.append(name, value);
  }
  return merged;
}

/** Names and values of whatever `params` accepts; `undefined` for anything else. `null` is a name that is to be removed. */
export function paramEntries(params: unknown): [name: string, value: string | null][] | undefined {
  if (typeof params === 'string') return [...new URLSearchParams(params)];
  if (params instanceof URLSearchParams) return [...params];
  if (!isRecord(params)) return undefined;
  return Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, paramText(value)]]));
}

/** Anything but text, a number or a boolean was refused by the check. */
function paramText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
