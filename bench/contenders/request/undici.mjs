// undici's WebSocket and a promise a reply.
import { once } from 'node:events';
import { count, measure, url } from '../../lib/contender.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const { WebSocket } = loadPeer('undici');
const socket = new WebSocket(url);
await once(socket, 'open');
let reply;
socket.addEventListener('message', ({ data }) => reply(JSON.parse(data)));
await measure(async () => {
  let id = 0;
  for (; id < count; id++) {
    const replied = new Promise((resolve) => (reply = resolve));
    socket.send(JSON.stringify({ type: 'get', id }));
    await replied;
  }
  return id;
});
