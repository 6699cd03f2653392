import * as z from 'zod';
import { anyMessage, connect } from '../../src/client.ts';
import { Queue } from '../helpers/queue.ts';
import { expect, test } from './open-client.ts';

test('toReceiveMessage passes for a message that came before it', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ type: 'greeting' });
  await expect(client).toHaveReceivedMessageCount(1);

  await expect(client).toReceiveMessage({ type: 'greeting' });
});

test('toReceiveMessage passes for a greeting that comes with the 101', async ({ server }) => {
  server.onConnection((peer) => void peer.send('welcome'));
  const client = await connect(server.url);

  await expect(client).toReceiveMessage('welcome');
  await client.close();
});

test('toReceiveMessage waits for a message that comes later', async ({ open }) => {
  const { client, peer } = await open();
  const received = expect(client).toReceiveMessage({ type: 'later' });
  await peer.send({ type: 'other' });
  await peer.send({ type: 'later' });

  await received;
});

test('toReceiveMessage claims the message', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('pong');
  await expect(client).toReceiveMessage('pong');

  expect(client.messages.unclaimed).toHaveLength(0);
  await expect(client).not.toReceiveMessage('pong');
});

test('toReceiveMessage claims the oldest message that meets it and leaves the others', async ({ open }) => {
  const { client, peer } = await open();
  for (const n of [1, 2, 3]) await peer.send({ n });
  await expect(client).toReceiveMessage({ n: 2 });
  await expect(client).toReceiveMessage(anyMessage);

  expect(client.messages.unclaimed.map(({ text }) => text)).toEqual(['{"n":3}']);
});

test('toReceiveMessage claims nothing when it fails', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await expect(expect(client).toReceiveMessage('b', { timeout: 20 })).rejects.toThrow(
    'toReceiveMessage(expected) failed',
  );

  await expect(client).toReceiveMessage('a');
});

test('toReceiveMessage without an expectation takes any message, an empty one too', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('');

  await expect(client).toReceiveMessage();
});

test('of two pending toReceiveMessage the older one gets the message', async ({ open }) => {
  const { client, peer } = await open();
  const ended = new Queue<string>();
  const first = expect(client)
    .toReceiveMessage('x')
    .then(() => ended.push('first'));
  const second = expect(client)
    .toReceiveMessage('x')
    .then(() => ended.push('second'));
  await peer.send('x');
  await first;
  await peer.send('x');
  await second;

  expect([await ended.next(), await ended.next()]).toEqual(['first', 'second']);
});

test('toReceiveMessage looks at the buffer of a closed connection', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('last words');
  await peer.close(1000);
  await expect(client).toBeClosed();

  await expect(client).toReceiveMessage('last words');
});

for (const [what, sent, expected] of [
  ['text', 'ready', 'ready'],
  ['a RegExp', 'ready: 5', /ready: \d/],
  ['bytes', Buffer.from([1, 2]), new Uint8Array([1, 2])],
  ['a part of an object', { type: 'a', id: 1, by: { name: 'x', age: 3 } }, { type: 'a', by: { name: 'x' } }],
  ['an array', [1, { a: 1, b: 2 }], [1, { a: 1 }]],
  ['a number', 5, 5],
  ['false', false, false],
  ['null', 'null', null],
  ['an asymmetric matcher', { a: [1, 2] }, expect.objectContaining({ a: expect.arrayContaining([2]) })],
  ['an asymmetric matcher inside', { at: 17 }, { at: expect.any(Number) }],
  ['a schema', { at: 17 }, z.object({ at: z.number() })],
] as const) {
  test(`toReceiveMessage expects ${what}`, async ({ open }) => {
    const { client, peer } = await open();
    await peer.send(sent);

    await expect(client).toReceiveMessage(expected);
  });
}

test('toReceiveMessage expects what a predicate says', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('abc');

  await expect(client).toReceiveMessage((message) => message.size === 3 && message.text === 'abc');
});

test('toReceiveMessage takes text that is not JSON for no object', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('{broken');
  await peer.send({ type: 'a' });

  await expect(client).toReceiveMessage({ type: 'a' });
});

test('a predicate that throws for one message goes on to the next', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('not JSON');
  await peer.send({ list: [1] });

  await expect(client).toReceiveMessage(({ text }) => JSON.parse(text).list.length === 1);
});

test('after looks only at what came after a mark', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ n: 1, type: 'x' });
  await expect(client).toHaveReceivedMessageCount(1);
  const mark = client.mark();
  await peer.send({ n: 2, type: 'x' });
  await expect(client).toReceiveMessage({ type: 'x' }, { after: mark });

  expect(client.messages.unclaimed.map(({ text }) => text)).toEqual(['{"n":1,"type":"x"}']);
});

test('after looks only at what came after a sent frame', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('same');
  await expect(client).toHaveReceivedMessageCount(1);
  const frame = await client.send('go');
  await peer.nextMessage();
  await peer.send('same');
  await expect(client).toReceiveMessage('same', { after: frame });

  expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
});

test('after a received message looks at what came after it, in its packet too', async ({ open }) => {
  const { client, peer } = await open();
  peer.socket.send('x');
  peer.socket.send('start');
  peer.socket.send('x');
  const start = await client.waitForMessage('start');
  await expect(client).toReceiveMessage('x', { after: start });

  expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
});

test('after takes a position of another client', async ({ open }) => {
  const { client, peer } = await open();
  const other = await open({ name: 'other' });
  await peer.send('x');
  await expect(client).toHaveReceivedMessageCount(1);
  await other.peer.send('start');
  const start = await other.client.waitForMessage('start');
  await peer.send('x');
  await expect(client).toReceiveMessage('x', { after: start });

  expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
});

test('where selects the message that is judged', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ id: 1, ok: false });
  await peer.send({ id: 2, ok: true });
  await expect(client).toReceiveMessage({ ok: true }, { where: { id: 2 } });

  expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
});

test('where claims the message also when it does not meet the expectation', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ id: 2, ok: false });
  await expect(expect(client).toReceiveMessage({ ok: true }, { where: { id: 2 } })).rejects.toThrow('failed');

  expect(client.messages.unclaimed).toHaveLength(0);
});

test('within passes for a message in time', async ({ open }) => {
  const { client, peer } = await open();
  const mark = client.mark();
  await peer.send('x');

  await expect(client).toReceiveMessage('x', { after: mark, within: 10_000 });
});

test('notBefore passes for a message that comes later', async ({ open }) => {
  const { client, peer } = await open();
  const mark = client.mark();
  await peer.send('x');

  await expect(client).toReceiveMessage('x', { after: mark, notBefore: 0 });
});

test('notBefore stretches the wait by its length', async ({ open }) => {
  const { client } = await open();
  const received = expect.configure({ timeout: 1 })(client).toReceiveMessage('x', { notBefore: 40 });

  await expect(received).rejects.toThrow('Timeout:  41ms');
});

test('toReceiveMessage without a limit waits on', async ({ open }) => {
  const { client, peer } = await open();
  const received = expect.configure({ timeout: 1 })(client).toReceiveMessage('x', { timeout: 0 });
  client.setTimeout(() => client.send('now'), 20);
  await peer.nextMessage();
  await peer.send('x');

  await received;
});
