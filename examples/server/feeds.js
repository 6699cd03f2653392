// @ts-check
import { repeat, send } from './sockets.js';

/**
 * @import { WebSocket } from 'ws'
 */

const subprotocols = ['prices.v2', 'prices.v1'];

/**
 * The best subprotocol that both know. Without one the connection is accepted with none.
 *
 * @param {Set<string>} offered
 * @returns {string | false}
 */
export function selectSubprotocol(offered) {
  return subprotocols.find((name) => offered.has(name)) ?? false;
}

/**
 * `/subprotocol`: says which one was chosen.
 *
 * @param {WebSocket} socket
 */
export function openSubprotocol(socket) {
  send(socket, { type: 'welcome', subprotocol: socket.protocol });
}

/**
 * `/binary?count=3`: prices, 12 bytes each: the number from 1 as uint32, the price as float64, big endian. Then echoes.
 *
 * @param {WebSocket} socket
 * @param {URL} url
 */
export function openBinaryFeed(socket, url) {
  const count = numberOf(url, 'count', 3);
  for (let n = 1; n <= count; n++) {
    const price = Buffer.alloc(12);
    price.writeUInt32BE(n, 0);
    price.writeDoubleBE(100 + n / 4, 4);
    socket.send(price);
  }
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/**
 * `/ticker?every=20&from=1&count=5&drop=3`: `{type: 'tick', n}` every so many milliseconds. Closes after `count` ticks;
 * cuts the connection, as a bad network does, after `drop` ticks. Endless without either.
 *
 * @param {WebSocket} socket
 * @param {URL} url
 */
export function openTicker(socket, url) {
  const from = numberOf(url, 'from', 1);
  const count = numberOf(url, 'count', Infinity);
  const drop = numberOf(url, 'drop', Infinity);
  let ticks = 0;
  repeat(socket, numberOf(url, 'every', 20), () => {
    send(socket, { type: 'tick', n: from + ticks });
    ticks += 1;
    if (ticks >= drop) socket.terminate();
    else if (ticks >= count) socket.close(1000, 'done');
    return ticks < drop && ticks < count;
  });
}

/**
 * `/kick?code=4001&reason=kicked&on=message`: closes at once, or on the first message.
 *
 * @param {WebSocket} socket
 * @param {URL} url
 */
export function openKick(socket, url) {
  const kick = () => socket.close(numberOf(url, 'code', 4001), url.searchParams.get('reason') ?? 'kicked');
  if (url.searchParams.get('on') === 'message') socket.once('message', kick);
  else kick();
}

/**
 * @param {URL} url
 * @param {string} name
 * @param {number} otherwise
 */
function numberOf(url, name, otherwise) {
  const text = url.searchParams.get(name);
  return text === null ? otherwise : Number(text);
}
