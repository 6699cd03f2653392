// The five scripts of k6's WebSocket guide. A status other than 101 makes `connect` throw: no check is needed.
import { expect, test } from 'playwright-ws';

// Basic structure. 5 lines of code; the original has 12.
test('a connection opens, and its first message is there', async ({ ws }) => {
  const client = await ws.connect('/echo');
  await expect(client).toReceiveMessage(/^Request served by/);
});

// Error handling: an unexpected close fails the test by itself, so only the expected one is written down.
// 5 lines of code; the original has 16.
test('a kicked client is told why', async ({ ws }) => {
  const client = await ws.connect('/kick', { params: { code: 4001, reason: 'kicked' } });
  await expect(client).toBeClosed({ code: 4001, reason: 'kicked', by: 'server' });
});

// Timers: they end with their client. 8 lines of code; the original has 19.
test('pings go out at an interval', async ({ ws }) => {
  const client = await ws.connect('/echo');
  const stop = client.setInterval(() => client.ping(), 100);
  await client.stay(500);
  stop();
  expect(await client.ping()).toBeLessThan(1_000); // a round trip in milliseconds
});

// Timeouts. 6 lines of code; the original has 15.
test('a session ends after its time', async ({ ws }) => {
  const client = await ws.connect('/silent');
  client.setTimeout(() => client.close(), 200);
  await expect(client).toBeClosed({ code: 1000, by: 'client', wasClean: true });
});

// Multiple event handlers: called in the order in which they were added. 15 lines of code; the original has 32.
test('several handlers hear the same pong', async ({ ws }) => {
  const heard: string[] = [];
  const client = await ws.connect('/echo', { on: { close: () => heard.push('disconnected') } });
  client.on('pong', () => heard.push('PONG!'));
  client.on('pong', () => heard.push('OTHER PONG!'));
  await client.send(Date.now());
  const stop = client.setInterval(() => client.ping(), 100);
  await client.stay(500);
  stop();
  await client.ping();
  await client.close();
  expect(heard.slice(0, 2)).toEqual(['PONG!', 'OTHER PONG!']);
  expect(heard.at(-1)).toBe('disconnected');
});
