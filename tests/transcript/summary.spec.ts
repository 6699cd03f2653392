import { expect, test } from '@playwright/test';
import type { Connection } from '../../src/connection/connection.ts';
import { Mark } from '../../src/frames/mark.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import { readSummary } from '../../src/transcript/read-summary.ts';
import {
  isEmptySummary,
  summarize as summarizeAll,
  writeSummary,
  type Summary,
  type SummarySource,
} from '../../src/transcript/summary.ts';
import { createReconnecting } from '../connection/reconnecting.ts';
import { createClient, createRegistry, type TestClient } from '../connection/test-client.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';

const nothing: Summary = {
  connections: 0,
  failedHandshakes: 0,
  abnormalCloses: 0,
  messages: { sent: 0, received: 0 },
  bytes: { sent: 0, received: 0 },
  slowestReplies: [],
};

/** The counts alone. */
function summarize(source: SummarySource): Summary {
  const counts = { ...summarizeAll(source) };
  Reflect.deleteProperty(counts, 'trends');
  return counts;
}

/** Numbers of samples. */
function samples(source: SummarySource): Record<string, number> {
  const trends = Object.entries(summarizeAll(source).trends ?? {});
  return Object.fromEntries(trends.map(([name, { count }]) => [name, count]));
}

/** A client that was sent one reply to one request. */
async function repliedClient(name = '/orders'): Promise<TestClient> {
  const made = createClient({ name });
  const reply = made.client.request({ id: 1 }, { id: 1 });
  made.receive({ id: 1 });
  await reply;
  return made;
}

async function refusedConnection(): Promise<Connection> {
  const { connection } = createTestConnection({ isConnecting: true });
  const refused = new HandshakeError('WS_HANDSHAKE_REFUSED', 'refused');
  await connection.start(() => Promise.reject(refused)).catch(() => {});
  return connection;
}

test.describe('summarize', () => {
  test('counts nothing without a connection', () => {
    expect(summarize({ connections: [], waits: [] })).toEqual(nothing);
  });

  test('counts data messages and their payload bytes, and no control frames', async () => {
    const { client, connection } = createClient();
    await client.send('four');
    receive(connection, 'é');
    receive(connection, Buffer.alloc(10));
    connection.ping(Buffer.from('ping'));
    connection.pong(Buffer.from('pong'));
    await client.close();

    expect(summarize({ connections: [connection], waits: [] })).toEqual({
      ...nothing,
      connections: 1,
      messages: { sent: 1, received: 2 },
      bytes: { sent: 4, received: 12 },
    });
  });

  test('counts a connection that could not be opened as a failed handshake', async () => {
    expect(summarize({ connections: [await refusedConnection()], waits: [] })).toEqual({
      ...nothing,
      failedHandshakes: 1,
    });
  });

  test('counts no handshake that is under way', () => {
    const { connection } = createTestConnection({ isConnecting: true });

    expect(summarize({ connections: [connection], waits: [] })).toEqual(nothing);
  });

  test('counts each opening of a connection that reconnects, and each attempt that failed', async () => {
    const { attempt, connection, lose } = createReconnecting();
    lose();
    (await attempt()).refuse('refused');
    (await attempt()).accept();

    expect(summarize({ connections: [connection], waits: [] })).toEqual({
      ...nothing,
      connections: 2,
      failedHandshakes: 1,
    });
  });

  for (const [what, close, abnormalCloses] of [
    ['1000', 1000, 0],
    ['1001', 1001, 0],
    ['no code', 1005, 0],
    ['1011', 1011, 1],
    ['4001', 4001, 1],
    ['no close frame', 1006, 1],
  ] as const) {
    test(`counts a close by the server with ${what} as ${abnormalCloses === 0 ? 'normal' : 'abnormal'}`, () => {
      const { connection } = createTestConnection();
      connection.close(close, Buffer.alloc(0));

      expect(summarize({ connections: [connection], waits: [] })).toEqual({
        ...nothing,
        connections: 1,
        abnormalCloses,
      });
    });
  }

  test('counts a termination on this side as normal', async () => {
    const { client, connection } = createClient();
    client.terminate();
    await client.closed;

    expect(summarize({ connections: [connection], waits: [] })).toMatchObject({ connections: 1, abnormalCloses: 0 });
  });

  test('times a reply, with the line of its request', async () => {
    const { registry } = await repliedClient();

    expect(summarize(registry).slowestReplies).toEqual([
      {
        method: 'request',
        client: '/orders',
        ms: expect.any(Number),
        location: expect.stringMatching(/^summary\.spec\.ts:\d+$/),
      },
    ]);
  });

  test('has the samples of what was measured', async () => {
    const { connection, registry } = await repliedClient();
    connection.close(1000, Buffer.alloc(0));

    expect(samples(registry)).toEqual({ ws_connecting: 1, ws_session_duration: 1, ws_response_time: 1 });
  });

  test('times no other wait, and no request without its reply', async () => {
    const { client, receive: receiveAll, registry } = createClient();
    receiveAll('hello');
    await client.waitForMessage('hello');
    await client.request('a', 'b', { timeout: 1 }).catch(() => {});

    expect(registry.waits.map(({ method, outcome }) => [method, outcome?.kind])).toEqual([
      ['waitForMessage', 'passed'],
      ['request', 'timeout'],
    ]);
    expect(summarize(registry).slowestReplies).toEqual([]);
  });

  test('keeps the five slowest replies, timed from the sending of the request, the slowest first', async () => {
    const { registry } = await repliedClient();
    const [wait] = registry.waits;
    const sentAt = wait.subject.after?.monotonicTime ?? Number.NaN;
    const waits = [3, 7, 1, 6, 2, 5, 4].map((ms) => ({ ...wait, endedAt: sentAt + ms }));

    const { slowestReplies } = summarize({ connections: registry.connections, waits });
    expect(slowestReplies.map(({ ms }) => ms)).toEqual([7, 6, 5, 4, 3]);
  });

  test('masks the secrets in the name of a client', async () => {
    const { registry } = await repliedClient('/orders?token=t0p');

    expect(summarize(registry).slowestReplies[0].client).toBe('/orders?token=***');
  });
});

test.describe('summarize, of a slice', () => {
  test('counts what came after the position alone', async () => {
    const { client, connection, receive: receiveAll, registry } = await repliedClient();
    const from = new Mark();
    await client.send('12345');
    receiveAll('123');

    expect(summarize({ connections: [connection], waits: registry.waits, from })).toEqual({
      ...nothing,
      messages: { sent: 1, received: 1 },
      bytes: { sent: 5, received: 3 },
    });
  });

  test('counts a close in the slice in which it happened', async () => {
    const { connection } = createTestConnection();
    const first = summarize({ connections: [connection], waits: [] });
    const from = new Mark();
    connection.close(1006, Buffer.alloc(0));

    expect(first).toEqual({ ...nothing, connections: 1 });
    expect(summarize({ connections: [connection], waits: [], from })).toEqual({ ...nothing, abnormalCloses: 1 });
  });

  test('counts a reconnection in the slice in which it happened', async () => {
    const { attempt, connection, lose } = createReconnecting();
    const first = summarize({ connections: [connection], waits: [] });
    lose();
    const from = new Mark();
    (await attempt()).refuse('refused');
    (await attempt()).accept();

    expect(first).toEqual({ ...nothing, connections: 1 });
    expect(summarize({ connections: [connection], waits: [], from })).toEqual({
      ...nothing,
      connections: 1,
      failedHandshakes: 1,
    });
  });

  test('counts a failed handshake once', async () => {
    const connection = await refusedConnection();

    expect(summarize({ connections: [connection], waits: [], from: new Mark() })).toEqual(nothing);
  });

  test('has each sample in the slice in which it was measured', async () => {
    const { connection, registry } = await repliedClient();
    const from = new Mark();
    connection.close(1000, Buffer.alloc(0));

    const { connections, waits } = registry;
    expect(samples({ connections, waits, from })).toEqual({ ws_session_duration: 1 });
  });

  test('adds up to the whole', async () => {
    const registry = createRegistry();
    const { connections } = registry;
    const sentBytes: number[] = [];
    let from: Mark | undefined;
    for (const payload of ['a', 'bb', 'ccc']) {
      await createClient({ registry }).client.send(payload);
      const slice = summarize({ connections, waits: [], from });
      from = new Mark();
      expect(slice).toMatchObject({ connections: 1, messages: { sent: 1 } });
      sentBytes.push(slice.bytes.sent);
    }

    expect(sentBytes).toEqual([1, 2, 3]);
    expect(summarize({ connections, waits: [] })).toMatchObject({ connections: 3, bytes: { sent: 6 } });
  });
});

test.describe('isEmptySummary', () => {
  test('is true when nothing happened', () => {
    expect(isEmptySummary(nothing)).toBe(true);
  });

  for (const happened of [
    { connections: 1 },
    { failedHandshakes: 1 },
    { abnormalCloses: 1 },
    { messages: { sent: 1, received: 0 } },
    { messages: { sent: 0, received: 1 } },
    { trends: { ws_ping: { count: 1, sum: 1, min: 1, max: 1, buckets: [[1, 1] as const] } } },
  ]) {
    test(`is false with ${JSON.stringify(happened)}`, () => {
      expect(isEmptySummary({ ...nothing, ...happened })).toBe(false);
    });
  }
});

test.describe('readSummary', () => {
  const reply = { method: 'request', client: '/orders', ms: 1.5, location: 'orders.spec.ts:12' };
  const summary = { ...nothing, connections: 2, slowestReplies: [reply] };
  const written = { version: 1, ...summary };

  test('reads what was written', async () => {
    const { registry } = await repliedClient();
    const counted = summarize(registry);

    expect(readSummary(writeSummary(counted))).toEqual(counted);
  });

  test('is of version 1', () => {
    expect(JSON.parse(writeSummary(nothing))).toEqual({ version: 1, ...nothing });
  });

  test('skips fields that it does not know', () => {
    expect(readSummary(JSON.stringify({ ...written, metrics: {} }))).toEqual(summary);
  });

  const refusals: readonly (readonly [what: string, text: string, message: string])[] = [
    ['half a file', '{"version":', 'it is no JSON'],
    ['null', 'null', 'it is no object'],
    ['a list', '[]', 'it is no object'],
    ['no version', '{}', 'its version is undefined, this reporter reads version 1'],
    ['another version', changed({ version: 2 }), 'its version is 2, this reporter reads version 1'],
    ['a count of text', changed({ connections: '2' }), '"connections" is no number of at least 0'],
    ['a negative count', changed({ failedHandshakes: -1 }), '"failedHandshakes" is no number of at least 0'],
    ['no count', changed({ abnormalCloses: undefined }), '"abnormalCloses" is no number of at least 0'],
    ['one count for both directions', changed({ messages: 2 }), '"messages" is no object'],
    ['one direction', changed({ bytes: { sent: 1 } }), '"received" is no number of at least 0'],
    ['no list of replies', changed({ slowestReplies: {} }), '"slowestReplies" is no list'],
    ['a reply of another kind', changed({ slowestReplies: [1] }), 'a slowest reply is no object'],
    ['a time of text', changed({ slowestReplies: [{ ...reply, ms: '1' }] }), '"ms" is no number of at least 0'],
    ['a client without name', changed({ slowestReplies: [{ ...reply, client: 1 }] }), '"client" is no text'],
  ];
  for (const [what, text, message] of refusals) {
    test(`refuses ${what}`, () => {
      expect(() => readSummary(text)).toThrow(new Error(message));
    });
  }

  function changed(fields: Readonly<Record<string, unknown>>): string {
    return JSON.stringify({ ...written, ...fields });
  }
});
