// @ts-check
import { randomUUID } from 'node:crypto';

import { readJson, sendJson } from './http.js';
import { OrderBook } from './orders.js';

/**
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 *
 * @typedef {{ user: string, token: string, orders: OrderBook }} Session
 */

/** @type {ReadonlyMap<unknown, string>} */
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'builder'],
]);

/** Who is logged in. Every session has orders of its own, so that tests can share one server. */
export class Sessions {
  /** @type {Map<string, Session>} @readonly */
  #sessions = new Map();

  /**
   * `POST /api/login {user, password}`: sets the session cookie, and answers with the same token for
   * `Authorization: Bearer`.
   *
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async login(request, response) {
    const { user, password } = (await readJson(request)) ?? {};
    if (typeof user !== 'string' || typeof password !== 'string' || passwords.get(user) !== password) {
      return sendJson(response, 401, { error: 'Wrong user or password' });
    }
    const token = randomUUID();
    this.#sessions.set(token, { user, token, orders: new OrderBook() });
    response.setHeader('set-cookie', `session=${token}; Path=/; HttpOnly; SameSite=Lax`);
    return sendJson(response, 200, { user, token });
  }

  /**
   * The session that a request belongs to.
   *
   * @param {IncomingMessage} request
   */
  of({ headers }) {
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const cookie = /(?:^|; )session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
    return this.#sessions.get(bearer ?? cookie ?? '');
  }

  /**
   * The orders of the session that a request belongs to; none without a session.
   *
   * @param {IncomingMessage} request
   */
  ordersOf(request) {
    return this.of(request)?.orders ?? new OrderBook();
  }
}
