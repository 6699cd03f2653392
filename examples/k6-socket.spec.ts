// k6's Socket page: handlers, timers, pings and messages of one connection.
// 16 lines of code; the original has 41.
import { expect, test } from 'playwright-ws';

test('a socket lives its whole life', async ({ ws }) => {
  const heard: string[] = [];
  const socket = await ws.connect('/echo', { name: 'hello' });
  socket.on('pong', () => heard.push('PONG!'));
  socket.on('pong', () => heard.push('OTHER PONG!'));
  const stop = socket.setInterval(() => socket.ping(), 100);

  const sentAt = Date.now();
  await socket.send(sentAt);
  await expect(socket).toReceiveMessage(sentAt);

  await socket.stay(500);
  stop();
  await socket.ping();
  expect(heard.slice(0, 2)).toEqual(['PONG!', 'OTHER PONG!']);
  await socket.close();
});
