import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import type { Connection } from '../../src/connection/connection.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import type { HarOptions } from '../../src/transcript/har-entries.ts';
import { writeHar } from '../../src/transcript/har.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { createTestConnection, receive, testHandshake } from '../helpers/fake-wire.ts';
import { closePayload } from './close-payload.ts';
import { clientOf } from './lines.ts';

interface Har {
  readonly log: { readonly creator: object; readonly entries: readonly Record<string, unknown>[] };
}

function harText(connections: readonly Connection[], options?: HarOptions): string {
  return [...writeHar(createTranscript({ connections, waits: [], findings: [] }), options)].join('');
}

function harOf(connections: readonly Connection[], options?: HarOptions): Har {
  return JSON.parse(harText(connections, options));
}

function messagesOf(connection: Connection, options?: HarOptions): unknown {
  return harOf([connection], options).log.entries[0]['_webSocketMessages'];
}

/** A connection with all that an entry may have. */
function fullConnection(): Connection {
  const { connection } = createTestConnection({
    name: 'orders',
    handshake: {
      url: 'ws://127.0.0.1:4040/orders?token=secret&room=1',
      requestHeaders: { cookie: 'session=abc; theme=dark', 'user-agent': 'test' },
      headers: { upgrade: 'websocket', 'set-cookie': 'seen=1; Path=/\nid=2' },
      duration: 3,
    },
  });
  receive(connection, '{"type":"welcome"}');
  receive(connection, Buffer.from([1, 2, 255]));
  connection.close(4001, Buffer.from('kicked'));
  return connection;
}

async function refusedConnection(): Promise<Connection> {
  const { connection } = createTestConnection({ isConnecting: true, name: 'refused' });
  const facts = { accepted: false, status: 401, statusText: 'Unauthorized', headers: { 'content-type': 'text/plain' } };
  const handshake = testHandshake({ ...facts, body: Buffer.from('no token') });
  const refused = new HandshakeError('WS_HANDSHAKE_REFUSED', 'Cannot connect', { handshake });
  await expect(connection.start(() => Promise.reject(refused))).rejects.toBe(refused);
  return connection;
}

async function unansweredConnection(): Promise<Connection> {
  const { connection } = createTestConnection({ isConnecting: true, name: 'unanswered' });
  const failed = new HandshakeError('WS_HANDSHAKE_FAILED', 'Cannot connect: connect ECONNREFUSED');
  await expect(connection.start(() => Promise.reject(failed))).rejects.toBe(failed);
  return connection;
}

test.describe('websocket.har', () => {
  test('of open, refused and unanswered connections is valid HAR 1.2', async () => {
    const har = harOf([fullConnection(), await refusedConnection(), await unansweredConnection()]);

    const require = createRequire(import.meta.url);
    const schemas: Readonly<Record<string, object>> = require('har-schema');
    const meta: object = require('ajv/lib/refs/json-schema-draft-06.json');
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      formats: { 'date-time': isoTime, ipv4: true, ipv6: true, uri: (value: string) => URL.canParse(value) },
    });
    ajv.addMetaSchema(meta);
    for (const schema of Object.values(schemas)) ajv.addSchema(schema);
    const validate = ajv.getSchema('har.json#') ?? ajv.getSchema('har.json');
    expect(validate).toBeDefined();
    validate?.(har);
    expect(validate?.errors ?? []).toEqual([]);
    expect(har.log.entries).toHaveLength(3);
  });

  test('has the handshake with headers, cookies, status and times; secrets masked', () => {
    expect(harOf([fullConnection()]).log.entries[0]).toMatchObject({
      request: {
        method: 'GET',
        url: 'ws://127.0.0.1:4040/orders?token=***&room=1',
        headers: [
          { name: 'cookie', value: '***' },
          { name: 'user-agent', value: 'test' },
        ],
        cookies: [
          { name: 'session', value: '***' },
          { name: 'theme', value: '***' },
        ],
        queryString: [
          { name: 'token', value: '***' },
          { name: 'room', value: '1' },
        ],
      },
      response: {
        status: 101,
        statusText: 'Switching Protocols',
        headers: [
          { name: 'upgrade', value: 'websocket' },
          { name: 'set-cookie', value: '***' },
        ],
        cookies: [
          { name: 'seen', value: '***' },
          { name: 'id', value: '***' },
        ],
      },
      timings: { send: 0, wait: 3 },
      _resourceType: 'websocket',
      _name: 'orders',
      _webSocketClose: { code: 4001, reason: 'kicked', wasClean: true, by: 'server' },
    });
  });

  test('of a refusal has status and body', async () => {
    const { connection } = { connection: await refusedConnection() };
    expect(harOf([connection]).log.entries[0]).toMatchObject({
      response: {
        status: 401,
        statusText: 'Unauthorized',
        content: { size: 8, mimeType: 'text/plain', text: 'no token' },
        _error: 'Cannot connect',
      },
      _webSocketMessages: [],
    });
  });

  test('of a connection without an answer has status 0 and the failure', async () => {
    expect(harOf([await unansweredConnection()]).log.entries[0]).toMatchObject({
      response: { status: 0, statusText: '', _error: 'Cannot connect: connect ECONNREFUSED' },
    });
  });

  test('has the messages with seconds since the epoch, text as it is, bytes as base64', async () => {
    const { connection } = createTestConnection();
    await clientOf(connection).send('{"a":1}');
    receive(connection, Buffer.from([1, 2, 255]));
    const [sent, received] = [...connection.log].map(({ time }) => Math.round(time * 1000) / 1e6);

    expect(messagesOf(connection)).toEqual([
      { type: 'send', time: sent, opcode: 1, data: '{"a":1}' },
      { type: 'receive', time: received, opcode: 2, data: 'AQL/' },
    ]);
    expect(new Date(sent * 1000).getFullYear()).toBe(new Date().getFullYear());
  });

  test('has no control frames', () => {
    const { connection } = createTestConnection();
    connection.ping(Buffer.from('p'));
    connection.record('received', 'close', closePayload(1000, Buffer.alloc(0)));

    expect(messagesOf(connection)).toEqual([]);
  });

  test('masks secrets in messages', () => {
    const { connection } = createTestConnection();
    receive(connection, 'see /a?token=secret');

    expect(messagesOf(connection)).toMatchObject([{ data: 'see /a?token=***' }]);
  });

  test('masks with the given function', () => {
    expect(harText([fullConnection()], { maskText: (text) => text.replaceAll('welcome', '+++') })).not.toContain(
      'welcome',
    );
  });

  test('tells what the limits left out', () => {
    const { connection } = createTestConnection();
    for (const text of ['first', '2', '3', 'last one']) receive(connection, text);
    const limits = { headFrames: 1, tailFrames: 1, payloadBytes: 5 };

    expect(harOf([connection], { limits }).log.entries[0]).toMatchObject({
      comment: 'Left out: 2 frames, 2 B',
      _webSocketMessages: [{ data: 'first' }, { data: 'last ', _cut: 3 }],
    });
    expect(harOf([connection], { limits: { headFrames: 3, tailFrames: 0 } }).log.entries[0]).toMatchObject({
      comment: 'Left out: 1 frame, 8 B',
    });
  });

  test('comes in chunks', () => {
    const { connection } = createTestConnection();
    for (let index = 0; index < 50; index++) receive(connection, 'x'.repeat(30_000));
    const chunks = [...writeHar(createTranscript({ connections: [connection], waits: [], findings: [] }))];

    expect(chunks.length).toBeGreaterThan(3);
    expect(JSON.parse(chunks.join('')).log.entries).toHaveLength(1);
  });

  test("is read by Playwright's routeFromHAR", async ({ page }, testInfo) => {
    const file = testInfo.outputPath('websocket.har');
    writeFileSync(file, harText([fullConnection()]));
    await page.routeFromHAR(file, { notFound: 'fallback' });
    await page.route('http://127.0.0.1/**', (route) => route.fulfill({ body: 'from the test' }));

    const response = await page.goto('http://127.0.0.1/orders');
    expect(await response?.text()).toBe('from the test');
  });
});

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('a connection that is open takes no time more when the clock of the system jumps', () => {
  const { connection } = createTestConnection();
  const { now } = Date;
  Date.now = () => now() + 3_600_000;
  try {
    expect(Number(harOf([connection]).log.entries[0]['time'])).toBeLessThan(60_000);
  } finally {
    Date.now = now;
  }
});
