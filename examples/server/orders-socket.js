// @ts-check
import { onObject, repeat, send } from './sockets.js';

/**
 * @import { WebSocket } from 'ws'
 * @import { OrderBook, OrderEvent } from './orders.js'
 */

/**
 * The live side of the orders:
 *
 *     {action: 'subscribe', channel: 'orders'}  -> {type: 'subscribed', channel}, then an event per change
 *     {action: 'unsubscribe', channel}          -> {type: 'unsubscribed', channel}
 *     {action: 'heartbeat', every: ms}          -> {type: 'heartbeat', n}, to be answered by {action: 'alive', n}
 *     {id, op: 'get', order: 42}                -> {re: id, order: {…}} or {re: id, error}
 *     {id, op: 'list'}                          -> {re: id, orders: […]}
 *
 * @param {WebSocket} socket
 * @param {OrderBook} orders
 */
export function openOrders(socket, orders) {
  const announce = (/** @type {OrderEvent} */ event) => send(socket, event);
  socket.once('close', () => orders.off('change', announce));
  const heartbeat = createHeartbeat(socket);
  /** @type {Record<string, (message: Record<string, unknown>) => void>} */
  const actions = {
    subscribe: ({ channel }) => {
      if (channel !== 'orders') return send(socket, { type: 'error', message: `No channel "${String(channel)}"` });
      orders.off('change', announce).on('change', announce);
      return send(socket, { type: 'subscribed', channel });
    },
    unsubscribe: ({ channel }) => {
      orders.off('change', announce);
      send(socket, { type: 'unsubscribed', channel });
    },
    heartbeat: ({ every }) => heartbeat.start(Number(every)),
    alive: ({ n }) => heartbeat.answer(n),
  };
  const complain = () => send(socket, { type: 'error', message: 'Send {"action": …} or {"id": …, "op": …}' });
  onObject(
    socket,
    (message) => {
      if ('op' in message) return send(socket, { re: message['id'], ...reply(orders, message) });
      const action = Object.hasOwn(actions, String(message['action'])) ? actions[String(message['action'])] : undefined;
      return action === undefined ? complain() : action(message);
    },
    complain,
  );
}

/**
 * @param {OrderBook} orders
 * @param {Record<string, unknown>} question
 */
function reply(orders, { op, order: id }) {
  if (op === 'list') return { orders: orders.list() };
  if (op !== 'get') return { error: `No operation "${String(op)}"` };
  const order = orders.get(id);
  return order === undefined ? { error: `No order ${String(id)}` } : { order };
}

/**
 * Beats as often as asked; a beat that is not answered before the next one ends the connection.
 *
 * @param {WebSocket} socket
 */
function createHeartbeat(socket) {
  let sent = 0;
  /** @type {unknown} */
  let answered = 0;
  const beat = () => {
    const isAlive = answered === sent;
    if (isAlive) send(socket, { type: 'heartbeat', n: ++sent });
    else socket.close(4008, 'heartbeat missed');
    return isAlive;
  };
  return {
    start(/** @type {number} */ every) {
      if (every >= 1) repeat(socket, every, beat);
      else send(socket, { type: 'error', message: 'Send "every" in milliseconds' });
    },
    answer(/** @type {unknown} */ n) {
      answered = n;
    },
  };
}
