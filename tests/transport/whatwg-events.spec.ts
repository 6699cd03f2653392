/* oxlint-disable unicorn/prefer-add-event-listener -- the on… attributes are part of what is tested */
import { frame } from '../helpers/raw-frame.ts';
import { expect } from '../helpers/test.ts';
import { connectionFor, nextEvent, test } from './whatwg.ts';

test('open comes before a message in the segment of the 101', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(rawServer.url);
  const heard: string[] = [];
  for (const type of ['open', 'message'] as const) socket.addEventListener(type, () => heard.push(type));
  const peer = await rawServer.nextPeer();
  const greeted = nextEvent(socket, 'message');
  await peer.accept({ extra: frame({ payload: 'hello' }) });
  await greeted;

  expect(heard).toEqual(['open', 'message']);
  socket.close();
  await peer.readFrame();
  await peer.end();
});

test('a text message is text, with the origin of the server', async ({ server, sockets }) => {
  server.onConnection((connection) => void connection.send('hello ✓'));
  const event = await nextEvent(new sockets.WebSocket(`${server.url}/chat`), 'message');

  expect(event).toBeInstanceOf(MessageEvent);
  expect(event).toMatchObject({ data: 'hello ✓', origin: server.url });
});

test('a binary message is a Blob', async ({ server, sockets }) => {
  server.onConnection((connection) => void connection.send(Buffer.from([1, 2, 3])));
  const { data } = await nextEvent(new sockets.WebSocket(server.url), 'message');

  expect(data).toBeInstanceOf(Blob);
  expect([...new Uint8Array(await data.arrayBuffer())]).toEqual([1, 2, 3]);
});

test('a binary message is an ArrayBuffer of its own with that binaryType', async ({ server, sockets }) => {
  server.onConnection((connection) => void connection.send(Buffer.from([1, 2, 3])));
  const socket = new sockets.WebSocket(server.url);
  socket.binaryType = 'arraybuffer';
  const { data } = await nextEvent(socket, 'message');

  expect(data).toBeInstanceOf(ArrayBuffer);
  new Uint8Array(data).fill(9);
  expect(connectionFor(socket).log.frame(0).payload).toEqual(Buffer.from([1, 2, 3]));
});

test('another binaryType changes nothing', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.binaryType = 'arraybuffer';
  Reflect.set(socket, 'binaryType', 'nodebuffer');

  expect(socket.binaryType).toBe('arraybuffer');
});

test('a close of the server is told with code, reason and wasClean', async ({ server, sockets }) => {
  server.onConnection((connection) => void connection.close(1001, 'restart'));
  const socket = new sockets.WebSocket(server.url);
  let errors = 0;
  socket.onerror = () => errors++;

  expect(await nextEvent(socket, 'close')).toMatchObject({ code: 1001, reason: 'restart', wasClean: true });
  expect(errors).toBe(0);
  expect(socket.readyState).toBe(3);
});

test('a handshake that is refused is an error, then a close', async ({ startServer, sockets }) => {
  const server = await startServer({ refuse: () => ({ status: 503 }) });
  const socket = new sockets.WebSocket(server.url);
  const heard: unknown[] = [];
  socket.onopen = () => heard.push('open');
  socket.onerror = ({ error, message, type }) => heard.push([type, error?.name, message, socket.readyState]);
  socket.onclose = ({ code, reason, type, wasClean }) => heard.push([type, code, reason, wasClean]);
  await nextEvent(socket, 'close');

  expect(heard).toEqual([
    ['error', 'HandshakeError', expect.stringContaining('503 Service Unavailable'), 3],
    ['close', 1006, '', false],
  ]);
  expect(await sockets.end()).toMatchObject([{ kind: 'unexpectedClose' }]);
});

test('a connection that breaks is an error with its cause, then a close', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept();
  await nextEvent(socket, 'open');
  const error = nextEvent(socket, 'error');
  const closed = nextEvent(socket, 'close');
  await peer.reset();

  expect(await error).toMatchObject({ message: 'The connection broke: read ECONNRESET' });
  expect(await closed).toMatchObject({ code: 1006, wasClean: false });
  expect(await sockets.end()).toMatchObject([{ kind: 'unexpectedClose' }]);
});

test('a server that breaks the protocol is one error, then a close', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(rawServer.url);
  const heard: (string | undefined)[] = [];
  socket.onerror = ({ message }) => heard.push(message);
  const peer = await rawServer.nextPeer();
  await peer.accept();
  const closed = nextEvent(socket, 'close');
  await peer.write(frame({ opcode: 3 }));
  await peer.end();
  await closed;

  expect(heard).toEqual([
    'The server broke the protocol: a frame with the reserved opcode 3 (RFC 6455 section 5.2)\n  The client closed the connection with 1002 Protocol error.',
  ]);
  expect(await sockets.end()).toMatchObject([{ kind: 'protocolError' }]);
});

test('pings and pongs are events, as in k6', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  const pinged = nextEvent(socket, 'ping');
  (await server.nextConnection()).ping('are you there');
  expect((await pinged).data).toBe('are you there');

  let pongs = 0;
  socket.onpong = () => pongs++;
  const answered = nextEvent(socket, 'pong');
  socket.ping();
  await answered;
  expect(pongs).toBe(1);
});

test('handlers and listeners are called in the order of their registration, once each', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const heard: string[] = [];
  const both = (): unknown => heard.push('both');
  socket.addEventListener('open', () => heard.push('first'));
  socket.onopen = both;
  socket.addEventListener('open', both);
  socket.addEventListener('open', both);
  socket.addEventListener('open', { handleEvent: () => heard.push('object') });
  await nextEvent(socket, 'open');

  expect(heard).toEqual(['first', 'both', 'both', 'object']);
});

test('a handler is replaced by the next one and taken away by null', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const heard: string[] = [];
  socket.onopen = () => heard.push('replaced');
  const handler = (): unknown => heard.push('open');
  socket.onopen = handler;
  socket.onclose = () => heard.push('close');
  socket.onclose = null;
  Reflect.set(socket, 'onerror', 'no function');

  expect([socket.onopen, socket.onclose, socket.onerror]).toEqual([handler, null, null]);
  await nextEvent(socket, 'open');
  socket.close();
  await nextEvent(socket, 'close');
  expect(heard).toEqual(['open']);
});

test('removeEventListener, once and signal take a listener away', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const heard: string[] = [];
  const removed = (): unknown => heard.push('removed');
  const controller = new AbortController();
  const once = (): unknown => heard.push('once');
  socket.addEventListener('message', removed);
  socket.removeEventListener('message', removed, true);
  socket.removeEventListener('message', removed);
  socket.addEventListener('message', () => heard.push('aborted'), { signal: controller.signal });
  socket.addEventListener('message', () => heard.push('never'), { signal: AbortSignal.abort() });
  socket.addEventListener('message', once, { once: true });
  controller.abort();
  for (const data of ['a', 'b']) socket.dispatchEvent(new MessageEvent('message', { data }));
  socket.addEventListener('message', once, { once: true });
  socket.dispatchEvent(new MessageEvent('message', { data: 'c' }));
  await nextEvent(socket, 'open');

  expect(heard).toEqual(['once', 'once']);
});

test('a listener is called with the socket as this', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const found: unknown[] = [];
  socket.addEventListener('open', function listener() {
    found.push(this);
  });
  Reflect.set(socket, 'onopen', function handler(this: unknown) {
    found.push(this);
  });
  await nextEvent(socket, 'open');

  expect(found.map((one) => one === socket)).toEqual([true, true]);
});

test('messages after our close are recorded and not told', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(rawServer.url);
  const heard: unknown[] = [];
  socket.addEventListener('message', ({ data }) => heard.push(data));
  const peer = await rawServer.nextPeer();
  await peer.accept();
  await nextEvent(socket, 'open');
  socket.close();
  await peer.readFrame();
  await peer.write(Buffer.concat([frame({ payload: 'late' }), frame({ opcode: 'close' })]));
  await peer.end();
  await nextEvent(socket, 'close');

  expect(heard).toEqual([]);
  expect([...connectionFor(socket).log].map(({ text }) => text)).toContain('late');
});

test('many listeners are no warning', async ({ server, sockets }) => {
  const warnings: string[] = [];
  const warn = ({ name }: Error): unknown => warnings.push(name);
  process.on('warning', warn);
  const socket = new sockets.WebSocket(server.url);
  for (let count = 0; count < 20; count++) socket.addEventListener('open', () => {});
  await nextEvent(socket, 'open');
  process.off('warning', warn);

  expect(warnings).toEqual([]);
});
