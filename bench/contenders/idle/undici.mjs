// undici's sockets that are open and idle.
import { once } from 'node:events';
import { atATime } from '../../lib/at-a-time.mjs';
import { count, measureMemory, url } from '../../lib/contender.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const { WebSocket } = loadPeer('undici');
await opened(); // what is loaded once does not count
await measureMemory(
  () => atATime(count, 100, opened),
  (sockets) => sockets.filter(({ readyState }) => readyState === 1).length,
);

async function opened() {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}
