import { expect } from '../helpers/test.ts';
import { connectionFor, nextEvent, test, thrownBy } from './whatwg.ts';

test('the constants are on the class and on each socket', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };

  const { CONNECTING, OPEN, CLOSING, CLOSED } = sockets.WebSocket;
  expect({ CONNECTING, OPEN, CLOSING, CLOSED }).toEqual(states);
  expect(socket).toMatchObject(states);
  await nextEvent(socket, 'open');
});

test('a socket is a WebSocket and an EventTarget, and its connection is one of the test', async ({
  server,
  sockets,
}) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');

  expect(socket).toBeInstanceOf(sockets.WebSocket);
  expect(socket).toBeInstanceOf(EventTarget);
  expect(Object.prototype.toString.call(socket)).toBe('[object WebSocket]');
  expect(sockets.WebSocket.name).toBe('WebSocket');
  expect(sockets.created).toEqual([connectionFor(socket)]);
});

test('a new socket is connecting, has no subprotocol and gives Blobs', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(`${server.url}/chat?room=1`);

  expect(socket).toMatchObject({
    url: `${server.url}/chat?room=1`,
    readyState: 0,
    protocol: '',
    extensions: '',
    binaryType: 'blob',
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
  });
  await nextEvent(socket, 'open');
  expect(socket.readyState).toBe(1);
});

test('a relative URL resolves against baseURL, and http becomes ws', async ({ server, sockets }) => {
  sockets.baseURL = `${server.httpUrl}/api/`;
  const socket = new sockets.WebSocket('chat');
  await nextEvent(socket, 'open');

  expect(socket.url).toBe(`${server.url}/api/chat`);
  expect(server.handshakes[0].url).toBe('/api/chat');
});

test('a URL object is as good as its text', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(new URL('/orders', server.url));
  await nextEvent(socket, 'open');

  expect(server.handshakes[0].url).toBe('/orders');
});

for (const [name, url, message] of [
  [
    'a relative URL without a baseURL',
    '/chat',
    'SyntaxError: Invalid URL "/chat": it is relative and there is no baseURL. Set `use: { baseURL }` or pass an absolute URL.',
  ],
  [
    'another scheme',
    'ftp://127.0.0.1/',
    'SyntaxError: Invalid URL "ftp://127.0.0.1/": the scheme is "ftp:". Use a ws:, wss:, http: or https: URL.',
  ],
  [
    'a fragment',
    'ws://127.0.0.1/#top',
    'SyntaxError: Invalid URL "ws://127.0.0.1/#top": it has a fragment. Remove the part from "#" on: it is never sent (RFC 6455 section 3).',
  ],
] as const) {
  test(`${name} is a SyntaxError`, ({ sockets }) => {
    expect(thrownBy(() => new sockets.WebSocket(url))).toBe(message);
    expect(sockets.created).toEqual([]);
  });
}

for (const [name, protocols, message] of [
  ['a subprotocol that is no token', 'a b', tokenError('"a b"')],
  ['an empty subprotocol', [''], tokenError('""')],
  ['an object in place of subprotocols', { headers: {} }, tokenError('"[object Object]"')],
  ['a subprotocol twice', ['chat', 'chat'], 'SyntaxError: Cannot offer the subprotocol "chat" twice'],
  ['a subprotocol twice but for case', ['chat', 'Chat'], 'SyntaxError: Cannot offer the subprotocol "Chat" twice'],
] as const) {
  test(`${name} is a SyntaxError`, ({ server, sockets }) => {
    const construct = (): unknown => Reflect.construct(sockets.WebSocket, [server.url, protocols]);
    expect(thrownBy(construct)).toBe(message);
    expect(sockets.created).toEqual([]);
  });
}

test('an error of the constructor is a DOMException with the user’s line', ({ sockets }) => {
  const error: unknown = catchError(() => new sockets.WebSocket('/chat'));

  expect(error).toBeInstanceOf(DOMException);
  expect(error instanceof Error ? error.stack?.split('\n')[1] : undefined).toContain('whatwg-constructor.spec.ts');
});

test('the subprotocol that the server chose is told', async ({ startServer, sockets }) => {
  const server = await startServer({ websocket: { handleProtocols: () => 'v2' } });
  const socket = new sockets.WebSocket(server.url, ['v1', 'v2']);
  await nextEvent(socket, 'open');

  expect(server.handshakes[0].headers['sec-websocket-protocol']).toBe('v1,v2');
  expect(socket.protocol).toBe('v2');
});

test('null stands for no subprotocols, as in the code of k6', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url, null, { headers: { 'x-user': 'alice' } });
  await nextEvent(socket, 'open');

  expect(server.handshakes[0].headers['sec-websocket-protocol']).toBeUndefined();
  expect(server.handshakes[0].headers['x-user']).toBe('alice');
});

test('params are options of connect', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url, [], { name: 'chat', origin: 'https://example.com' });
  await nextEvent(socket, 'open');

  expect(server.handshakes[0].headers.origin).toBe('https://example.com');
  expect(connectionFor(socket).name).toBe('chat');
});

test('the params tags and compression of k6 are understood', async ({ startServer, sockets }) => {
  const server = await startServer({ websocket: { perMessageDeflate: true } });
  const socket = new sockets.WebSocket(server.url, null, { tags: { k: 'v' }, compression: 'deflate' });
  await nextEvent(socket, 'open');

  expect(socket.extensions).toBe('permessage-deflate');
});

test('without compression no extension is offered', async ({ startServer, sockets }) => {
  const server = await startServer({ websocket: { perMessageDeflate: true } });
  const socket = new sockets.WebSocket(server.url, null, { compression: '' });
  await nextEvent(socket, 'open');

  expect(socket.extensions).toBe('');
});

for (const [params, message] of [
  [{ compression: 'zip' }, 'TypeError: Invalid option "compression": expected "deflate", found "zip"'],
  [{ timout: 5 }, 'TypeError: Unknown option "timout" of connect. Did you mean "timeout"?'],
] as const) {
  test(`params ${JSON.stringify(params)} are refused`, ({ server, sockets }) => {
    const construct = (): unknown => Reflect.construct(sockets.WebSocket, [server.url, null, params]);
    expect(thrownBy(construct)).toBe(message);
  });
}

test('a class that extends it works', async ({ server, sockets }) => {
  class Tagged extends sockets.WebSocket {
    readonly tag = 'mine';
  }
  const socket = new Tagged(server.url);
  await nextEvent(socket, 'open');

  expect(socket).toMatchObject({ tag: 'mine', readyState: 1 });
});

function tokenError(found: string): string {
  return `SyntaxError: Cannot offer the subprotocol ${found}: expected letters, digits and !#$%&'*+-.^_\`|~. Options are the third argument`;
}

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
