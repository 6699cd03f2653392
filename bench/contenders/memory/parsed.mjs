// Parsed on arrival.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { measureMemory, url } from '../../lib/contender.mjs';

const socket = new WebSocket(url, { perMessageDeflate: false });
await once(socket, 'open');
await measureMemory(
  async () => {
    const received = [];
    socket.on('message', (data) => received.push(JSON.parse(data.toString())));
    socket.send('go');
    await once(socket, 'ping');
    return received;
  },
  (received) => received.length,
);
