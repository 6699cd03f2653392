// @ts-check
import { onObject, send } from './sockets.js';

/**
 * @import { WebSocket } from 'ws'
 */

const greeting = 'Request served by the example server';

/**
 * Greets with plain text, then sends back what comes, text as text and binary as binary.
 *
 * @param {WebSocket} socket
 */
export function openEcho(socket) {
  socket.send(greeting);
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/**
 * Greets like the echo, and answers every message with an object that nobody asked for.
 *
 * @param {WebSocket} socket
 */
export function openWrongEcho(socket) {
  socket.send(greeting);
  const answer = () => send(socket, { action: 'unsubscribe', channel: 'nothing' });
  onObject(socket, answer, answer);
}

/**
 * Accepts, listens, and never says a word.
 *
 * @param {WebSocket} socket
 */
export function openSilent(socket) {
  socket.on('message', () => {});
}
