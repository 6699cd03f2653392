import { once } from 'node:events';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';

import { WebSocket } from 'ws';

import { selfSigned } from './certificate.ts';
import { closedPort } from './listening.ts';
import { toBuffer } from './server-connection.ts';
import { expect, test } from './test.ts';

test('server hands out connections in the order in which they came', async ({ server }) => {
  const first = await open(`${server.url}/a?x=1`);
  const second = await open(`${server.url}/b`);
  const paths = [(await server.nextConnection()).path, (await server.nextConnection()).path];
  await closeAll(first, second);
  expect(paths).toEqual(['/a?x=1', '/b']);
});

test('server waits for a connection that has not come yet', async ({ server }) => {
  const pending = server.nextConnection();
  const client = await open(server.url);
  expect((await pending).isOpen).toBe(true);
  await closeAll(client);
});

test('server connection waits for text and binary messages', async ({ server }) => {
  const client = await open(server.url);
  const connection = await server.nextConnection();
  const first = connection.nextMessage();
  client.send('{"a":1}');
  client.send(Buffer.from([0, 255]));
  expect(await first).toEqual({ bytes: Buffer.from('{"a":1}'), text: '{"a":1}', isBinary: false });
  expect((await connection.nextMessage()).isBinary).toBe(true);
  client.send('[2]');
  expect(await connection.nextValue()).toEqual([2]);
  await closeAll(client);
});

test('server connection waits for pings and pongs', async ({ server }) => {
  const client = await open(server.url);
  const connection = await server.nextConnection();
  client.ping('p');
  connection.ping('q');
  expect(String(await connection.nextPing())).toBe('p');
  expect(String(await connection.nextPong())).toBe('q');
  await closeAll(client);
});

test('server connection sends strings as text, bytes as binary, the rest as JSON', async ({ server }) => {
  server.onConnection((connection) => {
    void connection.send('x');
    void connection.send(Buffer.from('y'));
    void connection.send({ z: null });
  });
  const client = new WebSocket(server.url);
  const got: string[] = [];
  client.on('message', (data, isBinary) => got.push(`${isBinary ? 'binary' : 'text'} ${String(toBuffer(data))}`));
  await once(client, 'open');
  await closeAll(client);
  expect(got).toEqual(['text x', 'binary y', 'text {"z":null}']);
});

test('server connection tells how the client closed', async ({ server }) => {
  const client = await open(server.url);
  const connection = await server.nextConnection();
  client.close(4002, 'bye');
  expect(await connection.closed).toEqual({ code: 4002, reason: 'bye' });
});

test('server connection closes with a code and a reason', async ({ server }) => {
  const client = await open(server.url);
  const closed = once(client, 'close');
  await (await server.nextConnection()).close(4001, 'kicked');
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([4001, 'kicked']);
});

test('server connection rejects what is awaited when the client closes', async ({ server }) => {
  const client = await open(server.url);
  const connection = await server.nextConnection();
  const pending = connection.nextMessage();
  client.close(1000, 'done');
  await expect(pending).rejects.toThrow(/^Cannot wait for a message: the client closed with 1000 "done"$/);
  await expect(connection.nextPing()).rejects.toThrow(/^Cannot wait for a ping: the client closed with 1000 "done"$/);
});

test('server refuses with status, headers and JSON body', async ({ startServer }) => {
  const server = await startServer({
    refuse: () => ({ status: 401, headers: { 'x-why': 'token' }, body: { error: 'missing token' } }),
  });
  const client = new WebSocket(server.url);
  client.on('error', () => {});
  const [, response] = await once(client, 'unexpected-response');
  expect([response.statusCode, response.headers['x-why'], await text(response)]).toEqual([
    401,
    'token',
    '{"error":"missing token"}',
  ]);
  expect([server.handshakes.length, server.connections.length]).toEqual([1, 0]);
});

test('server answers HTTP with the handler it was given, and 404 without', async ({ server, startServer }) => {
  const other = await startServer({ http: (_request, response) => response.writeHead(200).end('hi') });
  expect([await statusOf(server.httpUrl), await statusOf(other.httpUrl)]).toEqual([404, 200]);
});

test('server speaks TLS', async ({ startServer }) => {
  const tls = await selfSigned();
  const server = await startServer({ tls, http: (_request, response) => response.end('secret') });
  const client = await open(server.url, { ca: tls.cert });
  await closeAll(client);
  const [response] = await once(requestTls(server.httpUrl, { ca: tls.cert, agent: false }).end(), 'response');
  expect([server.url.slice(0, 6), await text(response)]).toEqual(['wss://', 'secret']);
});

test('server close ends connections and the waits for further ones', async ({ server }) => {
  const client = await open(server.url);
  const gone = once(client, 'close');
  const connection = await server.nextConnection();
  const pending = expect(server.nextConnection()).rejects.toThrow(
    /^Cannot wait for a connection: the server was closed$/,
  );
  await server.close();
  await Promise.all([gone, connection.closed, pending]);
  expect(server.openConnections).toEqual([]);
});

test('closedPort is a port on which nobody listens', async () => {
  const [error] = await once(new WebSocket(`ws://127.0.0.1:${await closedPort()}`), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

async function open(url: string, options: { ca?: string } = {}): Promise<WebSocket> {
  const client = new WebSocket(url, options);
  await once(client, 'open');
  return client;
}

async function closeAll(...clients: readonly WebSocket[]): Promise<void> {
  const closed = clients.map((client) => once(client, 'close'));
  for (const client of clients) client.close();
  await Promise.all(closed);
}

async function statusOf(url: string): Promise<number | undefined> {
  const [response] = await once(request(url, { agent: false }).end(), 'response');
  response.resume();
  return response.statusCode;
}
