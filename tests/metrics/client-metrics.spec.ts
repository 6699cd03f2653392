import { expect, test } from '../matchers/open-client.ts';

test('client.metrics counts data messages and their bytes, no control frames', async ({ open }) => {
  const { client, peer } = await open({ keepAlive: 60_000 });
  await client.send('four');
  await client.ping();
  await peer.send('hello');
  await client.waitForMessage('hello');

  const { data_received, data_sent, ws_msgs_received, ws_msgs_sent } = client.metrics;
  expect([ws_msgs_sent.count, data_sent.count]).toEqual([1, 4]);
  expect([ws_msgs_received.count, data_received.count]).toEqual([1, 5]);
});

test('client.metrics has a sample for the opening handshake, each ping, each reply, and the end', async ({ open }) => {
  const { client, peer } = await open();
  const before = client.metrics;
  await client.ping();
  await client.ping();
  peer.socket.on('message', () => peer.socket.send('echo'));
  await client.request('echo', 'echo');
  await client.close();

  const { ws_connecting, ws_ping, ws_response_time, ws_session_duration, ws_sessions } = client.metrics;
  expect(before.ws_session_duration.count).toBe(0);
  expect([ws_sessions.count, ws_connecting.count, ws_session_duration.count]).toEqual([1, 1, 1]);
  expect([ws_ping.count, ws_response_time.count]).toEqual([2, 1]);
  expect(ws_session_duration.max).toBeGreaterThan(ws_connecting.max + ws_ping.min + ws_response_time.max);
});

test('client.metrics are values of the moment at which they were read', async ({ open }) => {
  const { client } = await open();
  const before = client.metrics;
  await client.send('later');

  expect(before.ws_msgs_sent.count).toBe(0);
});

test('rate of a counter is per second since the client was created', async ({ open }) => {
  const { client } = await open();
  await client.send('1');
  await client.close();

  const { ws_msgs_sent, ws_session_duration } = client.metrics;
  expect(ws_msgs_sent.rate).toBeCloseTo(1000 / ws_session_duration.max, 0);
});

test('request that failed is no sample', async ({ open }) => {
  const { client } = await open();
  await client.request('echo', 'echo', { timeout: 10 }).catch(() => {});

  expect(client.metrics.ws_response_time.count).toBe(0);
});
