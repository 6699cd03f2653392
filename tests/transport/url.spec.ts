import { hostOf, portOf, resolveUrl, toHttpUrl, toWebSocketUrl } from '../../src/transport/url.ts';
import { expect, test } from '../helpers/test.ts';

for (const [url, baseURL, resolved] of [
  ['ws://h/a?b=1', undefined, 'ws://h/a?b=1'],
  ['wss://h:8443', 'http://other', 'wss://h:8443/'],
  ['http://h:80/a', undefined, 'ws://h/a'],
  ['https://h/a', undefined, 'wss://h/a'],
  ['https://h:8443/a', undefined, 'wss://h:8443/a'],
  ['/orders', 'http://h:3000/app/', 'ws://h:3000/orders'],
  ['orders', 'https://h/app/', 'wss://h/app/orders'],
  ['./orders?x=1', 'ws://h/app/', 'ws://h/app/orders?x=1'],
  ['//other/a', 'https://h', 'wss://other/a'],
  ['', 'https://h/app', 'wss://h/app'],
] as const) {
  test(`"${url}" against ${baseURL ?? 'no baseURL'} is ${resolved}`, () => {
    expect(resolveUrl(url, baseURL).href).toBe(resolved);
  });
}

for (const [url, baseURL, message] of [
  [
    '/orders',
    undefined,
    'Invalid URL "/orders": it is relative and there is no baseURL. Set `use: { baseURL }` or pass an absolute URL.',
  ],
  ['ftp://h/', undefined, 'Invalid URL "ftp://h/": the scheme is "ftp:". Use a ws:, wss:, http: or https: URL.'],
  [
    'localhost:8080/ws',
    undefined,
    'Invalid URL "localhost:8080/ws": the scheme is "localhost:". Use a ws:, wss:, http: or https: URL.',
  ],
  [
    'ws://h/#a',
    undefined,
    'Invalid URL "ws://h/#a": it has a fragment. Remove the part from "#" on: it is never sent (RFC 6455 section 3).',
  ],
  [
    'ws://h/?token=abc#',
    undefined,
    'Invalid URL "ws://h/?token=***#": it has a fragment. Remove the part from "#" on: it is never sent (RFC 6455 section 3).',
  ],
  [
    '/a',
    'shop.example',
    'Invalid URL "shop.example": the baseURL is not absolute. Start it with "http://" or "https://".',
  ],
  ['ws://', 'http://h', 'Invalid URL "ws://": it cannot be parsed. Pass an absolute URL or a path.'],
] as const) {
  test(`"${url}" against ${baseURL ?? 'no baseURL'} is refused`, () => {
    expect(() => resolveUrl(url, baseURL)).toThrow(
      expect.objectContaining({ name: 'TypeError', code: 'WS_INVALID_URL', message }),
    );
  });
}

test('params are appended to those of the URL', () => {
  const params = { room: 'a b', page: 2, live: true, none: null, unset: undefined };

  expect(resolveUrl('ws://h/?x=1', undefined, params).search).toBe('?x=1&room=a+b&page=2&live=true');
  expect(resolveUrl('ws://h/', undefined, new URLSearchParams('a=1&a=2')).search).toBe('?a=1&a=2');
  expect(resolveUrl('ws://h/', undefined, '?a=1&b=%20').search).toBe('?a=1&b=+');
});

test('a URL without params stays as it is written', () => {
  expect(resolveUrl('ws://h/?a=b%20c&d', undefined).href).toBe('ws://h/?a=b%20c&d');
});

test('toHttpUrl and toWebSocketUrl change the scheme alone', () => {
  expect(toHttpUrl(new URL('wss://h:8443/a?b')).href).toBe('https://h:8443/a?b');
  expect(toHttpUrl(new URL('ws://h:443/a')).href).toBe('http://h:443/a');
  expect(toWebSocketUrl(new URL('http://h:443/a'))?.href).toBe('ws://h:443/a');
  expect(toWebSocketUrl(new URL('file:///a'))).toBeUndefined();
});

test('hostOf and portOf are what a socket connects to', () => {
  const facts = ['ws://h/', 'wss://h/', 'ws://[::1]:81/', 'wss://127.0.0.1:82/'].map((url) => new URL(url));

  expect(facts.map((url) => [hostOf(url), portOf(url)])).toEqual([
    ['h', 80],
    ['h', 443],
    ['::1', 81],
    ['127.0.0.1', 82],
  ]);
});
