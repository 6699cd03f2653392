import { mock } from 'node:test';

import { expect, test } from '@playwright/test';

import { asPredicate, createClient, rejection, texts } from './test-client.ts';
import { waitForOne } from './waits.ts';

test.describe('timeout', () => {
  test('ends a wait that nothing met, and claims nothing', async () => {
    const { client, receive } = createClient();
    receive('a');

    expect(await rejection(client.waitForMessage('b', { timeout: 1 }))).toMatchObject({
      name: 'WaitTimeoutError',
      code: 'WS_WAIT_TIMEOUT',
      timeout: 1,
    });
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('is the waitTimeout of the client when the call has none', async () => {
    const { client } = createClient({ waitTimeout: 1 });

    expect(await rejection(client.waitForMessage())).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
    expect(await rejection(client.waitForMessages(1))).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
    expect(await rejection(client.waitForClose())).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
    expect(await rejection(client.ping())).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
    expect(await rejection(client.extract('$.a'))).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
    expect(await rejection(client.request('a', 'b'))).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
  });

  test('is counted from the start of the wait, whatever comes meanwhile', () => {
    withClock((pass) => {
      const { connection, receive } = createClient();
      const { wait } = waitForOne([connection], 'never', { timeout: 100 });
      pass(99);
      receive('a');
      expect(wait.isPending).toBe(true);
      pass(1);

      expect(wait.record.outcome).toEqual({ kind: 'timeout' });
    });
  });

  test('0 sets no limit', () => {
    withClock((pass) => {
      const { connection, receive } = createClient();
      const { wait } = waitForOne([connection], 'a', { timeout: 0 });
      pass(2 ** 31 - 1);
      pass(2 ** 31 - 1);
      expect(wait.isPending).toBe(true);

      receive('a');
      expect(wait.record.outcome).toEqual({ kind: 'passed' });
    });
  });

  test('longer than a timer can be is no timeout of 1 ms', () => {
    withClock((pass) => {
      const { connection } = createClient();
      const { wait } = waitForOne([connection], 'a', { timeout: 2 ** 31 });
      pass(60_000);

      expect(wait.isPending).toBe(true);
    });
  });

  test('leaves no timer of a wait that passed', () => {
    const { connection, receive } = createClient();
    const before = timers();
    waitForOne([connection], 'a', { timeout: 600_000 });
    expect(timers()).toBe(before + 1);
    receive('a');

    expect(timers()).toBe(before);
  });
});

test.describe('a close', () => {
  test('fails a pending wait at once, with why it closed', async () => {
    const { client, connection } = createClient();
    const wait = client.waitForMessage('a', { timeout: 0 });
    connection.close(4001, Buffer.from('kicked'));

    expect(await rejection(wait)).toMatchObject({
      name: 'ConnectionClosedError',
      code: 'WS_CONNECTION_CLOSED',
      closeInfo: { code: 4001, reason: 'kicked', wasClean: true, by: 'server' },
    });
  });

  test('fails a later wait at once when the buffer has nothing for it', async () => {
    const { client, connection, receive } = createClient();
    receive('a');
    connection.close(1006, Buffer.alloc(0));

    expect(await rejection(client.waitForMessage('b', { timeout: 0 }))).toMatchObject({
      code: 'WS_CONNECTION_CLOSED',
      closeInfo: { code: 1006, by: 'network' },
    });
  });

  test('fails every pending wait, the oldest first', async () => {
    const { client, connection, receive } = createClient();
    const ended: string[] = [];
    const waitFor = (text: string): Promise<unknown> =>
      client.waitForMessage(text, { timeout: 0 }).then(
        () => ended.push(`${text} passed`),
        () => ended.push(`${text} failed`),
      );
    const waits = ['a', 'b', 'c', 'd'].map(waitFor);
    receive('a', 'c');
    waits.push(waitFor('e'));
    connection.close(1000, Buffer.alloc(0));
    await Promise.all(waits);

    expect(ended).toEqual(['a passed', 'c passed', 'b failed', 'd failed', 'e failed']);
  });

  test('leaves no wait in the connection', async () => {
    const { client, connection } = createClient();
    const waits = [client.waitForMessage('a'), client.stay(1000), client.extract('$'), client.ping()];
    const settled = Promise.allSettled(waits);
    connection.close(1000, Buffer.alloc(0));
    await settled;

    expect(connection.waits.size).toBe(0);
  });
});

test.describe('signal', () => {
  test('ends a pending wait with its reason, and the wait claims nothing more', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const wait = client.waitForMessage('a', { signal: controller.signal });
    controller.abort(reason);

    const error = await rejection(wait);
    expect(error).toMatchObject({ name: 'WaitAbortedError', code: 'WS_WAIT_ABORTED' });
    expect(error.cause).toBe(reason);
    receive('a');
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('that was aborted before ends the wait at once', async () => {
    const { client } = createClient();
    const signal = AbortSignal.abort();

    expect(await rejection(client.waitForMessage('a', { signal, timeout: 0 }))).toMatchObject({
      code: 'WS_WAIT_ABORTED',
    });
  });

  test('of many waits is no leak', async () => {
    const { client } = createClient();
    const controller = new AbortController();
    const warnings = mock.fn();
    process.on('warning', warnings);
    const waits = Array.from({ length: 20 }, () =>
      rejection(client.waitForMessage('a', { signal: controller.signal })),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warnings);
    controller.abort();
    await Promise.all(waits);

    expect(warnings.mock.calls).toEqual([]);
  });

  test('keeps no listener of a wait that has ended', async () => {
    const { client, receive } = createClient();
    const { signal } = new AbortController();
    const [add, remove] = [mock.method(signal, 'addEventListener'), mock.method(signal, 'removeEventListener')];
    const wait = client.waitForMessage('a', { signal });
    receive('a');
    await wait;

    expect(remove.mock.calls.map(({ arguments: [, listener] }) => listener)).toEqual(
      add.mock.calls.map(({ arguments: [, listener] }) => listener),
    );
    expect(add.mock.callCount()).toBe(1);
  });
});

test.describe('misuse', () => {
  test('of a predicate ends the wait at the first message it judges', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessage(
      asPredicate(() => Promise.resolve(true)),
      { timeout: 0 },
    );
    receive('a');

    const error = await rejection(wait);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ code: 'WS_INVALID_EXPECTATION' });
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('of `where` ends the wait', async () => {
    const { client, receive } = createClient();
    const where = asPredicate(() => 'yes');
    const wait = client.waitForMessage('a', { where, timeout: 0 });
    receive('a');

    expect(await rejection(wait)).toMatchObject({ code: 'WS_INVALID_EXPECTATION' });
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('of one of several expectations gives back what the others reserved', async () => {
    const { client, receive } = createClient();
    const broken = asPredicate((message) => (message.text === 'a' ? false : undefined));
    const wait = client.waitForMessages(['a', broken], { order: 'any', timeout: 0 });
    const next = client.waitForMessages(['a', 'b']);
    receive('a', 'b');

    expect(await rejection(wait)).toMatchObject({ code: 'WS_INVALID_EXPECTATION' });
    expect(texts(await next)).toEqual(['a', 'b']);
  });

  test('lets a message that another expectation of the same wait met go to one wait only', async () => {
    const { client, receive } = createClient();
    const broken = asPredicate(() => undefined);
    const wait = client.waitForMessages(['a', broken], { order: 'any', timeout: 0 });
    const [second, third] = [client.waitForMessage('a'), client.waitForMessage('a')];
    receive('a', 'a');

    await expect(wait).rejects.toThrow(TypeError);
    expect([(await second).index, (await third).index]).toEqual([0, 1]);
  });
});

test.describe('a predicate that throws', () => {
  test('does not meet that message, and may meet the next', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessage(({ value }) => Reflect.get(Object(value), 'items').length === 1);
    receive('{}', { items: [1] });

    expect((await wait).index).toBe(1);
  });

  test('is shown in the failure', async () => {
    const { client, receive } = createClient();
    receive('{}');
    const wait = client.waitForMessage(
      () => {
        throw new Error('cannot read items');
      },
      { timeout: 1 },
    );

    expect((await rejection(wait)).message).toContain('the predicate threw: cannot read items');
  });
});

test('the end of the owner rejects a pending wait', async () => {
  const { client, registry } = createClient();
  const wait = client.waitForMessage('a', { timeout: 0 });
  registry.settle('finished');

  expect(await rejection(wait)).toMatchObject({ name: 'ConnectionClosedError', code: 'WS_TEST_ENDED' });
});

test('a failure points at the line of the call', async () => {
  const { client } = createClient();
  const { line } = here();
  const wait = client.waitForMessage('a', { timeout: 1 });

  expect((await rejection(wait)).stack).toMatch(new RegExp(`wait-ends\\.spec\\.ts:${line + 1}:`));
});

/** Runs in one turn on a clock that stands still but for `pass`. */
function withClock(run: (pass: (ms: number) => void) => void): void {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  try {
    run((ms) => mock.timers.tick(ms));
  } finally {
    mock.timers.reset();
  }
}

/** Timers of this process; within one turn nobody else's come or go. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

function here(): { line: number } {
  const [, , frame = ''] = new Error('here').stack?.split('\n') ?? [];
  return { line: Number(/:(\d+):\d+\)?$/.exec(frame)?.[1]) };
}

test('a wait whose expectation cannot be described fails with what the description threw', async () => {
  const { client } = createClient();
  const nameless = Object.defineProperty(() => false, 'name', {
    get: () => {
      throw new Error('no name');
    },
  });

  await expect(client.waitForMessage(nameless, { timeout: 1 })).rejects.toThrow('no name');
});
