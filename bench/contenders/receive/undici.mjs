// undici's WebSocket, which Node and browsers' code use, and an array.
import { once } from 'node:events';
import { count, measure, url } from '../../lib/contender.mjs';
import { loadPeer } from '../../lib/peers.mjs';

const { WebSocket } = loadPeer('undici');
const socket = new WebSocket(url);
await once(socket, 'open');
await measure(
  () =>
    new Promise((resolve) => {
      const received = [];
      socket.addEventListener('message', ({ data }) => {
        if (received.push(data) === count) resolve(received.length);
      });
      socket.send('go');
    }),
);
