import { z } from 'zod';

import type { Expectation } from '../../src/index.ts';
import { frame } from '../helpers/raw-frame.ts';
import { text } from '../helpers/failure-text.ts';
import { expect, rejection, test } from './test.ts';

test('2 buffer from the first byte: a greeting in the packet of the 101 is in it', async ({ rawServer, ws }) => {
  const connecting = ws.connect(rawServer.url, { closeTimeout: 0 });
  const peer = await rawServer.nextPeer();
  await peer.accept({ extra: frame({ payload: 'welcome' }) });
  const client = await connecting;
  await expect(client).toHaveReceivedMessageCount(1);
  expect(client.messages.last()?.text).toBe('welcome');
});

test('2 buffer from the first byte: the last ones and all are readable after the close', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 12 } });
  await expect(client).toBeClosed({ reason: 'done' });
  expect(client.messages.length).toBe(12);
  expect(client.messages.last()?.value).toEqual({ type: 'tick', n: 12 });
  expect(client.messages.last(10).map(({ value }) => value)[0]).toEqual({ type: 'tick', n: 3 });
});

test('2 buffer from the first byte: frames are there by direction', async ({ ws }) => {
  const client = await ws.connect('/echo');
  await client.send('one');
  await expect(client).toReceiveMessage('one');
  const sent = client.frames.filter(({ direction }) => direction === 'sent');
  const received = client.frames.filter(({ direction }) => direction === 'received');
  expect([sent.length, received.length]).toEqual([1, 2]);
});

const forms: readonly [string, Expectation][] = [
  ['an object', { type: 'tick', n: 2 }],
  ['a text', '{"type":"tick","n":2}'],
  ['a RegExp', /"n":2\b/],
  ['a predicate', ({ text: json }: { text: string }) => json.includes('2')],
  ['an asymmetric matcher', expect.objectContaining({ n: 2 })],
  ['an object with one inside', { type: expect.any(String), n: 2 }],
];

for (const [name, expected] of forms) {
  test(`3 auto-retrying toReceiveMessage: it waits for what meets ${name}`, async ({ ws }) => {
    const client = await ws.connect('/ticker', { params: { every: 5 } });
    await expect(client).toReceiveMessage(expected);
    expect(client.messages.unclaimed.find(({ text: json }) => json.includes('"n":2}'))).toBe(undefined);
  });
}

test('3 auto-retrying toReceiveMessage: it passes for a message that came before the call', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 3 } });
  await expect(client).toBeClosed();
  await expect(client).toReceiveMessage({ n: 2 });
});

test('3 auto-retrying toReceiveMessage: a failure shows the nearest message', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 2 } });
  await expect(client).toBeClosed();
  expect(await rejection(expect(client).toReceiveMessage({ type: 'tick', n: 7 }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /ticker (ws://127.0.0.1:PORT/ticker?every=1&count=2), closed',
      'Expected: {"type": "tick", "n": 7}',
      'Received: 2 messages, none matched',
      'Closed:   1000 Normal closure "done", by the server, before the call',
      '',
      'Closest: #2, +N ms',
      '  {',
      '    "type": "tick",',
      '-   "n": 7,',
      '+   "n": 2,',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text   21 B  {"type":"tick","n":1}',
      '  - #2  +N ms  text   21 B  {"type":"tick","n":2}',
      '  - received  +N ms  close   6 B  1000 done',
      '  - sent  +N ms  close   6 B  1000 done',
    ),
  );
});

test('5 JSON codec in both directions: objects go as JSON text and come as values', async ({ server, ws }) => {
  const client = await ws.connect(server.url);
  const connection = await server.nextConnection();
  await client.send({ action: 'subscribe', channel: 'updates' });
  expect((await connection.nextMessage()).text).toBe('{"action":"subscribe","channel":"updates"}');
  await connection.send({ ok: true });
  expect((await client.waitForMessage()).value).toEqual({ ok: true });
});

test('5 JSON codec in both directions: a greeting in plain text needs no flag', async ({ ws }) => {
  const client = await ws.connect('/echo');
  await client.send({ action: 'subscribe' });
  await expect(client).toReceiveMessage({ action: 'subscribe' });
  expect(client.messages.unclaimed.map(({ value }) => value)).toEqual(['Request served by the example server']);
});

test('6 select and extract: a JSONPath filter over the last ten is one call', async ({ ws }) => {
  const feed = await ws.connect('/notifications?user_id=7');
  await feed.send({ user_id: '7', status: 'here' });
  await expect(feed).toHaveReceivedMessageCount(6); // those of others came last
  const mine = await feed.extract('$[?(@.user_id=="7")]', { last: 10 });
  expect(mine).toEqual([{ type: 'notification', user_id: '7', status: 'here', message: '7 is here' }]);
});

test('6 select and extract: the first, the last and all that match are at hand', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 5 } });
  await expect(client).toBeClosed();
  const isOdd = ({ text: json }: { text: string }): boolean => /[135]\}/.test(json);
  expect(client.messages.find(isOdd)?.value).toMatchObject({ n: 1 });
  expect(client.messages.filter(isOdd).length).toBe(3);
  expect(client.messages.filter(isOdd).at(-1)?.value).toMatchObject({ n: 5 });
});

test('6 select and extract: a value by RegExp or function goes into the next message', async ({ ws }) => {
  const client = await ws.connect('/echo');
  const server = await client.extract(/served by the (\w+) server/);
  await client.send({ server, tries: 3 });
  await expect(client).toReceiveMessage({ server: 'example' });
  const tries = await client.extract((value) => z.object({ tries: z.number() }).safeParse(value).data?.tries);
  expect(tries).toBe(3);
});

const bytes = [0, 127, 128, 255];
const payloads: readonly [string, Buffer | ArrayBuffer | Uint16Array | Blob][] = [
  ['Buffer', Buffer.from(bytes)],
  ['ArrayBuffer', new Uint8Array(bytes).buffer],
  ['typed array', new Uint16Array(new Uint8Array(bytes).buffer)],
  ['Blob', new Blob([new Uint8Array(bytes)])],
];

for (const [kind, payload] of payloads) {
  test(`10 text and binary: a ${kind} comes back as the same bytes`, async ({ ws }) => {
    const client = await ws.connect('/echo');
    await client.send(payload);
    await expect(client).toReceiveMessage(Buffer.from(bytes));
    expect(client.messages.last()).toMatchObject({ isBinary: true, size: 4 });
  });
}

test('10 text and binary: text stays text', async ({ ws }) => {
  const client = await ws.connect('/echo');
  await client.send('grüße');
  await expect(client).toReceiveMessage('grüße');
  expect(client.messages.last()).toMatchObject({ isBinary: false, size: 7 });
});

test('14 negative assertions: silence passes when its window has elapsed', async ({ ws }) => {
  const client = await ws.connect('/silent');
  const start = performance.now();
  await expect(client).not.toReceiveMessage({ type: 'error' }, { quietFor: 150 });
  expect(performance.now() - start).toBeGreaterThanOrEqual(149);
});

test('14 negative assertions: an unwanted message fails at once and is shown', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 5 } });
  const asserting = expect(client).not.toReceiveMessage({ n: 1 }, { quietFor: 20_000 });
  expect(await rejection(asserting)).toBe(
    text(
      'expect(client).not.toReceiveMessage(expected) failed',
      '',
      'Client:   /ticker (ws://127.0.0.1:PORT/ticker?every=5), open for N ms',
      'Expected: no {"n": 1} for 20000ms',
      'Received: #1, +N ms: {"type":"tick","n":1}',
      '',
      'Call log:',
      '  - #1  +N ms  text  21 B  {"type":"tick","n":1}',
    ),
  );
});

test('15 sequence and count: messages in order, with others between', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 5 } });
  await expect(client).toReceiveMessages([{ n: 1 }, { n: 3 }, { n: 5 }]);
});

test('15 sequence and count: messages in any order', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 5 } });
  await expect(client).toReceiveMessages([{ n: 5 }, { n: 1 }], { order: 'any' });
});

test('15 sequence and count: exactly so many', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 5 } });
  await expect(client).toBeClosed();
  await expect(client).toHaveReceivedMessageCount(5);
  await expect(client).toHaveReceivedMessage({ type: 'tick' }, { times: 5 });
  await expect(client).toHaveReceivedMessage({ n: 3 }, { times: 1 });
});

test('15 sequence and count: a failure names the first that is missing', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 3 } });
  await expect(client).toBeClosed();
  expect(await rejection(expect(client).toReceiveMessages([{ n: 1 }, { n: 7 }, { n: 3 }]))).toBe(
    text(
      'expect(client).toReceiveMessages(expected) failed',
      '',
      'Client:   /ticker (ws://127.0.0.1:PORT/ticker?every=1&count=3), closed',
      'Expected: 3 messages, in this order',
      '          [0] {"n": 1}',
      '          [1] {"n": 7}',
      '          [2] {"n": 3}',
      'Received: 3 messages, 1 of 3 expectations met, [1] is the first missing',
      'Closed:   1000 Normal closure "done", by the server, before the call',
      '',
      'Closest to [1]: #3, +N ms',
      '  {',
      '-   "n": 7,',
      '+   "n": 3,',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text   21 B  {"type":"tick","n":1}',
      '  - #2  +N ms  text   21 B  {"type":"tick","n":2}',
      '  - #3  +N ms  text   21 B  {"type":"tick","n":3}',
      '  - received  +N ms  close   6 B  1000 done',
      '  - sent  +N ms  close   6 B  1000 done',
    ),
  );
});

test('15 sequence and count: neighbours pass, a gap fails where none is allowed', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 3 } });
  await expect(client).toBeClosed();
  const withGap = expect(client).toReceiveMessages([{ n: 1 }, { n: 3 }], { order: 'strict' });
  await expect(withGap).rejects.toThrow('2 messages, in this order with none between');
  await expect(client).toReceiveMessages([{ n: 2 }, { n: 3 }], { order: 'strict' });
});

test('16 request/reply: requests that are answered out of order get their own replies', async ({ server, ws }) => {
  const client = await ws.connect(server.url);
  const connection = await server.nextConnection();
  const asking = Promise.all([1, 2].map((id) => client.request({ id, op: 'get' }, { ok: true }, { correlate: 'id' })));
  await connection.nextMessage();
  await connection.nextMessage();
  await connection.send({ id: 2, ok: true, order: 'second' });
  await connection.send({ id: 1, ok: true, order: 'first' });
  expect((await asking).map(({ value }) => value)).toMatchObject([{ order: 'first' }, { order: 'second' }]);
});

test('16 request/reply: a reply that is not what was expected fails at once', async ({ server, ws }) => {
  server.onConnection((connection) => {
    connection.socket.on('message', () => void connection.send({ id: 1, ok: false, error: 'sold out' }));
  });
  const client = await ws.connect(server.url);
  expect(await rejection(client.request({ id: 1 }, { ok: true }, { correlate: 'id' }))).toBe(
    text(
      'client.request(data, expected) failed',
      '',
      'Client:   127.0.0.1:PORT (ws://127.0.0.1:PORT/), open for N ms',
      'Expected: {"ok": true}',
      'Where:    the reply with id: 1',
      'Received: #1, which does not meet the expectation',
      '',
      'Selected: #1, +N ms',
      '  {',
      '-   "ok": true,',
      '+   "ok": false,',
      '  }',
      '',
      'Call log:',
      '  - sent  +N ms  text   8 B  {"id":1}',
      '  - #1  +N ms  text  38 B  {"id":1,"ok":false,"error":"sold out"}  (claimed by request at messages.spec.ts:LINE)',
    ),
  );
});

test('17 structural matchers: a schema types what it accepts', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1 } });
  const { value } = await client.waitForMessage(z.object({ n: z.number().min(3) }));
  const n: number = value.n;
  expect(n).toBe(3);
});

test('17 structural matchers: a schema that nothing meets names the path', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 1 } });
  await expect(client).toBeClosed();
  const order = z.object({ type: z.string(), order: z.object({ id: z.number() }) });
  expect(await rejection(expect(client).toReceiveMessage(order))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /ticker (ws://127.0.0.1:PORT/ticker?every=1&count=1), closed',
      'Expected: schema (zod)',
      'Received: 1 message, none matched',
      'Closed:   1000 Normal closure "done", by the server, before the call',
      '',
      'Closest: #1, +N ms',
      'does not validate (zod)',
      '  order: Invalid input: expected object, received undefined',
      '',
      'Call log:',
      '  - #1  +N ms  text   21 B  {"type":"tick","n":1}',
      '  - received  +N ms  close   6 B  1000 done',
      '  - sent  +N ms  close   6 B  1000 done',
    ),
  );
});

test('17 structural matchers: any simple value, greater and less', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 5 } });
  await expect(client).toReceiveMessage({ type: expect.anything() });
  await expect(client).toReceiveMessage(z.object({ n: z.number().gt(3).lt(5) }));
});

test('22 poll until: it stops sending when the answer is right', async ({ server, ws }) => {
  const client = await ws.connect(server.url);
  const connection = await server.nextConnection();
  const polling = client.sendUntil({ op: 'status' }, { status: 'done' }, { interval: 10, maxAttempts: 50 });
  for (const status of ['new', 'running', 'done']) {
    await connection.nextMessage();
    await connection.send({ status });
  }
  expect((await polling).value).toEqual({ status: 'done' });
});

test('22 poll until: a failure says how many tries there were', async ({ ws }) => {
  const client = await ws.connect('/silent');
  const polling = client.sendUntil({ op: 'status' }, { status: 'done' }, { interval: 150, maxAttempts: 3 });
  expect(await rejection(polling)).toBe(
    text(
      'client.sendUntil(data, expected) failed',
      '',
      'Client:   /silent (ws://127.0.0.1:PORT/silent), open for N ms',
      'Expected: {"status": "done"}',
      'Received: nothing',
      'Attempts: 3 sends, 150ms apart',
      '',
      'Call log:',
      '  - sent  +N ms  text  15 B  {"op":"status"}',
      '  - sent  +N ms  text  15 B  {"op":"status"}',
      '  - sent  +N ms  text  15 B  {"op":"status"}',
    ),
  );
});
