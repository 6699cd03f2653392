import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

const soon = { timeout: 30 };

test('toReceiveMessages takes them in this order, with others between, by default', async ({ open }) => {
  const { client, peer } = await open();
  for (const n of [1, 2, 3, 4]) await peer.send({ n });
  await expect(client).toReceiveMessages([{ n: 1 }, { n: 3 }]);

  expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([1, 3]);
});

test('toReceiveMessages waits for what is missing', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  const received = expect(client).toReceiveMessages(['a', 'b']);
  await peer.send('b');

  await received;
});

test('toReceiveMessages in another order than asked for claims nothing', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('b');
  await peer.send('a');
  await expect(client).toHaveReceivedMessageCount(2);

  expect(await failureText(expect(client).toReceiveMessages(['a', 'b'], soon))).toBe(
    text(
      'expect(client).toReceiveMessages(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: 2 messages, in this order',
      '          [0] "a"',
      '          [1] "b"',
      'Received: 2 messages, 1 of 2 expectations met, [1] is missing',
      '          #1 matches [1], but it is out of order',
      'Timeout:  30ms',
      '',
      'Closest to [1]: #2, +N ms',
      '- "b"',
      '+ "a"',
      '',
      'Call log:',
      '  - #1  +N ms  text  1 B  b',
      '  - #2  +N ms  text  1 B  a',
    ),
  );
  expect(client.messages.unclaimed).toHaveLength(2);
});

test("order: 'strict' lets none come between", async ({ open }) => {
  const { client, peer } = await open();
  for (const letter of ['a', 'x', 'b']) await peer.send(letter);
  await expect(client).toHaveReceivedMessageCount(3);
  const strict = expect(client).toReceiveMessages(['a', 'b'], { ...soon, order: 'strict' });
  expect(await failureText(strict)).toContain('Expected: 2 messages, in this order with none between\n');

  await expect(client).toReceiveMessages(['x', 'b'], { order: 'strict' });
});

test("order: 'any' finds the assignment that meets all", async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ n: 1, type: 'a' });
  await peer.send({ n: 2 });

  // The first message meets both: it has to be left to the second expectation.
  await expect(client).toReceiveMessages([{ n: expect.any(Number) }, { type: 'a' }], { order: 'any' });
});

test("order: 'any' says which expectation is missing", async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ type: 'b' });
  await expect(client).toHaveReceivedMessageCount(1);

  expect(
    await failureText(
      expect(client).toReceiveMessages([{ type: 'a' }, { type: 'b' }, { type: 'c' }], { ...soon, order: 'any' }),
    ),
  ).toBe(
    text(
      'expect(client).toReceiveMessages(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: 3 messages, in any order',
      '          [0] {"type": "a"}',
      '          [1] {"type": "b"}',
      '          [2] {"type": "c"}',
      'Received: 1 message, 1 of 3 expectations met, [0] is the first missing',
      'Timeout:  30ms',
      '',
      'Closest to [0]: #1, +N ms',
      '  {',
      '-   "type": "a",',
      '+   "type": "b",',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text  12 B  {"type":"b"}',
    ),
  );
});

test('toReceiveMessages after a mark looks at what came later', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await expect(client).toHaveReceivedMessageCount(1);
  const mark = client.mark();
  await peer.send('b');
  await expect(client).toReceiveMessages(['b'], { after: mark });

  await expect(expect(client).toReceiveMessages(['a'], { ...soon, after: mark })).rejects.toThrow(
    '#1 matches, but it came before the mark',
  );
});

test('toReceiveMessages ends at once when the connection closes, and gives back what it held', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toReceiveMessages(['a', 'b'], { timeout: 0 }));
  await peer.send('a');
  await peer.close(1000);

  expect(await failing).toContain(
    text(
      'Received: 1 message, 1 of 2 expectations met, [1] is missing',
      'Closed:   1000 Normal closure, by the server, after N ms of waiting',
    ),
  );
  await expect(client).toReceiveMessage('a');
});

test('a wait of fewer messages gets what a longer one gives back', async ({ open }) => {
  const { client, peer } = await open();
  const controller = new AbortController();
  const long = failureText(expect(client).toReceiveMessages(['a', 'b'], { signal: controller.signal, timeout: 0 }));
  await peer.send('a');
  await expect(client).toHaveReceivedMessageCount(1);
  const short = expect(client).toReceiveMessage('a', { timeout: 0 });
  controller.abort();

  await short;
  expect(await long).toContain('Aborted:  This operation was aborted\n');
});

test('a failure lists a bounded number of expectations', async ({ open }) => {
  const { client } = await open();
  const expected = Array.from({ length: 100 }, (_, n) => ({ n }));
  const failing = await failureText(expect(client).toReceiveMessages(expected, soon));

  expect(failing).toContain(text('          [22] {"n": 22}', '          … 77 more lines', 'Received: nothing'));
});

test('waitForMessages of a number says how many', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(client.waitForMessages(2, soon))).toBe(
    text(
      'client.waitForMessages(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: any 2 messages',
      'Received: 1 message, 1 of 2 expectations met, [1] is missing',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - #1  +N ms  text  1 B  a',
    ),
  );
});

test('not.toReceiveMessages is a TypeError that shows the right form', async ({ open }) => {
  const { client } = await open();
  // @ts-expect-error it would not say which message is unwanted
  const failing = expect(client).not.toReceiveMessages(['a']);

  expect(await failureText(failing)).toBe(
    text(
      'Cannot use not.toReceiveMessages: it would not say which message is unwanted',
      '  Write expect(client).not.toReceiveMessage(expected) for each.',
    ),
  );
});

test('an empty list of expectations is a TypeError that shows the right form', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toReceiveMessages([]))).toBe(
    text(
      'Cannot wait for messages: expected a list of expectations or how many, found an empty list',
      "  Write toReceiveMessages([{ type: 'a' }, { type: 'b' }]).",
    ),
  );
});
