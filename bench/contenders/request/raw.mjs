// `ws` and a promise a reply; the reply is parsed, nothing is kept.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { count, measure, url } from '../../lib/contender.mjs';

const socket = new WebSocket(url, { perMessageDeflate: false });
await once(socket, 'open');
let reply;
socket.on('message', (data) => reply(JSON.parse(data.toString())));
await measure(async () => {
  let id = 0;
  for (; id < count; id++) {
    const replied = new Promise((resolve) => (reply = resolve));
    socket.send(JSON.stringify({ type: 'get', id }));
    await replied;
  }
  return id;
});
