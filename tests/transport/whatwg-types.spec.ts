import { expectTypeOf } from 'expect-type';
import type { createClient } from 'graphql-ws';
import type { StandardWebSocket, WebSocketClass, WebSockets } from '../../src/index.ts';
import { expect } from '../../src/index.ts';
import { test } from './whatwg.ts';

test('the class is one of the standard, to code with the types of browsers', () => {
  expectTypeOf<WebSocketClass>().toExtend<typeof globalThis.WebSocket>();
  expectTypeOf<StandardWebSocket>().toExtend<globalThis.WebSocket>();
  expectTypeOf<WebSockets['WebSocket']>().toEqualTypeOf<WebSocketClass>();
  expectTypeOf<WebSocketClass>().toExtend<Parameters<typeof createClient>[0]['webSocketImpl']>();
});

test('events are typed by their names', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url, 'v1', { headers: { a: 'b' }, tags: { a: 'b' }, findings: {} });
  socket.addEventListener('close', (event) => {
    expectTypeOf(event.code).toEqualTypeOf<number>();
  });
  socket.addEventListener(
    'message',
    function listener({ data }) {
      expectTypeOf(data).toBeAny();
      expectTypeOf(this).toEqualTypeOf<StandardWebSocket>();
    },
    { optional: true },
  );
  socket.addEventListener('other', ({ type }) => type, { once: true });
  // @ts-expect-error -- an error has no code
  socket.addEventListener('error', ({ code }) => String(code));
  // @ts-expect-error -- nodebuffer is not of the standard
  socket.binaryType = 'nodebuffer';
  // @ts-expect-error -- an object is sent as JSON text of one's own
  expect(() => socket.send({})).toThrow('it is connecting');
  // @ts-expect-error -- the options of a client are checked
  expect(() => new sockets.WebSocket(server.url, [], { timout: 5 })).toThrow('Did you mean "timeout"');
  socket.close();
});

test('matchers take a socket and lists of sockets', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await expect(socket).toBeOpen();
  await expect([socket, socket]).toHaveReceivedMessageCount(0);
  // @ts-expect-error -- a matcher of values is not offered
  expectTypeOf(expect(socket).toBe);
  socket.close(1000);
  await expect(socket).toBeClosed({ code: 1000 });
});
