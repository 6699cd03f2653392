import { expect, test } from '@playwright/test';

import type { Connection } from '../../src/connection/connection.ts';
import { Wait } from '../../src/connection/waits.ts';
import { ControlWatch, type ControlWatchOptions } from '../../src/connection/watch-control.ts';
import { createClient } from './test-client.ts';

const nothing = Buffer.alloc(0);

test.describe('a wait for a ping', () => {
  test('claims one that came before, the oldest first', () => {
    const { connection } = createClient();
    connection.ping(Buffer.from('1'));
    connection.ping(Buffer.from('2'));
    const waits = [waitFor([connection]), waitFor([connection]), waitFor([connection])];

    expect(waits.map(({ isPending }) => isPending)).toEqual([false, false, true]);
  });

  test('claims one that comes, of its payload only', () => {
    const { connection } = createClient();
    const wait = waitFor([connection], { payload: Buffer.from('2') });
    connection.ping(Buffer.from('1'));
    expect(wait.isPending).toBe(true);
    connection.ping(Buffer.from('2'));

    expect(wait.record.outcome).toEqual({ kind: 'passed' });
    expect([...connection.pings.free()].map(({ payload }) => payload.toString())).toEqual(['1']);
  });

  test('sees neither pongs nor messages', () => {
    const { connection, receive } = createClient();
    const wait = waitFor([connection]);
    connection.pong(nothing);
    receive('');

    expect(wait.isPending).toBe(true);
  });

  test('of two, the older is served first', () => {
    const { connection } = createClient();
    const [older, younger] = [waitFor([connection]), waitFor([connection])];
    connection.ping(nothing);

    expect([older.isPending, younger.isPending]).toEqual([false, true]);
  });

  test('on several clients passes when each had one', () => {
    const [one, two] = [createClient(), createClient()];
    const wait = waitFor([one.connection, two.connection]);
    one.connection.ping(nothing);
    one.connection.ping(nothing);
    expect(wait.isPending).toBe(true);
    two.connection.ping(nothing);

    expect(wait.record.outcome).toEqual({ kind: 'passed' });
    expect([...one.connection.pings.free()]).toHaveLength(1);
  });

  test('gives back what it reserved to the next wait when it fails', () => {
    const [one, two] = [createClient(), createClient()];
    const controller = new AbortController();
    waitFor([one.connection, two.connection], { signal: controller.signal });
    one.connection.ping(nothing);
    const next = waitFor([one.connection]);
    expect(next.isPending).toBe(true);
    controller.abort();

    expect(next.record.outcome).toEqual({ kind: 'passed' });
  });

  test('ends at once when a client closes that had none, and goes on when it had one', () => {
    const [one, two] = [createClient(), createClient()];
    const wait = waitFor([one.connection, two.connection]);
    one.connection.ping(nothing);
    one.connection.close(1001, nothing);
    expect(wait.isPending).toBe(true);
    two.connection.close(1001, nothing);

    expect(wait.record.outcome).toMatchObject({ kind: 'closed', connection: two.connection });
  });

  test('claims one of a closed connection', () => {
    const { connection } = createClient();
    connection.ping(nothing);
    connection.close(1001, nothing);

    expect(waitFor([connection]).record.outcome).toEqual({ kind: 'passed' });
  });

  test('of an earlier test of the worker is not offered', () => {
    const { connection } = createClient();
    connection.ping(nothing);
    connection.beginTest();

    expect(waitFor([connection]).isPending).toBe(true);
  });
});

test.describe('a wait for no pong', () => {
  test('fails at the first that comes, and claims nothing', () => {
    const { connection } = createClient();
    const wait = waitFor([connection], { opcode: 'pong', isUnwanted: true });
    connection.pong(Buffer.from('p'));

    expect(wait.record.outcome).toEqual({ kind: 'state', text: 'a pong with "p"', connection });
    expect([...connection.pongs.free()]).toHaveLength(1);
  });

  test('fails for one that came before', () => {
    const { connection } = createClient();
    connection.pong(nothing);

    expect(waitFor([connection], { opcode: 'pong', isUnwanted: true }).record.outcome).toMatchObject({ kind: 'state' });
  });

  test('passes at its deadline', async () => {
    const { connection } = createClient();
    const wait = waitFor([connection], { opcode: 'pong', isUnwanted: true, timeout: 1 });

    expect((await wait.ended).outcome).toEqual({ kind: 'passed' });
  });
});

function waitFor(
  connections: readonly Connection[],
  options: Partial<ControlWatchOptions> & { signal?: AbortSignal; timeout?: number } = {},
): Wait {
  const { isUnwanted = false, opcode = 'ping', payload, signal, timeout = 0 } = options;
  const watch = new ControlWatch({ isUnwanted, opcode, payload });
  const call = 'expect(client).toReceivePing()';
  return Wait.start({ method: 'toReceivePing', call, site: undefined, connections, timeout, signal }, watch);
}
