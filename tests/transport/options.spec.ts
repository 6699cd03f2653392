import { inspect } from 'node:util';
import { transportOptions } from '../../src/transport/option-shape.ts';
import { mergeOptions, type TransportOptions } from '../../src/transport/options.ts';
import { checkOptions } from '../../src/support/options.ts';
import { expect, test } from '../helpers/test.ts';

const pem = Buffer.from('pem');
const origin = 'https://shop.example';

for (const options of [
  { params: { a: 1, b: true, c: 'x', d: null, e: undefined } },
  { params: 'a=1' },
  { params: new URLSearchParams('a=1') },
  { headers: { a: 'b', c: null, d: undefined, e: '' } },
  { origin },
  { protocols: 'chat' },
  { protocols: ['chat', 'v1.log'] },
  { protocols: [] },
  { cookies: 'request' },
  { cookies: false },
  { cookies: 'state.json' },
  { cookies: { cookies: [] } },
  { cookies: { cookies: async () => [] } },
  { cookies: { storageState: async () => ({ cookies: [] }) } },
  { httpCredentials: { username: 'a', password: '', origin, send: 'always' } },
  { httpCredentials: [{ username: 'a', password: 'b' }] },
  { ignoreHTTPSErrors: true },
  {
    clientCertificates: [
      { origin, cert: pem, key: pem, passphrase: 'x' },
      { origin, pfxPath: 'a.pfx' },
    ],
  },
  { proxy: { server: 'localhost:3128', bypass: 'a,b', username: 'a', password: 'b' } },
  { maxRedirects: 0, timeout: 0, maxPayload: 0, maxFragments: 1 },
  { perMessageDeflate: true },
  { perMessageDeflate: { threshold: 10, serverMaxWindowBits: 9, zlibDeflateOptions: { level: 1 } } },
] satisfies TransportOptions[]) {
  test(`${show(options)} is allowed`, () => {
    expect(checkOptions('connect', transportOptions, options)).toBe(options);
  });
}

const params = 'an object of strings, numbers, booleans or null, a URLSearchParams or a query string';
const headerValue = 'a string without line breaks or control characters, or null to remove the header';
const subprotocol = "a subprotocol name or a list of different ones, made of letters, digits and !#$%&'*+-.^_`|~";
const cookieSource = '"request", false, a BrowserContext, an APIRequestContext, a storage state or the path of one';

for (const [options, option, fault] of [
  [{ params: 5 }, 'params', `expected ${params}, found a number`],
  [{ params: { a: [] } }, 'params', `expected ${params}, found an object`],
  [{ headers: ['a'] }, 'headers', 'expected an object of header names and values, found an array'],
  [{ headers: { a: 5 } }, 'headers.a', `expected ${headerValue}, found a number`],
  [{ headers: { a: 'x\r\ny' } }, 'headers.a', `expected ${headerValue}, found a string`],
  [{ headers: { 'a b': 'x' } }, 'headers.a b', 'expected a header name of letters, digits and hyphens, found a string'],
  [
    { headers: { 'Sec-WebSocket-Protocol': 'chat' } },
    'headers.Sec-WebSocket-Protocol',
    'expected no such header (subprotocols are offered with { protocols }), found a string',
  ],
  [
    { headers: { 'sec-websocket-extensions': 'x' } },
    'headers.sec-websocket-extensions',
    'expected no such header (compression is offered with { perMessageDeflate }), found a string',
  ],
  [
    { headers: { upgrade: 'x' } },
    'headers.upgrade',
    'expected no such header (the opening handshake sets it), found a string',
  ],
  [{ origin: 5 }, 'origin', 'expected an origin such as "https://example.com", found 5'],
  [{ protocols: 'a b' }, 'protocols', `expected ${subprotocol}, found "a b"`],
  [{ protocols: ['a', 'a'] }, 'protocols', `expected ${subprotocol}, found an array`],
  [{ cookies: '' }, 'cookies', `expected ${cookieSource}, found a string`],
  [{ cookies: true }, 'cookies', `expected ${cookieSource}, found a boolean`],
  [{ cookies: {} }, 'cookies', `expected ${cookieSource}, found an object`],
  [
    { httpCredentials: 'a' },
    'httpCredentials',
    'expected an object { username, password, origin?, send? }, found a string',
  ],
  [{ httpCredentials: { username: 'a' } }, 'httpCredentials.password', 'expected a string, found undefined'],
  [
    { httpCredentials: [{ username: 'a', password: 5 }] },
    'httpCredentials.0.password',
    'expected a string, found a number',
  ],
  [
    { httpCredentials: { username: 'a', password: 'b', send: 'never' } },
    'httpCredentials.send',
    'expected "unauthorized" or "always", found a string',
  ],
  [{ ignoreHTTPSErrors: 1 }, 'ignoreHTTPSErrors', 'expected true or false, found 1'],
  [{ clientCertificates: {} }, 'clientCertificates', 'expected a list of certificates, found an object'],
  [
    { clientCertificates: [{ origin }] },
    'clientCertificates.0',
    'expected certPath and keyPath, cert and key, pfxPath, or pfx, found an object',
  ],
  [{ clientCertificates: [{ origin, pfx: 'x' }] }, 'clientCertificates.0.pfx', 'expected a Buffer, found a string'],
  [
    { proxy: { server: 'ftp://a' } },
    'proxy.server',
    'expected a URL of http:, https:, socks5: or socks4:, found a string',
  ],
  [{ maxRedirects: 1.5 }, 'maxRedirects', 'expected a whole number of at least 0, found 1.5'],
  [{ timeout: '5s' }, 'timeout', 'expected a number of milliseconds of at least 0, found "5s"'],
  [
    { perMessageDeflate: 'yes' },
    'perMessageDeflate',
    'expected true, false or settings of permessage-deflate, found "yes"',
  ],
  [
    { perMessageDeflate: { serverMaxWindowBits: 99 } },
    'perMessageDeflate.serverMaxWindowBits',
    'expected a whole number from 8 to 15, found 99',
  ],
  [{ maxPayload: -1 }, 'maxPayload', 'expected a whole number of bytes of at least 0, found -1'],
  [{ maxFragments: '1' }, 'maxFragments', 'expected a whole number of at least 0, found "1"'],
] as const) {
  test(`${show(options)} is refused`, () => {
    expect(() => Reflect.apply(checkOptions, undefined, ['connect', transportOptions, options])).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'WS_INVALID_OPTION',
        message: `Invalid option "${option}" of connect: ${fault}`,
      }),
    );
  });
}

test('an unknown name inside of an option is told', () => {
  const options = { httpCredentials: { username: 'a', password: 'b', user: 'c' } };

  expect(() => checkOptions('connect', transportOptions, options)).toThrow(
    expect.objectContaining({ message: 'Unknown option "httpCredentials.user" of connect' }),
  );
});

test('mergeOptions lets later layers win key by key', () => {
  expect(mergeOptions<TransportOptions>({ timeout: 1, origin }, undefined, { timeout: 2, origin: undefined })).toEqual({
    timeout: 2,
    origin,
  });
});

test('mergeOptions merges headers by name, whatever the case', () => {
  const merged = mergeOptions<TransportOptions>(
    { headers: { Authorization: 'a', 'X-A': '1', 'X-B': '2' } },
    { headers: { AUTHORIZATION: 'b', 'x-a': null, 'X-B': undefined, 'x-c': '3' } },
  );

  expect(merged.headers).toEqual({ AUTHORIZATION: 'b', 'X-B': '2', 'x-c': '3' });
});

test('mergeOptions merges params by name, of every kind', () => {
  const merged = mergeOptions<TransportOptions>(
    { params: { a: 1, b: 2, c: 3 } },
    { params: 'b=4&b=5' },
    { params: new URLSearchParams('d=6') },
    { params: { c: null, e: undefined } },
  );

  expect(merged.params).toEqual(new URLSearchParams('a=1&b=4&b=5&d=6'));
});

test('mergeOptions replaces every other object, and keeps its identity', () => {
  const proxy = { server: 'b' };

  expect(mergeOptions<TransportOptions>({ proxy: { server: 'a', username: 'x' } }, { proxy }).proxy).toBe(proxy);
});

test('mergeOptions leaves its layers as they are', () => {
  const layer = Object.freeze({ headers: Object.freeze({ a: '1' }), params: Object.freeze({ b: 2 }) });
  mergeOptions<TransportOptions>(layer, { headers: { a: null }, params: { b: null } });

  expect(layer).toEqual({ headers: { a: '1' }, params: { b: 2 } });
});

function show(options: object): string {
  return inspect(options, { breakLength: Infinity });
}
