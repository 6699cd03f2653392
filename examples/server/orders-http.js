// @ts-check
import { readJson, sendJson } from './http.js';

/**
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 * @import { OrderBook } from './orders.js'
 */

/**
 * `GET /api/orders`, `POST /api/orders {item, quantity}`, `GET /api/orders/:id`, `POST /api/orders/:id/pay`.
 *
 * @param {OrderBook} orders
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
export async function handleOrders(orders, request, response) {
  const [, , , id, action] = (request.url ?? '').replace(/\?.*/, '').split('/');
  const call = [request.method, id === undefined ? '' : ':id', action].filter(Boolean).join(' ');
  if (call === 'GET') return sendJson(response, 200, orders.list());
  if (call === 'POST') return create(orders, request, response);
  const order = orders.get(Number(id));
  if (order === undefined) return sendJson(response, 404, { error: `No order ${id}` });
  if (call === 'GET :id') return sendJson(response, 200, order);
  if (call !== 'POST :id pay') return sendJson(response, 405, { error: `Cannot ${call}` });
  orders.pay(order);
  return sendJson(response, 202, order);
}

/**
 * @param {OrderBook} orders
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function create(orders, request, response) {
  const { item, quantity = 1 } = (await readJson(request)) ?? {};
  if (typeof item !== 'string' || typeof quantity !== 'number' || !(quantity > 0)) {
    return sendJson(response, 400, { error: 'Send {"item": "a name", "quantity": 1}' });
  }
  return sendJson(response, 201, orders.create(item, quantity));
}
