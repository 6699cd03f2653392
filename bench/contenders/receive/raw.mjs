// The limit: `ws` itself, which counts and keeps nothing.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { measure, url } from '../../lib/contender.mjs';

const socket = new WebSocket(url, { perMessageDeflate: false });
await once(socket, 'open');
await measure(async () => {
  let received = 0;
  socket.on('message', () => received++);
  socket.send('go');
  await once(socket, 'ping');
  return received;
});
