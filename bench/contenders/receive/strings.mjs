// What a test without a library does: `ws` and an array of strings.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { measure, url } from '../../lib/contender.mjs';

const socket = new WebSocket(url, { perMessageDeflate: false });
await once(socket, 'open');
await measure(async () => {
  const received = [];
  socket.on('message', (data) => received.push(data.toString()));
  socket.send('go');
  await once(socket, 'ping');
  return received.length;
});
