import { expect, test } from '@playwright/test';

import { createClient, rejection, untyped } from './test-client.ts';

test.describe('ping', () => {
  test('resolves with the round trip when the pong with its payload came', async () => {
    const { client, connection, wire } = createClient();
    const trip = client.ping('a');
    expect(wire.sent).toEqual([{ kind: 'ping', payload: Buffer.from('a'), isBinary: false }]);
    connection.pong(Buffer.from('a'));

    expect(await trip).toBeGreaterThanOrEqual(0);
  });

  test('is not answered by a pong with another payload', async () => {
    const { client, connection } = createClient({ waitTimeout: 1 });
    const trip = client.ping('a');
    connection.pong(Buffer.from('b'));

    expect(await rejection(trip)).toMatchObject({ code: 'WS_WAIT_TIMEOUT' });
    expect(connection.pongs.length).toBe(1);
  });

  test('has a payload of its own when none is given', async () => {
    const { client, connection, wire } = createClient();
    const trips = [client.ping(), client.ping()];
    const [first, second] = wire.sent.map(({ payload }) => payload);
    expect(first.equals(second)).toBe(false);
    connection.pong(first);
    connection.pong(second);

    expect(await Promise.all(trips)).toHaveLength(2);
  });

  test('answers the older ones too: a peer may answer only the newest (RFC 6455 section 5.5.3)', async () => {
    const { client, connection } = createClient({ waitTimeout: 1 });
    const [older, newer, newest] = [client.ping('1'), client.ping('2'), client.ping('3')];
    connection.pong(Buffer.from('2'));

    expect(await older).toBeGreaterThanOrEqual(await newer);
    expect(await rejection(newest)).toMatchObject({ code: 'WS_WAIT_TIMEOUT' });
  });

  test('takes one pong each, also when two have the same payload', async () => {
    const { client, connection } = createClient({ waitTimeout: 1 });
    const [first, second] = [client.ping('a'), client.ping('a')];
    connection.pong(Buffer.from('a'));

    await first;
    expect(await rejection(second)).toMatchObject({ code: 'WS_WAIT_TIMEOUT' });
    expect(connection.pongs.length).toBe(0);
  });

  test('keeps its pong from those who wait for pongs', async () => {
    const { client, connection } = createClient();
    const trip = client.ping('a');
    connection.pong(Buffer.from('a'));
    await trip;

    expect(connection.pongs.length).toBe(0);
    connection.pong(Buffer.from('a'));
    expect(connection.pongs.length).toBe(1);
  });

  test('forgets a ping that was not answered in time', async () => {
    const { client, connection } = createClient({ waitTimeout: 1 });
    await rejection(client.ping('a'));
    connection.pong(Buffer.from('a'));

    expect(connection.pongs.length).toBe(1);
  });

  test('refuses more than 125 bytes, and takes 125', async () => {
    const { client, wire } = createClient({ waitTimeout: 1 });
    const error = await rejection(client.ping('x'.repeat(126)));

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      'Cannot ping with 126 bytes: a control frame carries at most 125 (RFC 6455 section 5.5)',
    );
    expect(wire.sent).toEqual([]);
    void client.ping('x'.repeat(125)).catch(() => {});
    expect(wire.sent).toHaveLength(1);
  });

  test('refuses data that is neither text nor bytes', async () => {
    const { client } = createClient();
    const error = await rejection(untyped(client, 'ping', { a: 1 }));

    expect(error.message).toBe('Cannot ping: expected text or bytes, found object');
  });
});

test.describe('a ping of the server', () => {
  test('is answered in its turn, with its payload', () => {
    const { client, connection, wire } = createClient();
    connection.ping(Buffer.from('p'));

    expect(wire.sent).toEqual([{ kind: 'pong', payload: Buffer.from('p'), isBinary: false }]);
    expect([...client.frames].map(({ direction, opcode }) => `${direction} ${opcode}`)).toEqual([
      'received ping',
      'sent pong',
    ]);
  });

  test('is left to pong() with autoPong false', async () => {
    const { client, connection, wire } = createClient({ autoPong: false });
    connection.ping(Buffer.from('p'));
    expect(wire.sent).toEqual([]);

    await client.pong('p');
    expect(wire.sent).toEqual([{ kind: 'pong', payload: Buffer.from('p'), isBinary: false }]);
  });

  test('is not answered once we are closing', () => {
    const { connection, wire } = createClient();
    wire.answersClose = false;
    connection.closing.begin(1000, '');
    connection.ping(Buffer.from('p'));

    expect(wire.sent).toEqual([]);
  });
});

test.describe('pong', () => {
  test('resolves when the socket has it, and rejects with what the wire says', async () => {
    const { client, wire } = createClient();
    await client.pong(Buffer.from('p'));
    wire.sendError = new Error('write EPIPE');

    expect((await rejection(client.pong('p'))).message).toBe('write EPIPE');
  });

  test('refuses more than 125 bytes', async () => {
    const { client } = createClient();

    expect((await rejection(client.pong('x'.repeat(126)))).message).toBe(
      'Cannot pong with 126 bytes: a control frame carries at most 125 (RFC 6455 section 5.5)',
    );
  });
});
