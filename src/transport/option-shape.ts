import { validateHeaderName, validateHeaderValue } from 'node:http';

import { isSubprotocol } from '../protocol/subprotocol.ts';
import {
  defineOptions,
  milliseconds,
  type OptionsDefinition,
  type OptionShape,
  wholeNumber,
  type Zod,
} from '../support/options.ts';
import type { TransportOptions } from './options.ts';
import { proxyProtocols, proxyUrl } from './proxy.ts';

/** Headers that the opening handshake makes itself, RFC 6455 section 4.1. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'sec-websocket-accept',
]);

/** Options of which only the type may be printed. */
export const secretTransportOptions: readonly string[] = [
  'params',
  'headers',
  'cookies',
  'httpCredentials',
  'clientCertificates',
  'proxy',
];

/** The schemas, for definitions that have these options among others. */
export function transportShape(z: Zod): OptionShape<TransportOptions> {
  return {
    params: z.custom(isParams, 'an object of strings, numbers, booleans or null, a URLSearchParams or a query string'),
    headers: headersSchema(z),
    origin: z.custom(isHeaderValue, 'an origin such as "https://example.com"'),
    protocols: z.custom(
      isProtocols,
      "a subprotocol name or a list of different ones, made of letters, digits and !#$%&'*+-.^_`|~",
    ),
    cookies: z.custom(
      isCookieSource,
      '"request", false, a BrowserContext, an APIRequestContext, a storage state or the path of one',
    ),
    httpCredentials: credentialsSchema(z),
    ignoreHTTPSErrors: z.boolean('true or false'),
    clientCertificates: certificatesSchema(z),
    proxy: proxySchema(z),
    maxRedirects: wholeNumber(z),
    timeout: milliseconds(z),
    perMessageDeflate: deflateSchema(z),
    maxPayload: wholeNumber(z, 'a whole number of bytes of at least 0'),
    maxFragments: wholeNumber(z),
  };
}

export const transportOptions: OptionsDefinition<TransportOptions> = defineOptions(
  transportShape,
  secretTransportOptions,
);

function headersSchema(z: Zod) {
  const value = z.custom(
    (found) => found === null || found === undefined || isHeaderValue(found),
    'a string without line breaks or control characters, or null to remove the header',
  );
  return z.record(z.string(), value, 'an object of header names and values').superRefine((headers, context) => {
    for (const name of Object.keys(headers)) {
      const message = faultOfHeaderName(name);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  });
}

/** One or a list. No union, whose issues would not say what is wrong inside. */
function credentialsSchema(z: Zod) {
  const one = z.strictObject(
    {
      username: z.string('a string'),
      password: z.string('a string'),
      origin: z.custom(isUrl, 'an origin such as "https://example.com"').optional(),
      send: z.enum(['unauthorized', 'always'], '"unauthorized" or "always"').optional(),
    },
    'an object { username, password, origin?, send? }',
  );
  const list = z.array(one);
  return z.unknown().superRefine((value, context) => {
    const issues = (Array.isArray(value) ? list : one).safeParse(value).error?.issues ?? [];
    for (const issue of issues) context.addIssue({ ...issue });
  });
}

function certificatesSchema(z: Zod) {
  const bytes = z.instanceof(Uint8Array, { error: 'a Buffer' }).optional();
  const path = z.string('a path').min(1, 'a path').optional();
  const certificate = z
    .strictObject(
      {
        origin: z.custom(isUrl, 'an origin such as "https://example.com"'),
        certPath: path,
        cert: bytes,
        keyPath: path,
        key: bytes,
        pfxPath: path,
        pfx: bytes,
        passphrase: z.string('a string').optional(),
      },
      'an object { origin, certPath, keyPath }, { origin, pfxPath } or the same with Buffers',
    )
    .refine(isCompleteCertificate, 'certPath and keyPath, cert and key, pfxPath, or pfx');
  return z.array(certificate, 'a list of certificates');
}

function proxySchema(z: Zod) {
  return z.strictObject(
    {
      server: z.custom(
        (value) => typeof value === 'string' && proxyUrl(value) !== undefined,
        `a URL of ${proxyProtocols}`,
      ),
      bypass: z.string('a string of hosts with commas between').optional(),
      username: z.string('a string').optional(),
      password: z.string('a string').optional(),
    },
    'an object { server, bypass?, username?, password? }',
  );
}

function deflateSchema(z: Zod) {
  const bits = z
    .int('a whole number from 8 to 15')
    .min(8, 'a whole number from 8 to 15')
    .max(15, 'a whole number from 8 to 15');
  const flag = z.boolean('true or false');
  const settings = z.strictObject({
    serverNoContextTakeover: flag.optional(),
    clientNoContextTakeover: flag.optional(),
    serverMaxWindowBits: bits.optional(),
    clientMaxWindowBits: bits.optional(),
    threshold: wholeNumber(z, 'a whole number of bytes of at least 0').optional(),
    concurrencyLimit: wholeNumber(z).optional(),
    zlibDeflateOptions: z.looseObject({}).optional(),
    zlibInflateOptions: z.looseObject({}).optional(),
  });
  return z.union([flag, settings], 'true, false or settings of permessage-deflate');
}

function isCompleteCertificate(given: object): boolean {
  const has = (name: string): boolean => Reflect.get(given, name) !== undefined;
  return has('pfx') || has('pfxPath') || ((has('cert') || has('certPath')) && (has('key') || has('keyPath')));
}

function isParams(value: unknown): boolean {
  if (typeof value === 'string' || value instanceof URLSearchParams) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const simple = ['string', 'number', 'boolean', 'undefined'];
  return Object.values(value).every((parameter) => parameter === null || simple.includes(typeof parameter));
}

function isProtocols(value: unknown): boolean {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  return names.every(isProtocol) && new Set(names).size === names.length;
}

function isProtocol(name: unknown): boolean {
  return typeof name === 'string' && isSubprotocol(name);
}

function isCookieSource(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return value === false || (typeof value === 'string' && value !== '');
  const cookies: unknown = Reflect.get(value, 'cookies');
  return (
    Array.isArray(cookies) || typeof cookies === 'function' || typeof Reflect.get(value, 'storageState') === 'function'
  );
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value);
}

function isHeaderValue(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    validateHeaderValue('value', value);
    return true;
  } catch {
    return false;
  }
}

function faultOfHeaderName(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower === 'sec-websocket-protocol') return 'no such header (subprotocols are offered with { protocols })';
  if (lower === 'sec-websocket-extensions') return 'no such header (compression is offered with { perMessageDeflate })';
  if (ownHeaders.has(lower)) return 'no such header (the opening handshake sets it)';
  try {
    validateHeaderName(name);
    return undefined;
  } catch {
    return 'a header name of letters, digits and hyphens';
  }
}
