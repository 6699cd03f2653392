import { unescape } from 'node:querystring';

import { hostOf, portOf } from './url.ts';

/** A proxy, as Playwright describes one. */
export interface ProxyOptions {
  /** `http://host:3128`, `https://…`, `socks5://…`, `socks4://…`; without a scheme it is an HTTP proxy. */
  readonly server: string;
  /**
   * Hosts to reach without the proxy, with commas between: `localhost, .example.com, internal.test:8443`. A host stands
   * for its subdomains too.
   */
  readonly bypass?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** A proxy as the dialer needs it. */
export interface Proxy {
  readonly kind: 'http' | 'https' | 'socks4' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const kinds: ReadonlyMap<string, Proxy['kind']> = new Map([
  ['http:', 'http'],
  ['https:', 'https'],
  ['socks4:', 'socks4'],
  ['socks4a:', 'socks4'],
  ['socks:', 'socks5'],
  ['socks5:', 'socks5'],
  ['socks5h:', 'socks5'],
]);

/** The schemes of proxies, as errors name them. */
export const proxyProtocols = 'http:, https:, socks5: or socks4:';

/** IANA's port for SOCKS. */
const socksPort = 1080;

/** The proxy's URL; `undefined` when it is none. */
export function proxyUrl(server: string): URL | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `http://${server}`;
  if (!URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  return kinds.has(url.protocol) && url.hostname !== '' ? url : undefined;
}

/** The proxy for this URL; `undefined` when it is reached directly. */
export function proxyFor(target: URL, options: ProxyOptions | undefined): Proxy | undefined {
  if (options === undefined || isBypassed(target, options.bypass ?? '')) return undefined;
  const url = proxyUrl(options.server);
  const kind = kinds.get(url?.protocol ?? '');
  if (url === undefined || kind === undefined) return undefined;
  return {
    kind,
    host: hostOf(url),
    port: url.port === '' && kind.startsWith('socks') ? socksPort : portOf(url),
    username: options.username ?? unescape(url.username),
    password: options.password ?? unescape(url.password),
  };
}

function isBypassed(target: URL, bypass: string): boolean {
  const rules = bypass.split(',').map((rule) => rule.trim().toLowerCase());
  return rules.some((rule) => rule !== '' && meets(target, rule));
}

function meets(target: URL, rule: string): boolean {
  const [, host = rule, port] = /^(.*?)(?::(\d+))?$/.exec(bracketed(rule)) ?? [];
  if (port !== undefined && Number(port) !== portOf(target)) return false;
  if (host === '*') return true;
  return `.${target.hostname}`.endsWith(host.startsWith('*.') ? host.slice(1) : `.${host.replace(/^\./, '')}`);
}

/** A bare IPv6 address has colons too: with brackets they are told from a port's. */
function bracketed(rule: string): string {
  return /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/.test(rule) ? `[${rule}]` : rule;
}
