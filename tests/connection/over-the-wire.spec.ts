import { connect } from '../../src/client.ts';
import { connectionOf } from '../../src/connection/connection-of.ts';
import type { ConnectOptions } from '../../src/transport/connect-options.ts';
import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import { frame } from '../helpers/raw-frame.ts';
import type { RawPeer } from '../helpers/raw-peer.ts';
import type { RawServer } from '../helpers/raw-server.ts';
import { expect, test } from '../helpers/test.ts';
import { rejection, texts } from './test-client.ts';

test.describe('receiving', () => {
  test('a greeting in the packet of the 101 is in the buffer, and handlers of `on` hear it', async ({ rawServer }) => {
    const heard: string[] = [];
    const on = { message: ({ text }: { text: string }): void => void heard.push(text) };
    const [client, peer] = await open(rawServer, { on }, frame({ payload: 'welcome' }));

    expect((await client.waitForMessage('welcome')).index).toBe(0);
    expect(heard).toEqual(['welcome']);
    await end(client, peer);
  });

  test('10,000 messages of one burst come in order, whoever waits for them', async ({ server }) => {
    const count = 10_000;
    server.onConnection((connection) => {
      for (let index = 0; index < count; index++) void connection.send(`${index}`);
    });
    const client = await connect(server.url);
    const messages = await client.waitForMessages(count);

    expect(texts(messages)).toEqual(Array.from({ length: count }, (_, index) => `${index}`));
    await client.close();
  });

  test('messages beyond `maxMemory` are found by waits, matchers and in history', async ({ server }) => {
    const count = 3000;
    server.onConnection((connection) => {
      for (let index = 0; index < count; index++)
        void connection.send(JSON.stringify({ index, pad: '.'.repeat(1000) }));
    });
    const client = await connect(server.url, { maxMemory: 1_000_000 });
    await client.waitForMessage({ index: count - 1 });

    expect((await client.waitForMessage({ index: 5 })).index).toBe(5);
    expect(client.messages.filter(({ value }) => typeof value === 'object').length).toBe(count);
    expect(client.messages.at(0)?.value).toMatchObject({ index: 0 });
    expect(connectionOf(client)?.log.spilled).toBeGreaterThan(1_000_000);
    await client.close();
  });

  test('`maxMemory` is checked where it enters', async ({ server }) => {
    await expect(connect(server.url, { maxMemory: -1 })).rejects.toThrow(
      'Invalid option "maxMemory" of connect: expected a whole number of bytes of at least 0, found -1',
    );
  });

  test('a message of several megabytes is what was sent', async ({ server }) => {
    const bytes = Buffer.alloc(5_000_000, 'pattern ');
    server.onConnection((connection) => void connection.send(bytes));
    const client = await connect(server.url);
    const message = await client.waitForMessage(({ isBinary }) => isBinary);

    expect(message.bytes.equals(bytes)).toBe(true);
    await client.close();
  });

  test('nothing is received between pause() and resume()', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    client.pause();
    await connection.send('a');
    expect(await rejection(client.waitForMessage('a', { timeout: 20 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
    });
    client.resume();

    expect((await client.waitForMessage('a')).text).toBe('a');
    await client.close();
  });
});

test.describe('sending', () => {
  test('goes out in call order, a Blob among texts', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    await Promise.all([client.send('1'), client.send(new Blob(['2'])), client.send({ n: 3 }), client.send('4')]);
    const received = [];
    for (let count = 0; count < 4; count++) received.push(await connection.nextMessage());

    expect(received.map(({ isBinary, text }) => [text, isBinary])).toEqual([
      ['1', false],
      ['2', true],
      ['{"n":3}', false],
      ['4', false],
    ]);
    await client.close();
  });

  test('the user may change the bytes after the call', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    const data = new Uint8Array(1_000_000).fill(1);
    const sent = client.send(data);
    data.fill(2);
    await sent;

    expect((await connection.nextMessage()).bytes.every((byte) => byte === 1)).toBe(true);
    await client.close();
  });

  test('ping measures a round trip; a ping of the server is answered', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    expect(await client.ping()).toBeGreaterThan(0);
    connection.ping('p');

    expect((await connection.nextPong()).toString()).toBe('p');
    await client.close();
  });

  test('autoReply answers the server, and hides its heartbeats', async ({ server }) => {
    const client = await connect(server.url, { autoReply: { on: { type: 'ping' }, send: { type: 'pong' } } });
    const connection = await server.nextConnection();
    await connection.send({ type: 'ping' });

    expect(await connection.nextValue()).toEqual({ type: 'pong' });
    expect(client.messages.length).toBe(0);
    await client.close();
  });

  test('parallel requests get their own replies, answered out of order', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    const replies = [1, 2, 3].map((id) => client.request({ id }, { ok: true }, { correlate: 'id' }));
    const asked = [await connection.nextValue(), await connection.nextValue(), await connection.nextValue()];
    for (const question of asked.toReversed()) await connection.send({ ...Object(question), ok: true });

    expect((await Promise.all(replies)).map(({ value }) => value)).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await client.close();
  });
});

test.describe('closing', () => {
  test('by us reaches the server with code and reason', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();

    expect(await client.close(4002, 'done')).toEqual({ code: 4002, reason: 'done', wasClean: true, by: 'client' });
    expect(await connection.closed).toEqual({ code: 4002, reason: 'done' });
  });

  test('fails a pending wait with the frames that came before the close', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    const wait = rejection(client.waitForMessage('b', { timeout: 0 }));
    await connection.send('a');
    await connection.close(4001, 'kicked');

    expect(await wait).toMatchObject({ code: 'WS_CONNECTION_CLOSED', closeInfo: { code: 4001 } });
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('terminate() resets the connection: the server sees no close frame', async ({ server }) => {
    const client = await connect(server.url);
    const connection = await server.nextConnection();
    client.terminate();

    expect(await client.closed).toMatchObject({ code: 1006, by: 'client' });
    expect(await connection.closed).toEqual({ code: 1006, reason: '' });
  });

  test('the signal of connect terminates an open connection', async ({ server }) => {
    const controller = new AbortController();
    const client = await connect(server.url, { signal: controller.signal });
    const connection = await server.nextConnection();
    controller.abort();

    expect(await client.closed).toMatchObject({ code: 1006, by: 'client' });
    expect(await connection.closed).toMatchObject({ code: 1006 });
  });

  test('await using closes at the end of the block', async ({ server }) => {
    {
      await using client = await connect(server.url);
      expect(client.readyState).toBe(1);
    }

    expect(await (await server.nextConnection()).closed).toEqual({ code: 1000, reason: '' });
  });
});

async function open(
  server: RawServer,
  options: ConnectOptions = {},
  extra: Buffer = Buffer.alloc(0),
): Promise<[WebSocketClient, RawPeer]> {
  const connected = connect(server.url, options);
  const peer = await server.nextPeer();
  await peer.accept({ extra });
  return [await connected, peer];
}

async function end(client: WebSocketClient, peer: RawPeer): Promise<void> {
  client.terminate();
  await peer.ended;
}
