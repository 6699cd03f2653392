// `ws`: opens and closes, 100 at a time.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { atATime } from '../../lib/at-a-time.mjs';
import { count, measure, url } from '../../lib/contender.mjs';

await measure(async () => {
  const closed = await atATime(count, 100, async () => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    socket.close(1000);
    await once(socket, 'close');
  });
  return closed.length;
});
