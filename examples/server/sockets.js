// @ts-check
import { parseObject } from './http.js';

/**
 * @import { WebSocket } from 'ws'
 */

/**
 * @param {WebSocket} socket
 * @param {unknown} value Sent as JSON text.
 */
export function send(socket, value) {
  socket.send(JSON.stringify(value));
}

/**
 * Calls the handler for each JSON object; other messages are for `otherwise`.
 *
 * @param {WebSocket} socket
 * @param {(message: Record<string, unknown>) => void} handler
 * @param {() => void} otherwise
 */
export function onObject(socket, handler, otherwise) {
  socket.on('message', (data, isBinary) => {
    const message = Buffer.isBuffer(data) && !isBinary ? parseObject(data.toString()) : undefined;
    if (message === undefined) otherwise();
    else handler(message);
  });
}

/**
 * Repeats until the socket is gone or `tick` returns false.
 *
 * @param {WebSocket} socket
 * @param {number} every Milliseconds.
 * @param {() => boolean} tick
 */
export function repeat(socket, every, tick) {
  const timer = setInterval(() => {
    if (!tick()) clearInterval(timer);
  }, every);
  socket.once('close', () => clearInterval(timer));
}
