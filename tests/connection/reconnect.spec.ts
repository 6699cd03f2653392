import { mock } from 'node:test';
import { expect, test } from '@playwright/test';
import type { Connection } from '../../src/connection/connection.ts';
import type { ReconnectInfo } from '../../src/connection/events.ts';
import type { ReconnectPlan } from '../../src/connection/reconnection.ts';
import { describeState } from '../../src/matchers/to-be-open.ts';
import { receive } from '../helpers/fake-wire.ts';
import { createReconnecting } from './reconnecting.ts';
import { compiled, createRegistry, findingsOf, rejection, steady, texts, turn } from './test-client.ts';

const nothing = Buffer.alloc(0);

/** Timers of this process; the runner has some of its own. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function readyState({ readyState: state }: Connection): number {
  return state;
}

test.describe('a lost connection', () => {
  test('is opened again; URL, handshake and subprotocol are those of the newest', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    lose();
    expect([client.readyState, connection.closeInfo]).toEqual([0, undefined]);
    (await attempt()).accept();

    expect(client.readyState).toBe(1);
    expect([client.url, client.handshake.url]).toEqual(['ws://127.0.0.1:4040/again/1', 'ws://127.0.0.1:4040/again/1']);
  });

  for (const [code, who] of [
    [1006, 'the network'],
    [4001, 'the server'],
    [1000, 'the server, orderly'],
  ] as const) {
    test(`is opened again when it was closed with ${code} by ${who}`, async () => {
      const { attempt, client, connection } = createReconnecting();
      connection.close(code, nothing);
      (await attempt()).accept();

      expect(client.readyState).toBe(1);
    });
  }

  test('is opened again when keepAlive noticed that the network is gone', async () => {
    const { attempt, client, connection } = createReconnecting();
    connection.closing.lost();
    (await attempt()).accept();
    await client.close();

    expect(await client.closed).toEqual({ code: 1000, reason: '', wasClean: true, by: 'client' });
  });

  test('is no finding, and no close, when it was opened again', async () => {
    const { attempt, client, lose, registry } = createReconnecting();
    const closes: unknown[] = [];
    client.on('close', (info) => closes.push(info));
    lose();
    (await attempt()).accept();

    expect(findingsOf(registry)).toEqual([]);
    expect(closes).toEqual([]);
  });

  test('keeps the handshake of the connection that was lost until it is open again', async () => {
    const { attempt, client, lose } = createReconnecting();
    const { handshake, url } = client;
    lose();
    expect(client.handshake).toBe(handshake);
    expect(client.url).toBe(url);

    (await attempt()).accept();
    expect(client.handshake.url).toBe('ws://127.0.0.1:4040/again/1');
    expect(client.url).toBe('ws://127.0.0.1:4040/again/1');
  });

  test('that the client closes itself stays closed', async () => {
    const { client, wires } = createReconnecting();
    await client.close();
    await turn();

    expect([client.readyState, wires]).toEqual([3, []]);
  });

  test('that the client terminates stays closed', async () => {
    const { client, wires } = createReconnecting();
    client.terminate();
    await client.closed;
    await turn();

    expect([client.readyState, wires]).toEqual([3, []]);
  });

  test('that the client closes while the server is closing stays closed', async () => {
    const { client, connection, wire } = createReconnecting();
    wire.isClosing = true;
    wire.answersClose = false;
    const closed = client.close();
    connection.close(1001, nothing);

    expect(await closed).toMatchObject({ code: 1001, by: 'server' });
  });
});

test.describe('the event reconnect', () => {
  test('tells attempt, close and duration, in the turn in which the connection is open', async () => {
    const { attempt, client, lose, wires } = createReconnecting();
    const heard: ReconnectInfo[] = [];
    client.on('reconnect', async (info) => {
      heard.push(info);
      await client.send({ action: 'subscribe' });
    });
    lose();
    (await attempt()).refuse('refused');
    const wire = (await attempt()).accept();

    expect(heard).toEqual([
      {
        attempt: 2,
        closeInfo: { code: 1006, reason: '', wasClean: false, by: 'network' },
        duration: expect.any(Number),
      },
    ]);
    expect(wires[0].sent.map(({ payload }) => payload.toString())).toEqual(['{"action":"subscribe"}']);
    expect(wire.sent).toHaveLength(1);
  });

  test('does not come for the first opening handshake', async () => {
    const { client, connection, wire } = createReconnecting({}, { isConnecting: true });
    let count = 0;
    client.on('reconnect', () => (count += 1));
    connection.open(wire);

    expect(count).toBe(0);
  });
});

test.describe('across a gap', () => {
  test('messages, marks and claims go on', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    receive(connection, { n: 1 });
    await client.waitForMessage({ n: 1 });
    const mark = client.mark();
    lose();
    (await attempt()).accept();
    receive(connection, { n: 1 });

    expect(await client.waitForMessage({ n: 1 }, { after: mark })).toMatchObject({ index: 1 });
    expect(texts(client.messages)).toEqual(['{"n":1}', '{"n":1}']);
  });

  test('a pending wait goes on', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    const message = client.waitForMessage('late');
    lose();
    (await attempt()).accept();
    receive(connection, 'late');

    expect((await message).text).toBe('late');
  });

  test('a wait that begins in it goes on', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    lose();
    const message = client.waitForMessage('late');
    (await attempt()).accept();
    receive(connection, 'late');

    expect((await message).text).toBe('late');
  });

  test('a request in flight fails at once', async () => {
    const { client, lose } = createReconnecting();
    const reply = rejection(client.request({ id: 1 }, { id: 1 }));
    lose();

    expect(steady((await reply).message)).toBe(`client.request(data, expected) failed

Client:   /orders (ws://127.0.0.1:4040/orders), reconnecting for N ms
Expected: {"id": 1}
Received: nothing
Closed:   1006 Abnormal closure, by the network, after N ms of waiting

Call log:
  - sent +N ms  text  8 B  {"id":1}
  - gap +N ms  closed with 1006 Abnormal closure, by the network, reconnecting`);
  });

  test('a ping in flight fails at once', async () => {
    const { client, lose } = createReconnecting();
    const pong = rejection(client.ping());
    lose();

    expect(await pong).toMatchObject({ code: 'WS_CONNECTION_CLOSED', closeInfo: { code: 1006 } });
  });

  test('a pong of the new connection answers no ping of the old one', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    const first = rejection(client.ping('same'));
    lose();
    await first;
    (await attempt()).accept();
    const second = client.ping('same');
    connection.pong(Buffer.from('same'));

    expect(await second).toBeGreaterThanOrEqual(0);
  });

  test('a ping that nobody answered on the old connection is forgotten', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    let answers = 0;
    connection.sender.probe(Buffer.from('keepAlive'), () => (answers += 1));
    lose();
    (await attempt()).accept();
    const ping = client.ping('next');
    connection.pong(Buffer.from('next'));
    await ping;

    expect(answers).toBe(0);
  });

  test('send rejects at once, and says which attempt is under way', async () => {
    const { attempt, client, lose } = createReconnecting();
    lose();
    (await attempt()).refuse('refused');
    await attempt();

    expect((await rejection(client.send('x'))).message).toBe(
      'Cannot send on "/orders": it is reconnecting, attempt 2 of 3, after it closed with 1006 Abnormal closure, by the network\n' +
        '  Wait until it is open again: await expect(client).toBeOpen()',
    );
  });

  test('sendUntil sends again on the new connection', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    const reply = client.sendUntil('status', 'done', { interval: 1, maxAttempts: 1000 });
    lose();
    const wire = (await attempt()).accept();
    await expect.poll(() => wire.sent.length, { intervals: [1] }).toBeGreaterThan(0);
    receive(connection, 'done');

    expect((await reply).text).toBe('done');
  });

  test('the iteration goes on', async () => {
    const { attempt, client, connection, lose } = createReconnecting();
    const next = client[Symbol.asyncIterator]().next();
    lose();
    (await attempt()).accept();
    receive(connection, 'a');

    expect((await next).value).toMatchObject({ text: 'a' });
  });

  test('autoReply and ignore go on', async () => {
    const autoReplies = [{ on: compiled('beat'), send: 'alive' }];
    const { attempt, client, connection, lose } = createReconnecting({}, { autoReplies, ignore: compiled('noise') });
    lose();
    const wire = (await attempt()).accept();
    for (const text of ['beat', 'noise', 'message']) receive(connection, text);

    expect(wire.sent.map(({ payload }) => payload.toString())).toEqual(['alive']);
    expect(texts(client.messages)).toEqual(['message']);
  });

  test('keepAlive goes on with the new connection, and not in the gap', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const { attempt, client, lose, wire } = createReconnecting({}, { keepAlive: 1000 });
      lose();
      mock.timers.tick(2000);
      const next = (await attempt()).accept();
      mock.timers.tick(1000);
      await client.close();

      expect([wire.sent.length, next.sent.map(({ kind }) => kind)]).toEqual([0, ['ping']]);
    } finally {
      mock.timers.reset();
    }
  });

  test('pause holds for the new connection', async () => {
    const { attempt, client, lose } = createReconnecting();
    client.pause();
    lose();
    const wire = (await attempt()).accept();
    expect(wire.isPaused).toBe(true);
    client.resume();

    expect(wire.isPaused).toBe(false);
  });

  test('timers go on, and what they cannot send is no finding', async () => {
    const { attempt, client, lose, registry } = createReconnecting();
    let beats = 0;
    client.setInterval(async () => {
      beats += 1;
      await client.send('beat');
    }, 1);
    lose();
    const waiting = await attempt();
    await expect.poll(() => beats, { intervals: [1] }).toBeGreaterThan(2);
    const wire = waiting.accept();
    await expect.poll(() => wire.sent.length, { intervals: [1] }).toBeGreaterThan(0);
    await client.close();

    expect(findingsOf(registry)).toEqual([]);
  });

  test('stay goes on', async () => {
    const { attempt, client, lose } = createReconnecting();
    const stayed = client.stay(20);
    lose();
    (await attempt()).accept();

    await stayed;
  });

  test('stay fails when its time ends in it', async () => {
    const { client, lose } = createReconnecting();
    const stayed = rejection(client.stay(1));
    lose();

    expect((await stayed).message).toContain(
      'Received: reconnecting, attempt 1 of 3, after it closed with 1006 Abnormal closure, by the network',
    );
  });

  test('the state is told as such', async () => {
    const { connection, lose } = createReconnecting();
    lose();

    expect(describeState(connection)).toBe(
      'reconnecting, attempt 1 of 3, after it closed with 1006 Abnormal closure, by the network',
    );
  });
});

test.describe('attempts that are used up', () => {
  test('end the connection with the close that began the gap, and list each reason', async () => {
    const { attempt, client, connection, registry } = createReconnecting({ maxAttempts: 2 });
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    const wait = rejection(client.waitForMessage('never'));
    connection.close(4001, Buffer.from('kicked'));
    (await attempt()).refuse('the server answered 401 Unauthorized');
    (await attempt()).refuse('connection refused');

    expect(await client.closed).toEqual({ code: 4001, reason: 'kicked', wasClean: true, by: 'server' });
    const reason = `Cannot reconnect "/orders": all 2 attempts are used up
  attempt 1: Cannot connect: the server answered 401 Unauthorized
  attempt 2: Cannot connect: connection refused`;
    expect(errors).toEqual([expect.objectContaining({ code: 'WS_RECONNECT_FAILED', message: reason })]);
    expect((await wait).message).toContain(reason.replaceAll('\n', `\n${' '.repeat(10)}`));
    expect(findingsOf(registry)).toEqual([
      `unexpectedClose: "/orders" (ws://127.0.0.1:4040/orders), connected at reconnecting.ts:L, closed with 4001 "kicked", by the server: ${reason}\n` +
        '  If that is right, expect it: await expect(client).toBeClosed({ code })',
    ]);
  });

  test('count those that were accepted: a server that closes at once does not keep them going', async () => {
    const { attempt, client, lose } = createReconnecting({ maxAttempts: 2 });
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    lose();
    for (let count = 0; count < 2; count++) {
      (await attempt()).accept();
      lose();
    }

    await client.closed;
    expect(errors.map(({ message }) => message)).toEqual([
      `Cannot reconnect "/orders": all 2 attempts are used up
  attempt 1: opened, then closed with 1006 Abnormal closure, by the network
  attempt 2: opened, then closed with 1006 Abnormal closure, by the network`,
    ]);
  });

  test('come back in the next test of a worker', async () => {
    const { attempt, client, connection, lose } = createReconnecting({ maxAttempts: 1 });
    lose();
    (await attempt()).accept();
    connection.beginTest();
    lose();
    (await attempt()).accept();

    expect(client.readyState).toBe(1);
  });

  test('are told with the last ten', async () => {
    const { attempt, client, lose } = createReconnecting({ maxAttempts: 12 });
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    lose();
    for (let count = 0; count < 12; count++) (await attempt()).refuse('refused');
    await client.closed;

    expect(errors[0].message.split('\n').slice(0, 3)).toEqual([
      'Cannot reconnect "/orders": all 12 attempts are used up',
      '  … 2 earlier',
      '  attempt 3: Cannot connect: refused',
    ]);
  });
});

test.describe('a gap', () => {
  for (const method of ['close', 'terminate'] as const) {
    test(`ends at once with ${method}(): closed by us, without a finding`, async () => {
      const { attempt, client, lose, registry } = createReconnecting();
      lose();
      (await attempt()).refuse('refused');
      await attempt();
      void client[method]();

      expect(client.readyState).toBe(3);
      expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'client' });
      expect(findingsOf(registry)).toEqual([]);
    });
  }

  test('ends with the test: nothing is tried any more, and no finding when nothing had failed', async () => {
    let prepared = 0;
    const plan: Partial<ReconnectPlan> = {
      delay: () => 60_000,
      prepare: () => {
        prepared += 1;
        return Promise.resolve(undefined);
      },
    };
    const { client, lose, registry } = createReconnecting(plan);
    const before = timers();
    lose();
    await turn();
    expect(timers()).toBe(before + 1);
    registry.settle('finished');
    await registry.close();

    expect([client.readyState, prepared, timers()]).toEqual([3, 0, before]);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('in which an attempt has failed when the test ends is a finding', async () => {
    const { attempt, lose, registry } = createReconnecting();
    lose();
    (await attempt()).refuse('refused');
    await attempt();
    registry.settle('finished');
    await registry.close();

    expect(findingsOf(registry)).toEqual([
      `unexpectedClose: "/orders" (ws://127.0.0.1:4040/orders), connected at reconnecting.ts:L, closed with 1006 Abnormal closure, by the network: Cannot reconnect "/orders": the test ended before attempt 2 of 3 was done
  attempt 1: Cannot connect: refused
  If that is right, expect it: await expect(client).toBeClosed({ code })`,
    ]);
  });

  test('is what the end of the test meets in the middle of a close by the server: no finding', async () => {
    const { client, connection, registry, wire } = createReconnecting();
    wire.isClosing = true;
    wire.answersClose = false;
    registry.settle('finished');
    const ended = registry.close();
    connection.close(4401, nothing);
    await ended;

    expect(await client.closed).toMatchObject({ code: 4401, by: 'server' });
    expect(findingsOf(registry)).toEqual([]);
  });

  test('outlives a test of a worker', async () => {
    const { attempt, client, lose, registry } = createReconnecting();
    lose();
    registry.settle('finished');
    (await attempt()).accept();

    expect(client.readyState).toBe(1);
  });

  test('that ends while an attempt is accepted leaves no wire', async () => {
    const { attempt, client, lose } = createReconnecting();
    lose();
    const late = await attempt();
    client.terminate();
    const wire = late.accept();

    expect([wire.isTerminated, client.readyState]).toEqual([true, 3]);
  });

  test('repeated a hundred times leaves no listener, timer or wait', async () => {
    const { attempt, client, connection, lose, registry, wires } = createReconnecting({ maxAttempts: 100 });
    const signal = connection.closing.handshakeSignal;
    const before = timers();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let count = 0; count < 100; count++) {
      lose();
      (await attempt()).accept();
    }
    await turn();

    expect([wires.length, listeners, connection.waits.size]).toEqual([100, 0, 0]);
    expect(timers()).toBe(before);
    await client.close();
    expect(findingsOf(registry)).toEqual([]);
  });
});

test.describe('code of the user that fails', () => {
  test('in `options` is a finding, and ends the connection', async () => {
    const { client, lose, registry } = createReconnecting({ prepare: () => Promise.reject(new Error('login failed')) });
    const wait = rejection(client.waitForMessage('never'));
    lose();

    expect(await client.closed).toMatchObject({ code: 1006, by: 'network' });
    expect((await wait).message).toContain('Cannot reconnect "/orders": before attempt 1: login failed');
    expect(findingsOf(registry)).toEqual([
      'handlerError: the function `options` of `reconnect` at reconnecting.ts:L threw: login failed',
    ]);
  });

  test('in `delay` is one too', async () => {
    const { client, lose, registry } = createReconnecting({
      delay: () => {
        throw new Error('no delay');
      },
    });
    lose();
    await client.closed;

    expect(findingsOf(registry)).toEqual([
      'handlerError: the function `delay` of `reconnect` at reconnecting.ts:L threw: no delay',
    ]);
  });

  test('is the unexpected close when its own finding is switched off', async () => {
    const registry = createRegistry();
    const { client, lose } = createReconnecting(
      { prepare: () => Promise.reject(new Error('login failed')) },
      { registry, findings: { handlerError: false } },
    );
    lose();
    await client.closed;

    expect(findingsOf(registry)).toEqual([
      expect.stringContaining('Cannot reconnect "/orders": before attempt 1: login failed'),
    ]);
  });

  test('by not answering ends the connection after the time of an attempt', async () => {
    const { client, lose, registry } = createReconnecting({ timeout: 1, prepare: () => new Promise(() => {}) });
    lose();
    await client.closed;

    expect(findingsOf(registry)).toEqual([
      'handlerError: the function `options` of `reconnect` at reconnecting.ts:L threw: it gave no answer within 1ms',
    ]);
  });

  test('after the end of the gap is nobody’s business', async () => {
    let fail = (_error: Error): void => {};
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const { client, lose, registry } = createReconnecting({
      prepare: () => {
        asked();
        return new Promise((_resolve, reject) => (fail = reject));
      },
    });
    lose();
    await isAsked;
    await client.close();
    fail(new Error('too late'));
    await turn();

    expect(findingsOf(registry)).toEqual([]);
  });

  test('that gives up leaves the close as it is', async () => {
    const { client, connection, registry } = createReconnecting({ prepare: () => Promise.resolve(undefined) });
    connection.close(4003, Buffer.from('banned'));

    expect(await client.closed).toMatchObject({ code: 4003, reason: 'banned', by: 'server' });
    expect(readyState(connection)).toBe(3);
    expect(findingsOf(registry)).toEqual([
      expect.stringContaining('Cannot reconnect "/orders": the function `options` gave up at attempt 1'),
    ]);
  });
});
