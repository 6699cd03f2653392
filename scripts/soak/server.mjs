// The server of the soak: what it does with a connection is the first part of its path.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** Opcode 3 is reserved, RFC 6455 section 5.2. */
const brokenFrame = Buffer.from([0x83, 0x00]);

/** @type {Readonly<Record<string, (socket: import('ws').WebSocket, request: import('node:http').IncomingMessage) => void>>} */
const behaviours = {
  echo: (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  greet: (socket) => socket.send('{"type":"hello"}'),
  close: (socket) => socket.once('message', () => socket.close(4001, 'as you wish')),
  vanish: (socket) => socket.once('message', () => socket.terminate()),
  break: (socket, { socket: tcp }) => socket.once('message', () => tcp.write(brokenFrame)),
  beat: (socket) => socket.send('{"type":"beat"}'),
  silent: () => {},
};

/**
 * Starts it on a free port of 127.0.0.1.
 *
 * @returns {Promise<{ url: string, open: () => number, seen: () => number, close: () => void }>}
 */
export async function startServer() {
  const http = createServer((_request, response) => response.end('ok'));
  const websockets = new WebSocketServer({ noServer: true });
  let seen = 0;
  http.on('upgrade', (request, socket, head) => {
    const [, behaviour = ''] = (request.url ?? '').split('/');
    seen += 1;
    if (behaviour === 'refuse') socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno');
    else if (behaviour === 'mute') socket.on('end', () => socket.end());
    else accept(behaviour, { request, socket, head });
  });
  /**
   * @param {string} behaviour
   * @param {{ request: import('node:http').IncomingMessage, socket: import('node:stream').Duplex, head: Buffer }} upgrade
   */
  function accept(behaviour, { request, socket, head }) {
    websockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => {});
      behaviours[behaviour]?.(client, request);
    });
  }
  await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('Cannot learn the port of the server');
  return {
    url: `ws://127.0.0.1:${address.port}`,
    open: () => websockets.clients.size,
    seen: () => seen,
    close: () => {
      for (const client of websockets.clients) client.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
}
