// undici's WebSocket: opens and closes, 100 at a time.
import { once } from 'node:events';
import { atATime } from '../../lib/at-a-time.mjs';
import { count, measure, url } from '../../lib/contender.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const { WebSocket } = loadPeer('undici');
await measure(async () => {
  const closed = await atATime(count, 100, async () => {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    socket.close(1000);
    await once(socket, 'close');
  });
  return closed.length;
});
