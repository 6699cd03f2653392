import { expect, test } from '@playwright/test';
import { createHandshake, readHeaders, type Handshake } from '../../src/protocol/handshake.ts';

function handshakeOf(headers: string): Handshake {
  return createHandshake({
    accepted: false,
    url: 'ws://127.0.0.1/',
    status: 403,
    statusText: 'Forbidden',
    headers,
    requestHeaders: 'GET /a:b HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: a=1\r\n\r\n',
    body: Buffer.from('{"error":"no"}'),
    protocol: '',
    extensions: '',
    duration: 3,
  });
}

test('header lines are read with names in lower case, repeated ones joined', () => {
  expect(readHeaders('X-A: 1\r\nx-a:2 \r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Time: 10:30')).toEqual({
    'x-a': '1, 2',
    'set-cookie': 'a=1\nb=2',
    'x-time': '10:30',
  });
});

test('the request line is no header, whatever its path', () => {
  expect(handshakeOf('').requestHeaders).toEqual({ host: '127.0.0.1', cookie: 'a=1' });
});

test('a handshake reads its headers once', () => {
  const handshake = handshakeOf('X-A: 1');
  expect(handshake.headers).toEqual({ 'x-a': '1' });
  expect(handshake.headers).toBe(handshake.headers);
});

test('a copy of a handshake has its headers', () => {
  expect({ ...handshakeOf('X-A: 1') }).toMatchObject({ status: 403, headers: { 'x-a': '1' } });
});

test('the functions of a handshake may be taken out of it', () => {
  // oxlint-disable-next-line typescript/unbound-method -- that is what is tested
  const { json, text } = handshakeOf('');
  expect(text()).toBe('{"error":"no"}');
  expect(json()).toEqual({ error: 'no' });
});
