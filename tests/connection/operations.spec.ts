import { expect, test } from '@playwright/test';

import { Operation } from '../../src/connection/operation.ts';
import { createClient, findingsOf, rejection, turn, type TestClient } from './test-client.ts';

const why =
  'Cannot send undefined: expected text, bytes (Buffer, ArrayBuffer, typed array, Blob), or an object, array, number, boolean or null';

/** Ways to call a method that fails. */
const observed: [string, (client: TestClient['client']) => unknown][] = [
  ['an await', async (client) => await client.send(undefined)],
  ['an await later', async (client) => awaitLater(client.send(undefined))],
  [
    'then with one function',
    (client) =>
      client
        .send(undefined)
        .then((frame) => frame)
        .catch(() => {}),
  ],
  ['catch', (client) => client.send(undefined).catch(() => {})],
  [
    'finally',
    (client) =>
      client
        .send(undefined)
        .finally(() => {})
        .catch(() => {}),
  ],
  ['Promise.all', (client) => Promise.all([client.send(undefined), client.send(undefined)])],
  ['Promise.race', (client) => Promise.race([client.send(undefined), client.closed])],
  ['Promise.allSettled', (client) => Promise.allSettled([client.send(undefined)])],
  ['Promise.resolve', (client) => Promise.resolve(client.send(undefined))],
  ['an async function that returns it', async (client) => client.send(undefined)],
  ['rejects of expect', (client) => expect(client.send(undefined)).rejects.toThrow(why)],
];

test.describe('a failed operation is observed by', () => {
  for (const [name, call] of observed) {
    test(name, async () => {
      const { client, registry } = createClient();
      await Promise.resolve(call(client)).catch(() => {});
      await turn();

      expect(findingsOf(registry)).toEqual([]);
    });
  }
});

test.describe('a failed operation that nobody awaited', () => {
  test('is a finding with its line and reason, told once, and no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    const { client, registry } = createClient();
    void client.send(undefined);
    await turn();
    await turn();
    process.off('unhandledRejection', onUnhandled);

    expect(findingsOf(registry)).toEqual([
      `unawaitedFailure: send at operations.spec.ts:L failed, and nobody awaited it: ${why}`,
    ]);
    expect(findingsOf(registry)).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  test('is no finding when it succeeds', async () => {
    const { client, registry } = createClient();
    void client.send('a');
    await turn();

    expect(registry.settle('finished')).toEqual([]);
    expect(findingsOf(registry)).toEqual([]);
  });
});

test('a promise derived from an operation is an ordinary one', () => {
  const operation = new Operation<number>((resolve) => resolve(1));

  expect(operation.then(() => 2)).not.toBeInstanceOf(Operation);
  expect(operation).toBeInstanceOf(Promise);
});

test('an operation that was silenced is no unhandled rejection, and nobody observed it', async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): unknown => unhandled.push(reason);
  process.on('unhandledRejection', listener);
  const failed = new Operation<number>((_resolve, reject) => reject(new Error('no')));
  failed.silence();
  // Node tells of unhandled rejections once the microtasks have run.
  await turn();
  process.off('unhandledRejection', listener);

  expect(unhandled).toEqual([]);
  expect([failed.isObserved, failed.isHandled]).toEqual([false, false]);
});

test('an await is no handler of a failure, a catch and an `expect` are', async () => {
  const fail = (): Operation<number> => new Operation((_resolve, reject) => reject(new Error('no')));
  const [awaited, together, caught, expected] = [fail(), fail(), fail(), fail()];
  await rejection(awaited);
  await rejection(Promise.all([together, Promise.resolve()]));
  await caught.catch(() => {});
  await expect(expected).rejects.toThrow('no');

  expect([awaited, together, caught, expected].map(({ isHandled }) => isHandled)).toEqual([false, false, true, true]);
});

async function awaitLater(promise: Promise<unknown>): Promise<unknown> {
  await turn();
  return await promise;
}
