import { expect as hostExpect, test } from '@playwright/test';
import { expect } from '../../src/playwright/expect.ts';
import { createClient, createRegistry } from '../connection/test-client.ts';
import { failure, failureText, steadyText, text } from '../helpers/failure-text.ts';

const soon = { timeout: 1 };

test('an assertion that was not awaited is told with its line', async () => {
  const { client, registry } = createClient();
  const failing = failure(expect(client).toReceiveMessage({ type: 'x' }));
  const [finding] = registry.settle('finished');

  hostExpect(steadyText((await failing).message)).toBe(
    text(
      'toReceiveMessage at explain.spec.ts:LINE was not awaited',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"type": "x"}',
      'Received: nothing',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
  hostExpect(steadyText(finding.text)).toBe('toReceiveMessage at explain.spec.ts:LINE was not awaited');
});

test("an assertion that was pending when the test's own time ran out says so", async () => {
  const { client, receive, registry } = createClient();
  receive({ type: 'y' });
  const failing = failureText(expect(client).toReceiveMessage({ type: 'x' }, { timeout: 0 }));
  registry.settle('timedOut');

  hostExpect(await failing).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"type": "x"}',
      'Received: 1 message, none matched',
      "Ended:    by the test's own timeout, after N ms of waiting",
      '',
      'Closest: #1, +N ms',
      '  {',
      '-   "type": "x",',
      '+   "type": "y",',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text  12 B  {"type":"y"}',
    ),
  );
});

test('a client whose opening handshake is not done is connecting', async () => {
  const { client } = createClient({ isConnecting: true });

  hostExpect(await failureText(expect(client).toBeOpen(soon))).toBe(
    text(
      'expect(client).toBeOpen() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), connecting',
      'Expected: open',
      'Received: connecting',
      'Timeout:  1ms',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('a client whose opening handshake failed was never opened', async () => {
  const { client, connection } = createClient({ isConnecting: true });
  const failing = failureText(expect(client).toReceiveMessage('x', { timeout: 0 }));
  await connection.start(() => Promise.reject(new Error('Cannot connect: nobody listens'))).catch(() => {});

  hostExpect(await failing).toContain(
    text(
      'Client:   /orders (ws://127.0.0.1:PORT/orders), never opened',
      'Expected: "x"',
      'Received: nothing',
      'Closed:   1006 Abnormal closure, by the network, after N ms of waiting',
      '          Cannot connect: nobody listens',
    ),
  );
});

test('the secrets of a URL are not shown', async () => {
  const { client } = createClient({ url: 'ws://127.0.0.1:4040/orders?access_token=s3cret' });

  hostExpect(await failureText(expect(client).toReceiveMessage('x', soon))).not.toContain('s3cret');
});

test('control characters of payloads, reasons and names are made visible everywhere', async () => {
  const { client, connection, receive } = createClient({ name: 'a\u202Eb' });
  receive('\u001B[31mred\u001B[0m\nsecond\u202E line', { key: 'bidi \u202E \u009B31m' });
  const messages = [
    await failureText(expect(client).toReceiveMessage('red\nsecond line', soon)),
    await failureText(expect(client).toReceiveMessage({ key: 'bidi' }, soon)),
    await failureText(expect(client).not.toReceiveMessage(/red/)),
  ];
  connection.close(4000, Buffer.from('because\u202E of \u001B[31m'));
  messages.push(await failureText(expect(client).toReceiveMessage('x', soon)));

  for (const message of messages) hostExpect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  hostExpect(messages[0]).toContain(String.raw`a\u202eb (ws://127.0.0.1:PORT/orders)`);
  hostExpect(messages[3]).toContain(String.raw`4000 "because\u202e of`);
});

test('a failure stays short whatever came', async () => {
  const { client, receive } = createClient();
  const huge = { type: 'x', list: Array.from({ length: 10_000 }, (_, n) => ({ n, text: 'y'.repeat(100) })) };
  receive(huge, 'z'.repeat(1_000_000), Buffer.alloc(1_000_000));
  const expected = { ...huge, type: 'z', list: huge.list.map((item) => ({ ...item, n: -1 })) };

  hostExpect((await failure(expect(client).toReceiveMessage(expected, soon))).message.length).toBeLessThan(25_000);
  hostExpect((await failure(expect(client).toReceiveMessage('q'.repeat(1_000_000), soon))).message.length).toBeLessThan(
    5000,
  );
});

test('a failure over many messages looks at the last thousand', async () => {
  const { client, receive } = createClient();
  receive(...Array.from({ length: 3000 }, (_, n) => ({ n })));
  await client.waitForMessages(3000);
  const failing = await failureText(expect(client).toReceiveMessage(/"n":/, soon));

  hostExpect(failing).toContain(
    text(
      'Received: 3000 messages',
      '          … 997 or more like these:',
      '          #2998 matches, but it was claimed by waitForMessages at explain.spec.ts:LINE',
    ),
  );
  hostExpect(failing).toContain('  - … 2988 earlier frames\n');
});

test('the nearest message is not searched among claimed ones', async () => {
  const { client, receive } = createClient();
  receive({ type: 'a', n: 1 }, { type: 'b' });
  await client.waitForMessage({ n: 1 });

  hostExpect(await failureText(expect(client).toReceiveMessage({ type: 'a', n: 2 }, soon))).toContain(
    'Closest: #2, +N ms\n',
  );
});

test('the nearest message is not searched before the mark', async () => {
  const { client, receive } = createClient();
  receive({ type: 'a', n: 1 });
  const mark = client.mark();
  receive({ type: 'b' });

  hostExpect(
    await failureText(expect(client).toReceiveMessage({ type: 'a', n: 2 }, { ...soon, after: mark })),
  ).toContain('Closest: #2, +N ms\n');
});

test('a wait of a worker counts the messages of its test', async () => {
  const { client, connection, receive } = createClient();
  receive('earlier test', 'earlier test');
  connection.beginTest();
  receive('this test');

  hostExpect(await failureText(expect(client).toReceiveMessage('x', soon))).toContain(
    'Received: 1 message, none matched\n',
  );
});

test('the failure of a method has the shape of that of a matcher', async () => {
  const { client, receive } = createClient();
  receive({ id: 2 });

  hostExpect(await failureText(client.request({ id: 1 }, { ok: true }, { correlate: 'id', ...soon }))).toBe(
    text(
      'client.request(data, expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"ok": true}',
      'Where:    the reply with id: 1',
      'Received: nothing after the sent frame, 1 message before it',
      'Timeout:  1ms',
      '',
      'Call log:',
      '  - #1  +N ms  text  8 B  {"id":2}',
      '  - sent  +N ms  text  8 B  {"id":1}',
    ),
  );
});

test('clients of one failure are told apart by their names', async () => {
  const registry = createRegistry();
  const clients = [createClient({ registry }).client, createClient({ registry }).client];

  hostExpect(await failureText(expect(clients).toReceiveMessage('x', soon))).toContain(
    'Clients:  2 of 2 fail: /orders, /orders 2\n',
  );
});
