import { expect, test } from '@playwright/test';
import * as z from 'zod';

import { anyMessage } from '../../src/expectation/any-message.ts';
import { compiled, createClient, createRegistry, rejection, texts, untyped } from './test-client.ts';
import { waitForSeveral } from './waits.ts';

test.describe('order relative', () => {
  test('is the default: others may come between', async () => {
    const { client, receive } = createClient();
    receive('x', 'a', 'x', 'b');

    expect(texts(await client.waitForMessages(['a', 'b']))).toEqual(['a', 'b']);
    expect(texts(client.messages.unclaimed)).toEqual(['x', 'x']);
  });

  test('does not take a message that came before the one for the expectation before', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessages(['a', 'b']);
    receive('b', 'a');
    expect(texts(client.messages.unclaimed)).toEqual(['b']);

    receive('b');
    expect((await wait).map(({ index }) => index)).toEqual([1, 2]);
  });

  test('a number waits for that many messages, whatever they are', async () => {
    const { client, receive } = createClient();
    receive('a');
    const wait = client.waitForMessages(3);
    receive(Buffer.from('b'), '', 'd');

    expect(texts(await wait)).toEqual(['a', 'b', '']);
    expect(texts(client.messages.unclaimed)).toEqual(['d']);
  });
});

test.describe('order strict', () => {
  test('passes on neighbours', async () => {
    const { client, receive } = createClient();
    receive('a', 'x', 'b', 'a', 'b', 'b');

    const messages = await client.waitForMessages(['a', 'b'], { order: 'strict' });
    expect(messages.map(({ index }) => index)).toEqual([3, 4]);
    expect(texts(client.messages.unclaimed)).toEqual(['a', 'x', 'b', 'b']);
  });

  test('finds a run that begins inside one that broke off', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessages(['a', 'a', 'b'], { order: 'strict' });
    receive('a', 'a', 'a', 'b');

    expect((await wait).map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
  });

  test('gives a run that broke off to the next wait at once', async () => {
    const { client, receive } = createClient();
    void client.waitForMessages(['a', 'b'], { order: 'strict' });
    const next = client.waitForMessage('a');
    receive('a', 'x');

    expect((await next).index).toBe(0);
  });

  test('takes a message of another wait for one between', async () => {
    const { client, receive } = createClient();
    const heartbeat = client.waitForMessage('heartbeat');
    const wait = client.waitForMessages(['a', 'b'], { order: 'strict' });
    receive('a', 'heartbeat', 'b');
    await heartbeat;
    expect(texts(client.messages.unclaimed)).toEqual(['a', 'b']);

    receive('a', 'b');
    expect((await wait).map(({ index }) => index)).toEqual([3, 4]);
  });

  test('does not reserve a run that a claimed message has broken', () => {
    const { client, connection, receive } = createClient();
    void client.waitForMessage('heartbeat');
    receive('a', 'heartbeat');
    waitForSeveral([connection], ['a', 'b'], { order: 'strict' });

    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('does not take a hidden message for one between', async () => {
    const { client, receive } = createClient({ ignore: compiled('heartbeat') });
    receive('a', 'heartbeat', 'b');

    expect(texts(await client.waitForMessages(['a', 'b'], { order: 'strict' }))).toEqual(['a', 'b']);
  });
});

test.describe('order any', () => {
  test('returns the messages in the order of the expectations', async () => {
    const { client, receive } = createClient();
    receive('c', 'a', 'b');

    expect(texts(await client.waitForMessages(['a', 'b', 'c'], { order: 'any' }))).toEqual(['a', 'b', 'c']);
  });

  test('searches a complete assignment: a general expectation leaves a message to a special one', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessages([anyMessage, 'special'], { order: 'any' });
    receive('special');
    receive('other');

    expect(texts(await wait)).toEqual(['other', 'special']);
  });

  test('moves several messages to make room for one', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessages([/[abc]/, /[ab]/, 'a'], { order: 'any' });
    receive('a', 'b', 'c');

    expect(texts(await wait)).toEqual(['c', 'b', 'a']);
  });

  test('does not reserve a message for which no expectation is left', () => {
    const { client, connection, receive } = createClient();
    waitForSeveral([connection], ['a', 'b'], { order: 'any' });
    receive('a', 'a', 'c');

    expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([1, 2]);
  });
});

test.describe('a wait for several messages', () => {
  test('reserves what it matches: no later wait sees it', () => {
    const { client, connection, receive } = createClient();
    waitForSeveral([connection], ['a', 'b']);
    const later = waitForSeveral([connection], ['a']);
    receive('a');

    expect(texts(client.messages.unclaimed)).toEqual([]);
    expect(later.wait.isPending).toBe(true);
  });

  test('gives back all when its time is over', async () => {
    const { client, receive } = createClient();
    receive('a', 'x', 'c');

    expect(await rejection(client.waitForMessages(['a', 'b', 'c'], { timeout: 1 }))).toMatchObject({
      name: 'WaitTimeoutError',
      code: 'WS_WAIT_TIMEOUT',
      timeout: 1,
    });
    expect(texts(client.messages.unclaimed)).toEqual(['a', 'x', 'c']);
  });

  test('gives back all when the connection closes', async () => {
    const { client, connection, receive } = createClient();
    const wait = client.waitForMessages(['a', 'b'], { order: 'any' });
    receive('b');
    connection.close(1001, Buffer.alloc(0));

    expect(await rejection(wait)).toMatchObject({ code: 'WS_CONNECTION_CLOSED' });
    expect(texts(client.messages.unclaimed)).toEqual(['b']);
  });

  test('has a schema for each expectation, and returns its output', async () => {
    const { client, receive } = createClient();
    receive('{"n":"1"}', 'b');
    const messages = await client.waitForMessages([z.object({ n: z.coerce.number() }), 'b']);

    expect(messages.map(({ value }) => value)).toEqual([{ n: 1 }, 'b']);
  });
});

test.describe('a wait on several clients', () => {
  test('passes when a message came on each', async () => {
    const registry = createRegistry();
    const [one, two] = [createClient({ registry }), createClient({ registry })];
    const { wait, watch } = waitForSeveral([one.connection, two.connection], ['a', 'b']);
    one.receive('a', 'b');
    two.receive('a');
    expect(wait.isPending).toBe(true);

    two.receive('b');
    expect((await wait.ended).outcome).toEqual({ kind: 'passed' });
    expect(watch.held().map(({ client, text }) => `${client} ${text}`)).toEqual([
      '/orders a',
      '/orders b',
      '/orders 2 a',
      '/orders 2 b',
    ]);
  });

  test('gives back what it reserved on each when it fails on one', () => {
    const [one, two] = [createClient(), createClient()];
    const controller = new AbortController();
    waitForSeveral([one.connection, two.connection], ['a'], { signal: controller.signal });
    one.receive('a');
    expect(texts(one.client.messages.unclaimed)).toEqual([]);
    controller.abort();

    expect(texts(one.client.messages.unclaimed)).toEqual(['a']);
  });

  test('ends at once when one closes from which something is wanted', async () => {
    const [one, two] = [createClient(), createClient()];
    const { wait } = waitForSeveral([one.connection, two.connection], ['a']);
    two.connection.close(1001, Buffer.from('bye'));

    expect((await wait.ended).outcome).toEqual({
      kind: 'closed',
      connection: two.connection,
      closeInfo: { code: 1001, reason: 'bye', wasClean: true, by: 'server' },
    });
  });

  test('goes on when one closes from which it has all', async () => {
    const [one, two] = [createClient(), createClient()];
    const { wait } = waitForSeveral([one.connection, two.connection], ['a']);
    one.receive('a');
    one.connection.close(1001, Buffer.alloc(0));
    expect(wait.isPending).toBe(true);

    two.receive('a');
    expect((await wait.ended).outcome).toEqual({ kind: 'passed' });
  });

  test('passes on clients that closed with what was wanted', async () => {
    const [one, two] = [createClient(), createClient()];
    one.receive('a');
    one.connection.close(1001, Buffer.alloc(0));
    two.receive('a');
    two.connection.close(1001, Buffer.alloc(0));

    const { wait } = waitForSeveral([one.connection, two.connection], ['a']);
    expect((await wait.ended).outcome).toEqual({ kind: 'passed' });
  });
});

test.describe('waitForMessages refuses', () => {
  const refused: [string, unknown, string][] = [
    ['an empty list', [], 'an empty list'],
    ['zero', 0, 'number 0'],
    ['a fraction', 1.5, 'number 1.5'],
    ['text', 'a', 'string a'],
  ];
  for (const [name, expected, found] of refused) {
    test(name, async () => {
      const { client } = createClient();
      const error = await rejection(untyped(client, 'waitForMessages', expected));

      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe(
        `Cannot wait for messages: expected a list of expectations or how many, found ${found}\n  Write waitForMessages([{ type: 'a' }, { type: 'b' }]).`,
      );
    });
  }
});
