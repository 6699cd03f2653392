// A TCP server that writes frames made beforehand, so that the client is what is measured. It starts when the client has
// sent its first frame; a ping marks the end. `node bench/servers/flood.mjs <count>` prints its URL.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { orderText } from '../lib/message.mjs';

const count = Number(process.argv[2]);
const frames = Buffer.concat([...Array.from({ length: count }, (_, id) => frame(0x1, orderText(id))), frame(0x9, '')]);

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {}); // a contender ends its process without a closing handshake
  socket.once('data', (request) => {
    socket.write(answer(request.toString('latin1')));
    socket.once('data', () => socket.write(frames));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`ws://127.0.0.1:${server.address().port}/`));

/** @param {string} request */
function answer(request) {
  const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/**
 * @param {number} opcode
 * @param {string} payload Shorter than 126 bytes.
 */
function frame(opcode, payload) {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), Buffer.from(payload)]);
}
