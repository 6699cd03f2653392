import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

const soon = { timeout: 30 };

test('a list of clients passes when it holds for each', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  const received = expect([a.client, b.client]).toReceiveMessage('hello');
  await a.peer.send('hello');
  await b.peer.send('hello');
  await received;

  expect([...a.client.messages.unclaimed, ...b.client.messages.unclaimed]).toEqual([]);
});

test('a list of clients fails with the names of those for which it does not hold', async ({ open }) => {
  const [a, b, c] = [await open({ name: 'a' }), await open({ name: 'b' }), await open({ name: 'c' })];
  await a.peer.send({ n: 1 });
  await b.peer.send({ n: 2 });
  await expect([a.client, b.client]).toHaveReceivedMessageCount(1);

  expect(await failureText(expect([a.client, b.client, c.client]).toReceiveMessage({ n: 1 }, soon))).toBe(
    text(
      'expect(clients).toReceiveMessage(expected) failed',
      '',
      'Clients:  2 of 3 fail: b, c',
      'Expected: {"n": 1}',
      'Received: b: 1 message, none matched',
      '          c: nothing',
      'Timeout:  30ms',
      '',
      'Closest of b: #1, +N ms',
      '  {',
      '-   "n": 1,',
      '+   "n": 2,',
      '  }',
      '',
      'Call log of b:',
      '  - #1  +N ms  text  7 B  {"n":2}',
      '',
      'Call log of c:',
      '  - no frames',
    ),
  );
});

test('a list of clients claims on none when it fails', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  await a.peer.send('hello');
  await expect(a.client).toHaveReceivedMessageCount(1);
  await expect(expect([a.client, b.client]).toReceiveMessage('hello', soon)).rejects.toThrow('1 of 2 fails: b');

  await expect(a.client).toReceiveMessage('hello');
});

test('a list of clients tells how far each of them came', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  await a.peer.send('one');
  await expect(a.client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect([a.client, b.client]).toReceiveMessages(['one', 'two'], soon))).toBe(
    text(
      'expect(clients).toReceiveMessages(expected) failed',
      '',
      'Clients:  2 of 2 fail: a, b',
      'Expected: 2 messages, in this order',
      '          [0] "one"',
      '          [1] "two"',
      'Received: a: 1 message, 1 of 2 expectations met, [1] is missing',
      '          b: nothing',
      'Timeout:  30ms',
      '',
      'Closest to [1] of a: #1, +N ms',
      '- "two"',
      '+ "one"',
      '',
      'Call log of a:',
      '  - #1  +N ms  text  3 B  one',
      '',
      'Call log of b:',
      '  - no frames',
    ),
  );
});

test('a list of clients ends at once when one of them closes', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  const failing = failureText(expect([a.client, b.client]).toReceiveMessage('hello', { timeout: 0 }));
  await b.peer.close(4001, 'kicked');

  expect(await failing).toBe(
    text(
      'expect(clients).toReceiveMessage(expected) failed',
      '',
      'Clients:  2 of 2 fail: b, a',
      'Expected: "hello"',
      'Received: b: nothing',
      '          a: nothing',
      'Closed:   b: 4001 "kicked", by the server, after N ms of waiting',
      '',
      'Call log of b:',
      '  - received  +N ms  close  8 B  4001 kicked',
      '  - sent  +N ms  close  8 B  4001 kicked',
      '',
      'Call log of a:',
      '  - no frames',
    ),
  );
});

test('a list of clients needs nothing more of one that has met it and closed', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  const received = expect([a.client, b.client]).toReceiveMessage('hello', { timeout: 0 });
  await a.peer.send('hello');
  await a.peer.close(1000);
  await b.peer.send('hello');

  await received;
});

test('a mismatch of where names the client', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  await b.peer.send({ id: 1, ok: false });
  await expect(b.client).toHaveReceivedMessageCount(1);

  expect(
    await failureText(expect([a.client, b.client]).toReceiveMessage({ ok: true }, { where: { id: 1 }, timeout: 0 })),
  ).toContain(
    text(
      'Clients:  1 of 2 fails: b',
      'Expected: {"ok": true}',
      'Where:    {"id": 1}',
      'Received: b: #1, which does not meet the expectation',
      '',
      'Selected: #1, +N ms',
    ),
  );
});

test('under not a list of clients passes when it holds for none', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  await expect([a.client, b.client]).not.toReceiveMessage('error');
  await b.peer.send('error');

  expect(await failureText(expect([a.client, b.client]).not.toReceiveMessage('error', { quietFor: 60_000 }))).toBe(
    text(
      'expect(clients).not.toReceiveMessage(expected) failed',
      '',
      'Clients:  1 of 2 fails: b',
      'Expected: no "error" for 60000ms',
      'Received: b: #1, +N ms: error',
      '',
      'Call log of b:',
      '  - #1  +N ms  text  5 B  error',
    ),
  );
});

test('a fence ends the window of each client with its own answer', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  const fence = { send: 'ping', expect: 'pong' };
  const watching = expect([a.client, b.client]).not.toReceiveMessage('error', { fence, timeout: 0 });
  await a.peer.nextMessage();
  await a.peer.send('pong');
  await a.peer.send('error');
  await expect(a.client).toHaveReceivedMessageCount(2);
  await b.peer.nextMessage();
  await b.peer.send('pong');

  await watching;
});

test('a fence that one client answered goes on for the others, and gives its answer back when they fail', async ({
  open,
}) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  const fence = { send: 'ping', expect: 'pong' };
  const failing = failureText(expect([a.client, b.client]).not.toReceiveMessage('error', { fence, timeout: 0 }));
  await a.peer.nextMessage();
  await a.peer.send('pong');
  await expect(a.client).toHaveReceivedMessageCount(1);
  await b.peer.send('error');

  expect(await failing).toContain(
    text('Clients:  1 of 2 fails: b', 'Expected: no "error" until the fence is answered'),
  );
  await expect(a.client).toReceiveMessage('pong');
});

test('state and history hold for each client of a list', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  const clients = [a.client, b.client];
  await expect(clients).toBeOpen();
  await expect(clients).toBeOpen({ for: 20 });
  await expect(clients).toHaveSubprotocol('');
  await expect(clients).not.toBeClosed();
  await a.peer.send('x');

  expect(await failureText(expect(clients).toHaveReceivedMessage('x', soon))).toBe(
    text(
      'expect(clients).toHaveReceivedMessage(expected) failed',
      '',
      'Clients:  1 of 2 fails: b',
      'Expected: "x"',
      'Received: b: nothing',
      'Timeout:  30ms',
      '',
      'Call log of b:',
      '  - no frames',
    ),
  );
});

test('toReceivePing of a list fails with the names of those that got none', async ({ open }) => {
  const [a, b] = [await open({ name: 'a' }), await open({ name: 'b' })];
  a.peer.ping();

  expect(await failureText(expect([a.client, b.client]).toReceivePing(undefined, { timeout: 60 }))).toContain(
    text('Clients:  1 of 2 fails: b', 'Expected: a ping', 'Received: b: no ping', 'Timeout:  60ms'),
  );
  await expect(a.client).toReceivePing();
});

test('a client that is listed twice is one client', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('x');
  peer.ping();
  await expect([client, client]).toReceiveMessage('x');

  await expect([client, client]).toReceivePing();
});

test('a failure shows three clients and lists ten', async ({ open }) => {
  const clients = await Promise.all(Array.from({ length: 12 }, async (_, n) => (await open({ name: `c${n}` })).client));
  const failing = await failureText(expect(clients).toReceiveMessage('x', soon));

  expect(failing).toContain(
    text(
      'Clients:  12 of 12 fail: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more',
      'Expected: "x"',
      'Received: c0: nothing',
      '          c1: nothing',
      '          c2: nothing',
      '          … and 9 more clients',
      'Timeout:  30ms',
    ),
  );
  expect(failing.match(/Call log of/g)).toHaveLength(3);
});
