import { frame } from '../helpers/raw-frame.ts';
import { expect } from '../helpers/test.ts';
import { connectionFor, nextEvent, test, thrownBy } from './whatwg.ts';

test('send before open is an InvalidStateError', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(`${server.url}/chat`);

  expect(thrownBy(() => socket.send('early'))).toBe(
    'InvalidStateError: Cannot send on "/chat": it is connecting. Send in a handler of "open"',
  );
  expect(thrownBy(() => socket.ping())).toBe('InvalidStateError: Cannot send a ping on "/chat": it is not open');
  await nextEvent(socket, 'open');
});

test('send works in a handler of open', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  socket.addEventListener('open', () => socket.send('first'));

  expect(await (await server.nextConnection()).nextMessage()).toMatchObject({ text: 'first', isBinary: false });
});

test('a lone surrogate is sent as U+FFFD', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.send('\uD800');

  expect((await (await server.nextConnection()).nextMessage()).text).toBe('\uFFFD');
});

for (const [name, data] of [
  ['an ArrayBuffer', new Uint8Array([1, 2]).buffer],
  ['a view of a part of a buffer', new Uint8Array([0, 1, 2, 3]).subarray(1, 3)],
  ['a DataView', new DataView(new Uint8Array([1, 2]).buffer)],
  ['a Blob', new Blob([new Uint8Array([1, 2])])],
] as const) {
  test(`${name} is sent as bytes`, async ({ server, sockets }) => {
    const socket = new sockets.WebSocket(server.url);
    await nextEvent(socket, 'open');
    socket.send(data);

    const message = await (await server.nextConnection()).nextMessage();
    expect(message).toMatchObject({ bytes: Buffer.from([1, 2]), isBinary: true });
  });
}

test('what is sent after a Blob does not overtake it', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.send(new Blob(['first']));
  socket.send('second');
  const connection = await server.nextConnection();

  expect((await connection.nextMessage()).text).toBe('first');
  expect((await connection.nextMessage()).text).toBe('second');
});

for (const [data, text] of [
  ['[object Object]', '[object Object]'],
  [42, '42'],
  [null, 'null'],
  [true, 'true'],
  [{ toString: () => 'its text' }, 'its text'],
] as const) {
  test(`${JSON.stringify(data)} is sent as the text ${text}`, async ({ server, sockets }) => {
    const socket = new sockets.WebSocket(server.url);
    await nextEvent(socket, 'open');
    sendAnything(socket, data);

    const message = await (await server.nextConnection()).nextMessage();
    expect(message).toMatchObject({ text, isBinary: false });
  });
}

test('an object is refused: the standard would send [object Object]', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');

  expect(thrownBy(() => sendAnything(socket, { event: 'SAY' }))).toBe(
    'TypeError: Cannot send an object: a standard WebSocket would send the text "[object Object]". Send JSON.stringify(data), or use the client of ws.connect()',
  );
});

test('close sends code and reason', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.close(4000, 'done');
  expect(socket.readyState).toBe(2);

  expect(await (await server.nextConnection()).closed).toEqual({ code: 4000, reason: 'done' });
  expect(await nextEvent(socket, 'close')).toMatchObject({ code: 4000, reason: 'done', wasClean: true });
  expect(socket.readyState).toBe(3);
});

test('close without arguments sends an empty close frame', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept();
  await nextEvent(socket, 'open');
  socket.close();

  expect(await peer.readFrame()).toMatchObject({ opcode: 8, payload: Buffer.alloc(0) });
  await peer.write(frame({ opcode: 'close' }));
  await peer.end();
  expect(await nextEvent(socket, 'close')).toMatchObject({ code: 1005, wasClean: true });
});

test('close with a reason alone sends 1000', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.close(undefined, 'done');

  expect(await (await server.nextConnection()).closed).toEqual({ code: 1000, reason: 'done' });
});

test('close before open fails the handshake: an error, then a close, and no finding', async ({
  startRawServer,
  sockets,
}) => {
  const rawServer = await startRawServer();
  const socket = new sockets.WebSocket(rawServer.url);
  const heard: unknown[] = [];
  for (const type of ['open', 'error', 'close'] as const) socket.addEventListener(type, () => heard.push(type));
  const peer = await rawServer.nextPeer();
  socket.close();
  expect(socket.readyState).toBe(2);
  expect(await nextEvent(socket, 'close')).toMatchObject({ code: 1006, wasClean: false });

  expect(heard).toEqual(['error', 'close']);
  await peer.ended;
});

test('a second close changes nothing', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.close(3000);
  socket.close(3001);
  expect((await nextEvent(socket, 'close')).code).toBe(3000);
  socket.close(3002);

  expect(socket.readyState).toBe(3);
});

for (const code of [0, 999, 1001, 1005, 2999, 5000, 70_000, Number.NaN]) {
  test(`close with code ${code} is an InvalidAccessError`, async ({ server, sockets }) => {
    const socket = new sockets.WebSocket(server.url);
    await nextEvent(socket, 'open');

    expect(thrownBy(() => socket.close(code))).toBe(
      `InvalidAccessError: Cannot close with code ${code}: expected 1000, or 3000 to 4999`,
    );
    expect(socket.readyState).toBe(1);
  });
}

test('close with a reason of more than 123 bytes is a SyntaxError', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');

  expect(thrownBy(() => socket.close(1000, 'é'.repeat(62)))).toBe(
    'SyntaxError: Cannot close with a reason of 124 bytes: expected at most 123',
  );
  socket.close(1000, `${'é'.repeat(61)}!`);
  expect((await nextEvent(socket, 'close')).code).toBe(1000);
});

test('send after the close throws nothing and counts in bufferedAmount', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url, null, { findings: { unawaitedFailure: false } });
  await nextEvent(socket, 'open');
  socket.close();
  socket.send('é');
  socket.send(new Uint8Array(3));
  await nextEvent(socket, 'close');
  socket.send(new Blob(['four']));

  expect(socket.bufferedAmount).toBe(9);
  expect([...connectionFor(socket).log].map(({ opcode }) => opcode)).toEqual(['close', 'close']);
});

/** As JavaScript code may. */
function sendAnything(socket: object, data: unknown): void {
  const send: unknown = Reflect.get(socket, 'send');
  if (typeof send === 'function') Reflect.apply(send, socket, [data]);
}
