import { expect, test } from '@playwright/test';
import * as z from 'zod';

import { anyMessage } from '../../src/expectation/any-message.ts';
import { text } from '../helpers/failure-text.ts';
import { createClient, rejection, texts, untyped, type TestClient } from './test-client.ts';

test.describe('request', () => {
  test('sends in the turn of the call, and resolves with the reply among later messages', async () => {
    const { client, receive, wire } = createClient();
    receive({ type: 'reply', n: 1 });
    const reply = client.request({ op: 'get' }, { type: 'reply' });
    expect(wire.sent.map(({ payload }) => payload.toString())).toEqual(['{"op":"get"}']);
    receive('other', { type: 'reply', n: 2 });

    expect((await reply).value).toEqual({ type: 'reply', n: 2 });
    expect(texts(client.messages.unclaimed)).toEqual(['{"type":"reply","n":1}', 'other']);
  });

  test('sends only: what its reply is has to be said', async () => {
    const { client, wire } = createClient();
    const error = await rejection(untyped(client, 'request', { op: 'get' }));

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      "Cannot send a request without saying what its reply is\n  Write request(data, { type: 'reply' }) or request(data, anyMessage, { correlate: 'id' }).",
    );
    expect(wire.sent).toEqual([]);
  });

  test('has the value that a schema makes of the reply', async () => {
    const { client, receive } = createClient();
    const reply = client.request('get', z.object({ n: z.coerce.number() }));
    receive({ n: '7' });

    expect((await reply).value).toEqual({ n: 7 });
  });

  test('fails at once when the bytes never left', async () => {
    const { client, connection, wire } = createClient();
    wire.sendError = new Error('write EPIPE');

    expect((await rejection(client.request('a', 'b', { timeout: 0 }))).message).toBe(
      'Cannot send on "/orders": write EPIPE',
    );
    expect(connection.waits.size).toBe(0);
  });

  test('fails when the connection closes before the reply', async () => {
    const { client, connection } = createClient();
    const reply = client.request('a', 'b', { timeout: 0 });
    connection.close(1001, Buffer.alloc(0));

    expect(await rejection(reply)).toMatchObject({ code: 'WS_CONNECTION_CLOSED' });
  });

  test('of a Blob looks for the reply after it was sent', async () => {
    const { client, receive, wire } = createClient();
    const reply = client.request(new Blob(['a']), 'b');
    receive('b');
    await expect.poll(() => wire.sent.length, { intervals: [0] }).toBe(1);
    receive('b');

    expect((await reply).index).toBe(1);
  });
});

test.describe('request with correlate', () => {
  test('a path selects the reply that has the same value there', async () => {
    const { client, receive } = createClient();
    const replies = [1, 2, 3].map((id) => client.request({ meta: { id } }, anyMessage, { correlate: 'meta.id' }));
    receive({ meta: { id: 3 }, n: 'c' }, { meta: { id: 9 } }, { meta: { id: 1 }, n: 'a' }, { meta: { id: 2 }, n: 'b' });

    expect((await Promise.all(replies)).map(({ value }) => value)).toMatchObject([{ n: 'a' }, { n: 'b' }, { n: 'c' }]);
    expect(client.messages.unclaimed).toHaveLength(1);
  });

  test('two paths select by other names', async () => {
    const { client, receive } = createClient();
    const replies = ['x', 'y'].map((id) =>
      client.request({ id }, anyMessage, { correlate: { sent: 'id', reply: 'inReplyTo' } }),
    );
    receive({ inReplyTo: 'y' }, { inReplyTo: 'x' });

    expect((await Promise.all(replies)).map(({ index }) => index)).toEqual([1, 0]);
  });

  test('a function selects by what was sent and what came', async () => {
    const { client, receive } = createClient();
    const reply = client.request('ping 7', anyMessage, {
      correlate: (sent, message) => message.text === String(sent).replace('ping', 'pong'),
    });
    receive('pong 6', 'pong 7');

    expect((await reply).text).toBe('pong 7');
  });

  test('selects, and the expectation judges: another answer fails the request at once', async () => {
    const { client, receive } = createClient();
    const reply = client.request({ id: 1 }, { ok: true }, { correlate: 'id', timeout: 0 });
    receive({ id: 2, ok: true }, { id: 1, ok: false });

    expect(await rejection(reply)).toMatchObject({ code: 'WS_WAIT_FAILED' });
    expect(texts(client.messages.unclaimed)).toEqual(['{"id":2,"ok":true}']);
  });

  test("refuses a function that returns a promise, whose rejection is nobody else's", async () => {
    const { client, receive } = createClient();
    const correlate = (): Promise<boolean> => Promise.reject(new Error('of correlate'));
    const reply = rejection(untyped(client, 'request', { id: 1 }, anyMessage, { correlate }));
    receive({ id: 1 });

    expect((await reply).message).toBe('Cannot correlate by correlate: it returned Promise {}, expected true or false');
    await new Promise((resolve) => setImmediate(resolve));
  });

  const refused: [string, unknown, string][] = [
    ['a path at which nothing is sent', 'no.id', 'Cannot correlate: what request() sends has no value at "no.id"'],
    [
      'another form',
      7,
      `Invalid option "correlate" of request: expected a path ('id'), { sent: path, reply: path } or a function (sent, message) => boolean, found 7`,
    ],
    [
      'no form at all',
      null,
      `Invalid option "correlate" of request: expected a path ('id'), { sent: path, reply: path } or a function (sent, message) => boolean, found null`,
    ],
    [
      'a path to an object',
      'meta',
      text(
        'Cannot correlate: what request() sends has an object at "meta", expected text or a number',
        "  Give the path of a member of it, such as 'meta.id'.",
      ),
    ],
  ];
  for (const [name, correlate, message] of refused) {
    test(`refuses ${name}, and sends nothing`, async () => {
      const { client, wire } = createClient();
      const error = await rejection(untyped(client, 'request', { id: 1, meta: { id: 1 } }, anyMessage, { correlate }));

      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe(message);
      expect(wire.sent).toEqual([]);
    });
  }
});

test.describe('sendUntil', () => {
  test('sends at once, again after each interval, and stops when a message meets the expectation', async () => {
    const { client, wire, ...created } = createClient();
    answerThe(3, created, wire);
    const message = await client.sendUntil('are you there', 'yes', { interval: 1 });

    expect(message.text).toBe('yes');
    expect(wire.sent).toHaveLength(3);
  });

  test('refuses an interval that no timer can have', async () => {
    const { client } = createClient();

    expect((await rejection(client.sendUntil('a', 'b', { interval: 2 ** 31 }))).message).toBe(
      'Invalid option "interval" of sendUntil: expected milliseconds from 0 to 2147483647, found 2147483648',
    );
  });

  test('sends maxAttempts times, and fails one interval after the last', async () => {
    const { client, connection, wire } = createClient();

    expect(await rejection(client.sendUntil('a', 'b', { interval: 1, maxAttempts: 3 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
    });
    expect(wire.sent).toHaveLength(3);
    expect(connection.waits.size).toBe(0);
  });

  test('does not take what came before', async () => {
    const { client, receive } = createClient();
    receive('yes');

    expect(await rejection(client.sendUntil('a', 'yes', { interval: 1, maxAttempts: 1 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
    });
  });

  test('timeout is one more limit', async () => {
    const { client, wire } = createClient();

    expect(await rejection(client.sendUntil('a', 'b', { interval: 600_000, timeout: 1 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
      timeout: 1,
    });
    expect(wire.sent).toHaveLength(1);
  });

  test('timeout 0 is no limit: the attempts are', async () => {
    const { client, wire } = createClient();

    expect(await rejection(client.sendUntil('a', 'b', { interval: 1, maxAttempts: 2, timeout: 0 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
    });
    expect(wire.sent).toHaveLength(2);
  });

  test('fails at once for data that cannot be sent', async () => {
    const { client } = createClient();

    expect((await rejection(client.sendUntil(1n, 'b', { timeout: 0 }))).message).toBe(
      'Cannot send a value that is not JSON: Do not know how to serialize a BigInt',
    );
  });

  test('fails when the connection closes', async () => {
    const { client, connection } = createClient();
    const message = client.sendUntil('a', 'b', { timeout: 0 });
    connection.close(1001, Buffer.alloc(0));

    expect(await rejection(message)).toMatchObject({ code: 'WS_CONNECTION_CLOSED' });
  });

  test('refuses no attempt at all', async () => {
    const { client } = createClient();

    expect((await rejection(client.sendUntil('a', 'b', { maxAttempts: 0 }))).message).toBe(
      'Invalid option "maxAttempts" of sendUntil: expected a whole number of at least 1, found 0',
    );
  });
});

/** The server answers the n-th message. */
function answerThe(count: number, { receive }: Pick<TestClient, 'receive'>, wire: TestClient['wire']): void {
  const send = wire.send.bind(wire);
  wire.send = (payload, isBinary, flushed) => {
    send(payload, isBinary, flushed);
    if (wire.sent.length === count) receive('yes');
  };
}
