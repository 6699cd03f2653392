import { mock } from 'node:test';

import { expect, test } from '@playwright/test';

import { createClient } from './test-client.ts';

test.beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
test.afterEach(() => mock.timers.reset());

test('keepAlive pings after each interval as long as the pongs come', () => {
  const { connection, wire } = createClient({ keepAlive: 1000 });
  mock.timers.tick(999);
  expect(wire.sent).toHaveLength(0);
  for (const count of [1, 2, 3]) {
    mock.timers.tick(count === 1 ? 1 : 1000);
    expect(wire.sent.map(({ kind }) => kind)).toEqual(Array.from({ length: count }, () => 'ping'));
    connection.pong(wire.sent[count - 1].payload);
  }
  expect(connection.isOpen).toBe(true);
});

test('keepAlive ends the connection as lost by the network when a pong is missing for one more interval', async () => {
  const { client, wire } = createClient({ keepAlive: 1000 });
  mock.timers.tick(1999);
  expect(wire.isTerminated).toBe(false);
  mock.timers.tick(1);

  expect(wire.isTerminated).toBe(true);
  expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'network' });
});

test('keepAlive tells why it took the connection for lost', async () => {
  const { client, connection } = createClient({ keepAlive: 1000 });
  mock.timers.tick(2000);
  await client.closed;

  expect(connection.failure?.message).toBe('The server left a ping of keepAlive unanswered for 1000ms');
});

test('keepAlive pings on while the client is paused, and waits for a pong only after resume()', () => {
  const { client, wire } = createClient({ keepAlive: 1000 });
  client.pause();
  mock.timers.tick(5000);
  expect(wire.sent).toHaveLength(5);
  client.resume();
  mock.timers.tick(1999);
  expect(wire.isTerminated).toBe(false);
  mock.timers.tick(1);

  expect(wire.isTerminated).toBe(true);
});

test('keepAlive takes a pong with another payload for no answer', () => {
  const { connection, wire } = createClient({ keepAlive: 1000 });
  mock.timers.tick(1000);
  connection.pong(Buffer.from('another'));
  mock.timers.tick(1000);

  expect(wire.isTerminated).toBe(true);
});

test('keepAlive keeps its pongs from those who wait for pongs', () => {
  const { connection, wire } = createClient({ keepAlive: 1000 });
  mock.timers.tick(1000);
  connection.pong(wire.sent[0].payload);

  expect(connection.pongs.length).toBe(0);
});

test('keepAlive sends nothing while closing, and nothing after the close', () => {
  const { connection, wire } = createClient({ keepAlive: 1000 });
  wire.answersClose = false;
  connection.closing.begin(1000, '');
  mock.timers.tick(5000);
  connection.close(1000, Buffer.alloc(0));
  mock.timers.tick(5000);

  expect(wire.sent).toEqual([]);
  expect(wire.isTerminated).toBe(false);
});

test('no keepAlive sends no ping', () => {
  const { wire } = createClient();
  mock.timers.tick(1_000_000);

  expect(wire.sent).toEqual([]);
});
