import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { WebSocket } from 'ws';

import { selfSigned } from './certificate.ts';
import { closePayload, frame } from './raw-frame.ts';
import type { RawPeer } from './raw-peer.ts';
import type { RawServer } from './raw-server.ts';
import { toBuffer } from './server-connection.ts';
import { expect, test } from './test.ts';

test('raw peer reads the opening handshake as it was written', async ({ rawServer }) => {
  const socket = await dial(rawServer);
  const peer = await rawServer.nextPeer();
  const text = 'GET /a?b=1 HTTP/1.1\r\nHost: x\r\nX-Two: 1\r\nx-two: 2\r\n\r\n';
  socket.write(text);
  expect(await peer.readRequest()).toEqual({
    method: 'GET',
    target: '/a?b=1',
    headers: { host: 'x', 'x-two': '1, 2' },
    text,
  });
  socket.destroy();
});

test('raw peer accepts so that a client opens, and the greeting comes in the segment of the 101', async ({
  rawServer,
}) => {
  const socket = await dial(rawServer);
  const peer = await rawServer.nextPeer();
  socket.write('GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  socket.setEncoding('latin1');
  const segment = once(socket, 'data');
  await peer.accept({ headers: { 'x-a': 'b' }, extra: frame({ payload: 'hi' }) });
  expect((await segment)[0]).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n' +
      'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nx-a: b\r\n\r\n\u0081\u0002hi',
  );
  socket.destroy();
});

test('raw peer exchanges frames with a real client', async ({ rawServer }) => {
  const { client, peer } = await openClient(rawServer);
  client.send('question');
  const got = await peer.readFrame();
  expect([got.opcode, got.isMasked, String(got.payload)]).toEqual([1, true, 'question']);
  const messages: string[] = [];
  client.on('message', (data) => messages.push(String(toBuffer(data))));
  await peer.write(
    Buffer.concat([frame({ fin: false, payload: 'ans' }), frame({ opcode: 'continuation', payload: 'wer' })]),
  );
  await peer.write(frame({ opcode: 'close', payload: closePayload(1000, 'over') }));
  await peer.end();
  const [code, reason] = await once(client, 'close');
  expect([messages, code, String(reason)]).toEqual([['answer'], 1000, 'over']);
});

test('raw peer can answer with a wrong accept key', async ({ rawServer }) => {
  const client = new WebSocket(rawServer.url);
  const failed = once(client, 'error');
  await (await rawServer.nextPeer()).accept({ accept: 'wrong' });
  expect(String((await failed)[0])).toBe('Error: Invalid Sec-WebSocket-Accept header');
});

test('raw peer end is a FIN: the client loses the connection without a close frame', async ({ rawServer }) => {
  const { client, peer } = await openClient(rawServer);
  await peer.end();
  const [code] = await once(client, 'close');
  expect(code).toBe(1006);
});

test('raw peer reset is a RST', async ({ rawServer }) => {
  const socket = await dial(rawServer);
  const failed = once(socket, 'error');
  await (await rawServer.nextPeer()).reset();
  expect(String((await failed)[0])).toBe('Error: read ECONNRESET');
});

test('raw peer trickles every byte', async ({ rawServer }) => {
  const { client, peer } = await openClient(rawServer);
  const message = once(client, 'message');
  await peer.trickle(frame({ payload: 'drip' }));
  expect(String((await message)[0])).toBe('drip');
  client.terminate();
});

test('raw peer stops to trickle when the client is gone', async ({ rawServer }) => {
  const socket = await dial(rawServer);
  const peer = await rawServer.nextPeer();
  const trickling = peer.trickle('x'.repeat(1000), { every: 60_000 });
  socket.resetAndDestroy();
  await trickling;
  expect(peer.isOpen).toBe(false);
});

test('raw peer rejects a read when the client has ended', async ({ rawServer }) => {
  const socket = await dial(rawServer);
  const peer = await rawServer.nextPeer();
  socket.end('half');
  await expect(peer.readRequest()).rejects.toThrow(
    /^Cannot read a request: the client ended the connection, 4 bytes are left$/,
  );
});

test('raw server speaks TLS', async ({ startRawServer }) => {
  const tls = await selfSigned();
  const server = await startRawServer({ tls });
  const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: tls.cert });
  const peer = await server.nextPeer();
  const data = once(socket, 'data');
  await peer.write('inside');
  expect([server.url.slice(0, 6), String(await data)]).toEqual(['wss://', 'inside']);
  socket.destroy();
});

async function dial(server: RawServer): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function openClient(server: RawServer): Promise<{ client: WebSocket; peer: RawPeer }> {
  const client = new WebSocket(server.url);
  const opened = once(client, 'open');
  const peer = await server.nextPeer();
  await peer.accept();
  await opened;
  client.on('error', () => {}); // Broken connections are what these tests make.
  return { client, peer };
}
