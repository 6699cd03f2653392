import { expect, test } from '@playwright/test';

import { ManagedClient } from '../../src/connection/managed-client.ts';
import { silentObserver, type StepFacts } from '../../src/connection/observer.ts';
import { Registry } from '../../src/connection/registry.ts';
import { CallSite } from '../../src/support/call-site.ts';
import { createClient, createRegistry, findingsOf, rejection, steady, turn } from './test-client.ts';
import { waitForOne } from './waits.ts';

const nothing = Buffer.alloc(0);

test.describe('names', () => {
  test('are numbered when they are repeated', () => {
    const registry = createRegistry();
    const names = ['/a', '/b', '/a', '/a'].map((name) => registry.uniqueName(name));

    expect(names).toEqual(['/a', '/b', '/a 2', '/a 3']);
  });

  test('are never given twice, also when somebody chose a numbered one', () => {
    const registry = createRegistry();
    const names = ['/a 2', '/a', '/a', '/a 2'].map((name) => registry.uniqueName(name));

    expect(new Set(names).size).toBe(4);
  });
});

test.describe('settle', () => {
  test('rejects what is pending, and tells each call once, with its line', async () => {
    const { client, registry } = createClient();
    const calls = [client.waitForMessage('a'), client.waitForMessages(2), client.stay(600_000), client.ping()];
    const settled = Promise.allSettled(calls);

    expect(registry.settle('finished').map(({ kind, text }) => `${kind}: ${steady(text)}`)).toEqual([
      'pendingWait: waitForMessage at registry.spec.ts:L was not awaited',
      'pendingWait: waitForMessages at registry.spec.ts:L was not awaited',
      'pendingWait: stay at registry.spec.ts:L was not awaited',
      'pendingWait: ping at registry.spec.ts:L was not awaited',
    ]);
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(registry.connections[0].waits.size).toBe(0);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('tells of a call that nobody awaited as pending only, not once more as failed', async () => {
    const { client, registry } = createClient();
    void client.waitForMessage('a');

    expect(registry.settle('finished')).toHaveLength(1);
    await turn();
    expect(findingsOf(registry)).toEqual([]);
  });

  test('tells of an assertion that is pending, which is a wait and no operation', () => {
    const { connection, registry } = createClient();
    waitForOne([connection], 'a');

    expect(registry.settle('finished').map(({ text }) => text)).toEqual([
      'toReceive at an unknown line was not awaited',
    ]);
  });

  test('says when the time of the test ran out', async () => {
    const { client, registry } = createClient();
    const wait = client.waitForMessage('a');
    registry.settle('timedOut');
    const error = await rejection(wait);

    expect(error).toMatchObject({ code: 'WS_TEST_ENDED' });
    expect(steady(error.message)).toMatch(/^Ended: .*the test's own time/m);
  });

  test('aborts an opening handshake that is under way', async () => {
    const { connection, registry } = createClient({ isConnecting: true });
    const started = connection.start(
      (_listener, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    registry.settle('finished');

    expect((await rejection(started)).message).toBe('the test ended before it was done');
  });

  test('leaves the connections open: they are closed later', () => {
    const { connection, registry } = createClient();
    registry.settle('finished');

    expect(connection.isOpen).toBe(true);
  });
});

test.describe('close', () => {
  test('ends all connections in parallel', async () => {
    const registry = createRegistry();
    const clients = [1, 2, 3].map(() => createClient({ registry }));
    await registry.close();

    expect(clients.map(({ client }) => client.readyState)).toEqual([3, 3, 3]);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('is done when there is nothing to close', async () => {
    const registry = createRegistry();
    await registry.close();

    expect(registry.hasEnded).toBe(true);
  });
});

test.describe('a client that is used when its test has ended', () => {
  const text =
    'Cannot use "/orders" at registry.spec.ts:L: the test that connected it at registry.spec.ts:L has ended, and its clients with it. Connect in the test, or use `workerWs` for connections that tests share';

  test('rejects, and names both lines', async () => {
    const { client, registry } = createClient();
    await registry.close();
    const error = await rejection(client.send('a'));

    expect(error).toMatchObject({ name: 'ConnectionClosedError', code: 'WS_TEST_ENDED', closeInfo: { code: 1000 } });
    expect(steady(error.message)).toBe(text);
    expect(linesOf(error.message)).toEqual([linesOf(error.stack ?? '')[0], linesOf(error.message)[1]]);
  });

  test('throws in the turn of the call once it was judged: nobody would hear of a rejection', async () => {
    const { client, registry } = createClient();
    await registry.close();
    registry.judge();

    expect(() => void client.waitForMessage()).toThrow(
      /^Cannot use "\/orders" at registry\.spec\.ts:\d+: the test that/,
    );
  });

  test('says who it belonged to', async () => {
    const registry = new Registry({ owner: 'beforeAll hook', isJudged: true }, { step: (_facts, running) => running });
    const { client } = createClient({ registry });
    await registry.close();

    expect((await rejection(client.close())).message).toContain('the beforeAll hook that connected it at');
  });
});

test.describe('a close is judged', () => {
  const text = (what: string): string =>
    `unexpectedClose: "/orders" (ws://127.0.0.1:4040/orders), connected at registry.spec.ts:L, closed with ${what}\n  If that is right, expect it: await expect(client).toBeClosed({ code })`;

  test('as a finding when nobody expected it, told once', () => {
    const { connection, registry } = createClient();
    connection.close(4001, Buffer.from('kicked'));

    expect(findingsOf(registry)).toEqual([text('4001 "kicked", by the server')]);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('as a finding when the connection was lost', () => {
    const { connection, registry } = createClient();
    connection.close(1006, nothing);

    expect(findingsOf(registry)).toEqual([text('1006 Abnormal closure, by the network')]);
  });

  for (const code of [1000, 1001, 1005]) {
    test(`as expected with ${code}`, () => {
      const { connection, registry } = createClient();
      connection.close(code, nothing);

      expect(findingsOf(registry)).toEqual([]);
    });
  }

  test('as expected when it was begun by close() or terminate()', async () => {
    const [one, two] = [createClient(), createClient()];
    await one.client.close(4001);
    two.client.terminate();
    await two.client.closed;

    expect([...findingsOf(one.registry), ...findingsOf(two.registry)]).toEqual([]);
  });

  test('as a finding although close() was called later', async () => {
    const { client, connection, registry } = createClient();
    connection.close(4001, nothing);
    await client.close();

    expect(findingsOf(registry)).toEqual([text('4001, by the server')]);
  });

  test('as expected by a waitForClose that passed', async () => {
    const { client, connection, registry } = createClient();
    const closed = client.waitForClose();
    connection.close(4001, nothing);
    await closed;

    expect(findingsOf(registry)).toEqual([]);
  });

  test('as a finding although somebody awaited `closed`: that asserts nothing', async () => {
    const { client, connection, registry } = createClient();
    connection.close(4001, nothing);
    await client.closed;

    expect(findingsOf(registry)).toEqual([text('4001, by the server')]);
  });

  test('as one finding with the protocol error that caused it', () => {
    const { connection, registry } = createClient();
    connection.error(new Error('The server broke the protocol: no UTF-8'));
    connection.close(1006, nothing);

    expect(findingsOf(registry)).toEqual([
      'protocolError: on "/orders" (ws://127.0.0.1:4040/orders), the server broke the protocol: no UTF-8',
    ]);
  });

  test('not while the connection is open', () => {
    const { registry } = createClient();

    expect(findingsOf(registry)).toEqual([]);
  });
});

test.describe('findings', () => {
  const kinds: [string, () => Registry | Promise<Registry>, object][] = [
    ['unexpectedClose', () => leave((created) => created.connection.close(4001, nothing)), { unexpectedClose: false }],
    ['protocolError', () => leave(({ connection }) => connection.error(new Error('x'))), { protocolError: false }],
    ['uncalledHandler', () => leave(({ client }) => void client.on('message', () => {})), { uncalledHandler: false }],
    ['handlerError', () => leave(breakHandler), { handlerError: false }],
    ['invalidMessage', () => leave(({ receive }) => receive('a')), { invalidMessage: false }],
    ['unawaitedFailure', () => leave(({ client }) => void client.send(undefined)), { unawaitedFailure: false }],
  ];
  let findings = {};

  for (const [kind, create, switches] of kinds) {
    test(`${kind} can be switched off, which leaves the others`, async () => {
      findings = {};
      expect(findingsOf(await create())).toEqual([expect.stringContaining(`${kind}: `)]);
      findings = switches;
      expect(findingsOf(await create())).toEqual([]);
    });
  }

  test('pendingWait can be switched off', async () => {
    const { client, registry } = createClient({ findings: { pendingWait: false } });
    const wait = client.waitForMessage('a');

    expect(registry.settle('finished')).toEqual([]);
    await expect(wait).rejects.toThrow('was not awaited');
  });

  async function leave(run: (created: ReturnType<typeof createClient>) => void): Promise<Registry> {
    const created = createClient({
      findings,
      validate: () => {
        throw new Error('invalid');
      },
    });
    run(created);
    await turn();
    return created.registry;
  }

  function breakHandler({ client, connection }: ReturnType<typeof createClient>): void {
    client.on('ping', () => {
      throw new Error('broken');
    });
    connection.ping(nothing);
  }
});

test('each operation is shown as a step, with what tells it from others', async () => {
  const steps: string[] = [];
  const show = ({ method, subtitle, title }: StepFacts): void =>
    void steps.push(`${title}|${subtitle?.() ?? ''}|${method}`);
  const registry = new Registry(
    { owner: 'test', isJudged: true },
    {
      step: (facts, running) => {
        show(facts);
        return running;
      },
    },
  );
  const { client, connection, receive } = createClient({ registry });
  receive('a', 'b', 'c');
  await client.send({ action: 'subscribe' });
  await client.waitForMessage('a');
  await client.waitForMessages(1);
  await client.extract('$');
  await client.stay(0);
  const [ping, request] = [client.ping('x'), client.request('q', 'r')];
  connection.pong(Buffer.from('x'));
  receive('r');
  await Promise.all([ping, request]);
  await client.close(4001, 'done');

  expect(steps).toEqual([
    'Send message|action: "subscribe"|send',
    'Wait for message|a|waitForMessage',
    'Wait for messages|1|waitForMessages',
    'Extract value|$|extract',
    'Stay connected|0 ms|stay',
    'Send ping||ping',
    'Send request|q|request',
    'Close WebSocket|/orders 4001 done|close',
  ]);
});

test('a script has nobody who judges: what a handler throws is an uncaught exception', async () => {
  const registry = new Registry({ owner: 'script', isJudged: false }, { step: (_facts, running) => running });
  const { client, receive } = createClient({ registry });
  const error = new Error('broken');
  client.on('message', () => {
    throw error;
  });
  const caught = new Promise((resolve) => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (thrown) => {
      for (const listener of listeners) process.on('uncaughtException', listener);
      resolve(thrown);
    });
  });
  receive('a');

  expect(await caught).toBe(error);
  expect(client).toBeInstanceOf(ManagedClient);
});

function linesOf(text: string): string[] {
  return [...text.matchAll(/registry\.spec\.ts:(\d+)/g)].map(([, line]) => line);
}

test.describe('of waits that passed', () => {
  test('a test keeps each, with one object for the line that they share', async () => {
    const { client, connection, receive, registry } = createClient();
    receive('a', 'b');
    for (const text of ['a', 'b']) await client.waitForMessage(text);
    const [first, second] = registry.waits;

    expect([0, 1].map((index) => connection.messages.holder(index))).toEqual([first, second]);
    expect(connection.messages.holder(1)).toBe(second);
    expect(second.site).toBe(first.site);
    expect(first.site?.location?.file).toBe(test.info().file);
  });

  test('a script keeps only which line claimed a message', async () => {
    const registry = new Registry({ owner: 'script', isJudged: false }, silentObserver);
    const { client, connection, receive } = createClient({ registry });
    receive('a', 'b');
    for (const text of ['a', 'b']) await client.waitForMessage(text);
    const [first, second] = [0, 1].map((index) => connection.messages.holder(index));

    expect(second).toBe(first);
    expect(first).toEqual({ method: 'waitForMessage', site: expect.any(CallSite) });
    expect(first?.site?.location?.file).toBe(test.info().file);
  });

  test('the next message is claimed at its own line in a script', async () => {
    const registry = new Registry({ owner: 'script', isJudged: false }, silentObserver);
    const { client, connection, receive } = createClient({ registry });
    receive('a', 'b');
    await client.waitForMessage('a');
    await client.waitForMessage('b');
    const [first = 0, second] = [0, 1].map((index) => connection.messages.holder(index)?.site?.location?.line);

    expect(second).toBe(first + 1);
  });
});

test.describe('beginTest', () => {
  test('forgets the waits before the last test, and who claimed what then', async () => {
    const { client, connection, receive, registry } = createClient();
    for (const text of ['of the first', 'of the second', 'of the third']) {
      registry.beginTest();
      receive(text);
      await client.waitForMessage(text);
    }
    registry.beginTest();

    expect(registry.waits.map((wait) => wait.subject.expected())).toEqual(['"of the third"']);
    expect([0, 1, 2].map((index) => connection.messages.holder(index)?.method)).toEqual([
      undefined,
      undefined,
      'waitForMessage',
    ]);
  });

  test('keeps the waits of hooks between two tests', async () => {
    const { client, receive, registry } = createClient();
    registry.beginTest();
    receive('of a hook');
    await client.waitForMessage('of a hook');
    registry.beginTest();

    expect(registry.waits).toHaveLength(1);
  });

  test('offers no message again that a test before the last one claimed', async () => {
    const { client, receive, registry } = createClient();
    receive('a');
    await client.waitForMessage('a');
    for (let number = 0; number < 3; number++) registry.beginTest();

    expect([...client.messages.unclaimed]).toEqual([]);
    await expect(client.waitForMessage('a', { timeout: 1 })).rejects.toThrow('failed');
  });

  test('keeps how long the replies to requests took', async () => {
    const { client, receive, registry } = createClient();
    const reply = client.request('ask', 'told');
    await turn();
    receive('told');
    await reply;
    const before = client.metrics.ws_response_time;
    for (let number = 0; number < 3; number++) registry.beginTest();

    expect(registry.waits).toEqual([]);
    expect(client.metrics.ws_response_time.avg).toBe(before.avg);
    expect(client.metrics.ws_response_time.count).toBe(1);
  });
});
