import { createClient } from '../connection/test-client.ts';
import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

const soon = { timeout: 30 };

test('toHaveReceivedMessage sees claimed messages and claims nothing', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await peer.send('b');
  await expect(client).toReceiveMessage('a');
  await expect(client).toHaveReceivedMessage('a');
  await expect(client).toHaveReceivedMessage('b');

  expect(client.messages.unclaimed.map((message) => message.text)).toEqual(['b']);
});

test('toHaveReceivedMessage waits for what has not come', async ({ open }) => {
  const { client, peer } = await open();
  const received = expect(client).toHaveReceivedMessage({ type: 'a' });
  await peer.send({ type: 'a' });

  await received;
});

test('toHaveReceivedMessage with times waits for so many', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('tick');
  await peer.send('other');
  const received = expect(client).toHaveReceivedMessage('tick', { times: 2 });
  await peer.send('tick');

  await received;
});

test('toHaveReceivedMessage that nothing met shows the nearest, claimed or not', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ type: 'a', n: 1 });
  await expect(client).toReceiveMessage({ n: 1 });

  expect(await failureText(expect(client).toHaveReceivedMessage({ type: 'a', n: 2 }, soon))).toBe(
    text(
      'expect(client).toHaveReceivedMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"type": "a", "n": 2}',
      'Received: 1 message, none matched',
      'Timeout:  30ms',
      '',
      'Closest: #1, +N ms',
      '  {',
      '    "type": "a",',
      '-   "n": 2,',
      '+   "n": 1,',
      '  }',
      '',
      'Call log:',
      '  - #1  +N ms  text  18 B  {"type":"a","n":1}  (claimed by toReceiveMessage at history.spec.ts:LINE)',
    ),
  );
});

test('toHaveReceivedMessage that came too seldom says how often, and which', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('tick');
  await peer.send('tock');
  await expect(client).toHaveReceivedMessageCount(2);

  expect(await failureText(expect(client).toHaveReceivedMessage('tick', { times: 2, ...soon }))).toBe(
    text(
      'expect(client).toHaveReceivedMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "tick", 2 times',
      'Received: 2 messages, 1 matched: #1',
      'Timeout:  30ms',
      '',
      'Closest: #2, +N ms',
      '- "tick"',
      '+ "tock"',
      '',
      'Call log:',
      '  - #1  +N ms  text  4 B  tick',
      '  - #2  +N ms  text  4 B  tock',
    ),
  );
});

test('toHaveReceivedMessage fails at once for one too many', async ({ open }) => {
  const { client, peer } = await open();
  for (let n = 0; n < 5; n++) await peer.send('tick');
  await expect(client).toHaveReceivedMessageCount(5);

  expect(await failureText(expect(client).toHaveReceivedMessage('tick', { times: 1, timeout: 0 }))).toContain(
    text('Expected: "tick", 1 time', 'Received: 5 messages, 5 matched: … #3, #4, #5', '', 'Call log:'),
  );
});

test('toHaveReceivedMessage ends at once when the connection closes', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toHaveReceivedMessage('tick', { timeout: 0 }));
  await peer.close(1000);

  expect(await failing).toContain(
    text('Received: nothing', 'Closed:   1000 Normal closure, by the server, after N ms of waiting'),
  );
});

test('toHaveReceivedMessage passes on a closed connection for what came before', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('tick');
  await peer.close(1000);
  await client.waitForClose();

  await expect(client).toHaveReceivedMessage('tick', { times: 1 });
});

test('not.toHaveReceivedMessage judges this instant', async ({ open }) => {
  const { client, peer } = await open();
  await expect(client).not.toHaveReceivedMessage('tick');
  await peer.send('tick');
  await expect(client).toReceiveMessage('tick');

  expect(await failureText(expect(client).not.toHaveReceivedMessage('tick'))).toBe(
    text(
      'expect(client).not.toHaveReceivedMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: no "tick"',
      'Received: 1 message, 1 matched: #1',
      '',
      'Call log:',
      '  - #1  +N ms  text  4 B  tick  (claimed by toReceiveMessage at history.spec.ts:LINE)',
    ),
  );
});

test('not.toHaveReceivedMessage with times judges the number', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('tick');
  await expect(client).toHaveReceivedMessageCount(1);
  await expect(client).not.toHaveReceivedMessage('tick', { times: 2 });

  expect(await failureText(expect(client).not.toHaveReceivedMessage('tick', { times: 1 }))).toContain(
    text('Expected: "tick", not 1 time', 'Received: 1 message, 1 matched: #1\n'),
  );
});

test('toHaveReceivedMessageCount waits for so many', async ({ open }) => {
  const { client, peer } = await open();
  await expect(client).toHaveReceivedMessageCount(0);
  const received = expect(client).toHaveReceivedMessageCount(2);
  await peer.send('a');
  await peer.send('b');

  await received;
});

test('toHaveReceivedMessageCount fails at the limit for too few', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toHaveReceivedMessageCount(2, soon))).toBe(
    text(
      'expect(client).toHaveReceivedMessageCount(count) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: 2 messages',
      'Received: 1 message',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - #1  +N ms  text  1 B  a',
    ),
  );
});

test('toHaveReceivedMessageCount fails at once for too many', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await peer.send('b');
  await expect(client).toHaveReceivedMessageCount(2);

  expect(await failureText(expect(client).toHaveReceivedMessageCount(1, { timeout: 0 }))).toContain(
    text('Expected: 1 message', 'Received: 2 messages', '', 'Call log:'),
  );
});

test('not.toHaveReceivedMessageCount judges this instant', async ({ open }) => {
  const { client } = await open();
  await expect(client).not.toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).not.toHaveReceivedMessageCount(0))).toContain(
    text('Expected: not 0 messages', 'Received: 0 messages', '', 'Call log:'),
  );
});

test('toHaveSentMessage sees what was sent', async ({ open }) => {
  const { client } = await open();
  await client.send({ action: 'subscribe', channel: 'orders' });
  await client.send('text');

  await expect(client).toHaveSentMessage({ action: 'subscribe' });
  await expect(client).toHaveSentMessage('text', { times: 1 });
  await expect(client).not.toHaveSentMessage({ action: 'unsubscribe' });
});

test('toHaveSentMessage waits for what has not been sent', async ({ open }) => {
  const { client } = await open();
  const sent = expect(client).toHaveSentMessage('later');
  await client.send('later');

  await sent;
});

test('toHaveSentMessage that nothing met shows the nearest sent message', async ({ open }) => {
  const { client, peer } = await open();
  await client.ping();
  await client.send({ action: 'subscribe', channel: 'ordres' });
  await peer.send({ action: 'subscribe', channel: 'orders' });
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toHaveSentMessage({ action: 'subscribe', channel: 'orders' }, soon))).toBe(
    text(
      'expect(client).toHaveSentMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: {"action": "subscribe", "channel": "orders"}',
      'Received: 1 sent message, none matched',
      'Timeout:  30ms',
      '',
      'Closest: sent +N ms',
      '  {',
      '    "action": "subscribe",',
      '-   "channel": "orders",',
      '+   "channel": "ordres",',
      '  }',
      '',
      'Call log:',
      '  - sent  +N ms  ping  15 B  playwright-ws 1',
      '  - received  +N ms  pong  15 B  playwright-ws 1',
      '  - sent  +N ms  text  41 B  {"action":"subscribe","channel":"ordres"}',
      '  - #1  +N ms  text  41 B  {"action":"subscribe","channel":"orders"}',
    ),
  );
});

test('toHaveSentMessage of a client that sent nothing says so', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('x');
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).toHaveSentMessage('x', soon))).toContain(
    text('Received: nothing sent', 'Timeout:  30ms', '', 'Call log:'),
  );
});

test('the history of a worker begins with the current test', async () => {
  const { client, connection, receive } = createClient();
  receive('tick');
  await client.send('go');
  connection.beginTest();
  await expect(client).toHaveReceivedMessageCount(0);
  await expect(client).not.toHaveReceivedMessage('tick');
  await expect(client).not.toHaveSentMessage('go');
});
