import * as z from 'zod';
import { anyMessage, connect } from '../../src/client.ts';
import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

/** Long enough for what is in the buffer, which is looked at before any time passes. */
const soon = { timeout: 30 };

test('a wait to which nothing came says so', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toReceiveMessage({ type: 'order.updated' }, soon))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"type": "order.updated"}',
      'Received: nothing',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('a wait for any message has no argument in its failure', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect.configure({ timeout: 20 })(client).toReceiveMessage())).toBe(
    text(
      'expect(client).toReceiveMessage() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: any message',
      'Received: nothing',
      'Timeout:  20ms',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('a wait that no message met shows what the nearest one lacks', async ({ open }) => {
  const { client, peer } = await open();
  await client.send({ action: 'subscribe' });
  await peer.send({ type: 'subscribed' });
  await peer.send({ type: 'order.updated', id: 42, status: 'PENDING' });
  await peer.send(Buffer.from([1, 2, 255]));
  await expect(client).toHaveReceivedMessageCount(3);

  expect(
    await failureText(expect(client).toReceiveMessage({ type: 'order.updated', id: 42, status: 'PAID' }, soon)),
  ).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"type": "order.updated", "id": 42, "status": "PAID"}',
      'Received: 3 messages, none matched',
      'Timeout:  30ms',
      '',
      'Closest: #2, +N ms',
      '  {',
      '    "type": "order.updated",',
      '    "id": 42,',
      '-   "status": "PAID",',
      '+   "status": "PENDING",',
      '  }',
      '',
      'Call log:',
      '  - sent  +N ms  text    22 B  {"action":"subscribe"}',
      '  - #1  +N ms  text    21 B  {"type":"subscribed"}',
      '  - #2  +N ms  text    51 B  {"type":"order.updated","id":42,"status":"PENDING"}',
      '  - #3  +N ms  binary   3 B  <01 02 ff>',
    ),
  );
});

test('a wait whose message another assertion claimed names it', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('pong');
  await expect(client).toReceiveMessage('pong');

  expect(await failureText(expect(client).toReceiveMessage('pong', soon))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "pong"',
      'Received: 1 message',
      '          #1 matches, but it was claimed by toReceiveMessage at why-a-wait-ended.spec.ts:LINE',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - #1  +N ms  text  4 B  pong  (claimed by toReceiveMessage at why-a-wait-ended.spec.ts:LINE)',
    ),
  );
});

test('the claim is named with the line of its assertion', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('pong');
  await client.waitForMessage('pong');
  const line = lineBefore(new Error('here'));
  const failing = expect(client).toReceiveMessage('pong', soon);

  await expect(failing).rejects.toThrow(`claimed by waitForMessage at why-a-wait-ended.spec.ts:${line}\n`);
});

test('of many claimed messages that match the newest are named', async ({ open }) => {
  const { client, peer } = await open();
  for (let n = 0; n < 5; n++) await peer.send('pong');
  await expect(client).toReceiveMessages(Array.from({ length: 5 }, () => 'pong'));

  expect(await failureText(expect(client).toReceiveMessage('pong', soon))).toContain(
    text(
      'Received: 5 messages',
      '          … 2 more like these:',
      '          #3 matches, but it was claimed by toReceiveMessages at why-a-wait-ended.spec.ts:LINE',
      '          #4 matches, but it was claimed by toReceiveMessages at why-a-wait-ended.spec.ts:LINE',
      '          #5 matches, but it was claimed by toReceiveMessages at why-a-wait-ended.spec.ts:LINE',
      'Timeout:  30ms',
    ),
  );
});

test('a wait whose message came before the mark says so', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('ready');
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toReceiveMessage('ready', { ...soon, after: client.mark() }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "ready"',
      'Received: nothing after the mark, 1 message before it',
      '          #1 matches, but it came before the mark',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - #1  +N ms  text  5 B  ready',
    ),
  );
});

test('a wait after a frame or a message calls it by its name', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('ready');
  const ready = await client.waitForMessage('ready');
  const sent = await client.send('go');
  await peer.nextMessage();
  await peer.send('done');
  await expect(client).toHaveReceivedMessageCount(2);

  expect(await failureText(expect(client).toReceiveMessage('x', { ...soon, after: sent }))).toContain(
    'Received: 1 message after the sent frame, none matched\n',
  );
  expect(await failureText(expect(client).toReceiveMessage('x', { ...soon, after: ready }))).toContain(
    'Received: 1 message after #1 of /orders, none matched\n',
  );
});

test('a wait whose connection closes ends at once, with code and reason', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toReceiveMessage({ type: 'x' }, { timeout: 0 }));
  await peer.close(4001, 'kicked');

  expect(await failing).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: {"type": "x"}',
      'Received: nothing',
      'Closed:   4001 "kicked", by the server, after N ms of waiting',
      '',
      'Call log:',
      '  - received  +N ms  close  8 B  4001 kicked',
      '  - sent  +N ms  close  8 B  4001 kicked',
    ),
  );
});

test('a wait on a connection that has closed ends at once', async ({ open }) => {
  const { client, peer } = await open();
  await peer.close(1001);
  await client.waitForClose();

  expect(await failureText(expect(client).toReceiveMessage('x', { timeout: 0 }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: "x"',
      'Received: nothing',
      'Closed:   1001 Going away, by the server, before the call',
      '',
      'Call log:',
      '  - received  +N ms  close  2 B  1001',
      '  - sent  +N ms  close  2 B  1001',
    ),
  );
});

test('a wait whose connection is lost says that the network ended it', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toReceiveMessage('x', { timeout: 0 }));
  await peer.terminate();

  expect(await failing).toContain('Closed:   1006 Abnormal closure, by the network, after N ms of waiting\n');
});

test('a wait that its signal ended gives the reason', async ({ open }) => {
  const { client } = await open();
  const controller = new AbortController();
  const failing = failureText(expect(client).toReceiveMessage('x', { signal: controller.signal, timeout: 0 }));
  controller.abort(new Error('the order was cancelled'));

  expect(await failing).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "x"',
      'Received: nothing',
      'Aborted:  the order was cancelled',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('a wait with a signal that is aborted already looks at the buffer first', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('x');
  await expect(client).toHaveReceivedMessageCount(1);
  const signal = AbortSignal.abort('too late');
  await expect(client).toReceiveMessage('x', { signal });

  expect(await failureText(expect(client).toReceiveMessage('x', { signal }))).toContain('Aborted:  too late\n');
});

test('a message that where selects, and that does not meet the expectation, ends the wait', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ id: 7 });
  await peer.send({ id: 42, status: 'PENDING' });

  expect(
    await failureText(expect(client).toReceiveMessage({ status: 'PAID' }, { where: { id: 42 }, timeout: 0 })),
  ).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"status": "PAID"}',
      'Where:    {"id": 42}',
      'Received: #2, which does not meet the expectation',
      '',
      'Selected: #2, +N ms',
      '  {',
      '-   "status": "PAID",',
      '+   "status": "PENDING",',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text   8 B  {"id":7}',
      '  - #2  +N ms  text  28 B  {"id":42,"status":"PENDING"}  (claimed by toReceiveMessage at why-a-wait-ended.spec.ts:LINE)',
    ),
  );
});

test('a wait for which where selected nothing shows the message nearest to where', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ id: 7, status: 'PAID' });
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toReceiveMessage({ status: 'PAID' }, { where: { id: 42 }, ...soon }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"status": "PAID"}',
      'Where:    {"id": 42}',
      'Received: 1 message, none selected',
      'Timeout:  30ms',
      '',
      'Closest: #1, +N ms',
      '  {',
      '-   "id": 42,',
      '+   "id": 7,',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text  24 B  {"id":7,"status":"PAID"}',
    ),
  );
});

test('a message that came too early ends the wait', async ({ open }) => {
  const { client, peer } = await open();
  const mark = client.mark();
  await peer.send('x');

  expect(await failureText(expect(client).toReceiveMessage('x', { after: mark, notBefore: 60_000 }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "x", not before 60000ms after the mark',
      'Received: #1, N ms after the mark',
      '',
      'Call log:',
      '  - #1  +N ms  text  1 B  x',
    ),
  );
});

test('a message that came before the call is too early for notBefore', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('x');
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toReceiveMessage('x', { notBefore: 1 }))).toContain(
    text('Expected: "x", not before 1ms after the call', 'Received: #1, N ms before the call'),
  );
});

test('a message that came too late ends the wait', async ({ open }) => {
  const { client, peer } = await open();
  const mark = client.mark();
  await peer.send('x');
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toReceiveMessage('x', { after: mark, within: 0 }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "x", within 0ms after the mark',
      'Received: #1, N ms after the mark',
      '',
      'Call log:',
      '  - #1  +N ms  text  1 B  x',
    ),
  );
});

test('a message that within waited for in vain names within as the limit', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toReceiveMessage('x', { after: client.mark(), within: 30 }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "x", within 30ms after the mark',
      'Received: nothing',
      'Within:   30ms after the mark',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('a timeout below within names the timeout as the limit', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toReceiveMessage('x', { timeout: 20, within: 9000 }))).toContain(
    text('Expected: "x", within 9000ms after the call', 'Received: nothing', 'Timeout:  20ms'),
  );
});

test('a predicate that threw is shown with what it threw', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('{}');
  await expect(client).toHaveReceivedMessageCount(1);
  const failing = expect(client).toReceiveMessage(function isFull({ value }): boolean {
    throw new RangeError(`no list in ${JSON.stringify(value)}`);
  }, soon);

  expect(await failureText(failing)).toContain(
    text(
      'Received: 1 message, none matched',
      'Timeout:  30ms',
      '',
      'Closest: #1, +N ms',
      'the predicate threw: no list in {}',
      '',
      'Call log:',
    ),
  );
});

test('a predicate that returns no boolean is a TypeError at the line of the assertion', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('x');
  // @ts-expect-error a predicate returns a boolean
  const failing = expect(client).toReceiveMessage(({ text: found }) => found.length, { timeout: 0 });

  expect(await failureText(failing)).toBe(
    text(
      'Cannot use ({ text: found }) => found.length as the expectation of toReceiveMessage: the predicate returned 1, true or false was wanted.',
      "  Return a boolean: toReceiveMessage((message) => message.text === 'ready').",
    ),
  );
});

test('a message that violates the schema of the client shows its issues', async ({ server }) => {
  const client = await connect(server.url, { schema: z.object({ id: z.number() }), name: 'typed' });
  const peer = await server.nextConnection();
  await peer.send({ id: 'seven' });
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toReceiveMessage({ id: 7 }, soon))).toContain(
    text(
      'Closest: #1, +N ms',
      "violates the client's schema",
      '  id: Invalid input: expected number, received string',
      '',
      'Call log:',
    ),
  );
  await expect(client).toReceiveMessage(anyMessage);
  await client.close();
});

function lineBefore(error: Error): number {
  return Number(/why-a-wait-ended\.spec\.ts:(\d+)/.exec(error.stack ?? '')?.[1]) - 1;
}
