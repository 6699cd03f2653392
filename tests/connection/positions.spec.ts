import { expect, test } from '@playwright/test';

import { Mark } from '../../src/frames/mark.ts';
import { createClient, rejection, texts, untyped } from './test-client.ts';
import { waitForOne, waitForSeveral } from './waits.ts';

test.describe('after', () => {
  test('a mark looks only at what came later', async () => {
    const { client, receive } = createClient();
    receive('a');
    const mark = client.mark();
    receive('a');

    expect((await client.waitForMessage('a', { after: mark })).index).toBe(1);
    expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
  });

  test('a mark of one client is a position on every client', async () => {
    const [one, two] = [createClient(), createClient()];
    two.receive('a');
    const mark = one.client.mark();
    two.receive('a');

    expect((await two.client.waitForMessage('a', { after: mark })).index).toBe(1);
  });

  test('a sent frame looks only at what came after it was sent', async () => {
    const { client, receive } = createClient();
    receive('a');
    const frame = await client.send('go');
    receive('a');

    expect((await client.waitForMessage('a', { after: frame })).index).toBe(1);
  });

  test('a received message looks only at what came after it, the rest of its packet included', async () => {
    const { client, receive } = createClient();
    receive('a', 'b', 'a');
    const b = await client.waitForMessage('b');

    expect((await client.waitForMessage('a', { after: b })).index).toBe(2);
  });

  test('a message of another client is a position too', async () => {
    const [one, two] = [createClient(), createClient()];
    one.receive('a');
    two.receive('b');
    one.receive('a');
    const b = await two.client.waitForMessage('b');

    expect((await one.client.waitForMessage('a', { after: b })).index).toBe(1);
  });

  test('holds for each of several messages', async () => {
    const { client, receive } = createClient();
    receive('a');
    const after = client.mark();
    receive('b', 'a', 'b');

    const messages = await client.waitForMessages(['a', 'b'], { after });
    expect(messages.map(({ index }) => index)).toEqual([2, 3]);
  });

  test('refuses what is no position', async () => {
    const { client } = createClient();
    const options: object = { after: client };
    const error = await rejection(untyped(client, 'waitForMessage', 'a', options));

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      'Cannot use a value of type object as `after` of waitForMessage: pass a mark (client.mark()), a sent frame (await client.send(…)) or a received message',
    );
  });
});

test.describe('mark', () => {
  test('is a moment too', () => {
    const before = performance.now();
    const mark = new Mark();
    const after = performance.now();

    expect(mark.monotonicTime).toBeGreaterThanOrEqual(before);
    expect(mark.monotonicTime).toBeLessThanOrEqual(after);
    expect(mark.time).toBeCloseTo(performance.timeOrigin + mark.monotonicTime, 6);
  });

  test('counts the frames of all clients, both directions', () => {
    const [one, two] = [createClient(), createClient()];
    const start = one.client.mark().sequence;
    one.receive('a');
    void two.client.send('b');
    two.connection.ping(Buffer.alloc(0));

    expect(two.client.mark().sequence - start).toBe(4);
    expect(one.client.frames.at(-1)?.sequence).toBe(start + 1);
    expect([...two.client.frames].map(({ sequence }) => sequence - start)).toEqual([2, 3, 4]);
  });
});

test.describe('where', () => {
  test('selects the first unclaimed message, which the expectation then judges', async () => {
    const { client, receive } = createClient();
    receive({ id: 1, ok: true }, { id: 2, ok: true });

    expect((await client.waitForMessage({ ok: true }, { where: { id: 2 } })).index).toBe(1);
    expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0]);
  });

  test('fails the wait at once when the selected message does not meet the expectation, and claims it', async () => {
    const { client, receive } = createClient();
    const wait = client.waitForMessage({ ok: true }, { where: { id: 2 }, timeout: 0 });
    receive({ id: 1, ok: true }, { id: 2, ok: false }, { id: 2, ok: true });

    expect(await rejection(wait)).toMatchObject({ name: 'WebSocketError', code: 'WS_WAIT_FAILED' });
    expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([0, 2]);
  });

  test('fails for a message that is given back as for one that arrives', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages([{ id: 2 }, 'never'], { signal: controller.signal });
    receive({ id: 2, ok: false });
    const wait = client.waitForMessage({ ok: true }, { where: { id: 2 }, timeout: 0 });
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect(await rejection(wait)).toMatchObject({ code: 'WS_WAIT_FAILED' });
    expect(texts(client.messages.unclaimed)).toEqual([]);
  });

  test('on several clients gives back what was met on the others', async () => {
    const [one, two] = [createClient(), createClient()];
    const { wait } = waitForOne([one.connection, two.connection], { ok: true }, { where: { id: 2 } });
    one.receive({ id: 2, ok: true });
    two.receive({ id: 2, ok: false });

    expect(await wait.ended).toMatchObject({ outcome: { kind: 'mismatch', message: { client: '/orders' } } });
    expect(texts(one.client.messages.unclaimed)).toEqual(['{"id":2,"ok":true}']);
    expect(texts(two.client.messages.unclaimed)).toEqual([]);
  });
});

test.describe('within and notBefore', () => {
  test('within passes for what came before the call', async () => {
    const { connection, receive } = createClient();
    receive('a');
    const { wait } = waitForOne([connection], 'a', { within: 0 });

    expect((await wait.ended).outcome).toEqual({ kind: 'passed' });
  });

  test('within ends the wait when its time is over', async () => {
    const { connection } = createClient();
    const { wait } = waitForOne([connection], 'a', { within: 1, timeout: 600_000 });

    expect((await wait.ended).outcome).toEqual({ kind: 'timeout' });
  });

  test('within counts from `after`: what came later than that is late, and stays unclaimed', async () => {
    const { client, connection, receive } = createClient();
    const after = { sequence: client.mark().sequence, monotonicTime: performance.now() - 1000 };
    receive('a');
    const { wait } = waitForOne([connection], 'a', { after, within: 500 });

    expect(await wait.ended).toMatchObject({ outcome: { kind: 'late', limit: 500, message: { index: 0 } } });
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('notBefore fails at once for what comes too early, and claims nothing', async () => {
    const { client, connection, receive } = createClient();
    const { wait } = waitForOne([connection], 'a', { notBefore: 600_000 });
    receive('a');

    expect(await wait.ended).toMatchObject({ outcome: { kind: 'early', limit: 600_000, message: { index: 0 } } });
    expect(texts(client.messages.unclaimed)).toEqual(['a']);
  });

  test('notBefore takes what came before the call for too early', async () => {
    const { connection, receive } = createClient();
    receive('a');
    const { wait } = waitForOne([connection], 'a', { notBefore: 1 });

    expect(await wait.ended).toMatchObject({ outcome: { kind: 'early' } });
  });

  test('notBefore passes for what comes late enough', async () => {
    const { client, connection, receive } = createClient();
    const after = { sequence: client.mark().sequence, monotonicTime: performance.now() - 1000 };
    receive('a');
    const { wait } = waitForOne([connection], 'a', { after, notBefore: 500 });

    expect((await wait.ended).outcome).toEqual({ kind: 'passed' });
  });

  test('a message that is too early goes to the next wait, and to no other', async () => {
    const { client, connection, receive } = createClient();
    waitForOne([connection], 'a', { notBefore: 600_000 });
    const [second, third] = [waitForSeveral([connection], ['a']), waitForSeveral([connection], ['a'])];
    receive('a');

    expect((await second.wait.ended).outcome).toEqual({ kind: 'passed' });
    expect(third.wait.isPending).toBe(true);
    expect(texts(client.messages.unclaimed)).toEqual([]);
  });
});
