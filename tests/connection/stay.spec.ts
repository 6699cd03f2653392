import { expect, test } from '@playwright/test';

import { createClient, rejection } from './test-client.ts';

test('stay resolves when its time has passed, whatever comes meanwhile', async () => {
  const { client, receive } = createClient();
  const stayed = client.stay(1);
  receive('a');

  await expect(stayed).resolves.toBeUndefined();
});

test('stay rejects at once when the connection closes', async () => {
  const { client, connection } = createClient();
  const stayed = client.stay(600_000);
  connection.close(4001, Buffer.from('kicked'));

  expect(await rejection(stayed)).toMatchObject({ code: 'WS_CONNECTION_CLOSED', closeInfo: { code: 4001 } });
});

test('stay rejects at once on a connection that has closed', async () => {
  const { client, connection } = createClient();
  connection.close(1000, Buffer.alloc(0));

  expect(await rejection(client.stay(600_000))).toMatchObject({ code: 'WS_CONNECTION_CLOSED' });
});

test('stay(0) passes on an open connection', async () => {
  await expect(createClient().client.stay(0)).resolves.toBeUndefined();
});

test('stay refuses what is no duration', async () => {
  const error = await rejection(createClient().client.stay(-1));

  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('Cannot call stay with -1: expected milliseconds of at least 0');
});
