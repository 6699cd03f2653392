// @ts-check
import { randomUUID } from 'node:crypto';

import { sendJson } from './http.js';
import { onObject, repeat, send } from './sockets.js';

/**
 * @import { ServerResponse } from 'node:http'
 * @import { WebSocket } from 'ws'
 * @import { Refusal } from './http.js'
 */

/** 10 ms: prices come one after the other, not in one packet. */
const betweenMs = 10;
/** A token is good for so many prices. */
const pricesOfToken = 3;

/** Tokens that open `/prices` once, each, and expire. */
export class Tokens {
  /** @type {Set<string>} @readonly */
  #fresh = new Set();

  /**
   * `POST /api/tokens`: answers with a fresh one.
   *
   * @param {ServerResponse} response
   */
  create(response) {
    const token = randomUUID();
    this.#fresh.add(token);
    sendJson(response, 200, { token });
  }

  /**
   * @param {URL} url
   * @returns {Refusal | undefined}
   */
  refuse(url) {
    const isFresh = this.#fresh.delete(url.searchParams.get('token') ?? '');
    return isFresh ? undefined : { status: 401, body: { error: 'The token is unknown, or was used before' } };
  }
}

/**
 * `/prices?token=…`: after `{action: 'subscribe', after: 7}` come `{type: 'price', n: 8}` and the following; then the
 * token has expired.
 *
 * @param {WebSocket} socket
 */
export function openPrices(socket) {
  onObject(
    socket,
    ({ after = 0 }) => {
      let sent = 0;
      repeat(socket, betweenMs, () => {
        if (sent === pricesOfToken) socket.close(4401, 'token expired');
        else send(socket, { type: 'price', n: Number(after) + ++sent, price: 100 + sent / 4 });
        return sent < pricesOfToken || socket.readyState === socket.OPEN;
      });
    },
    () => send(socket, { type: 'error', message: 'Send {"action": "subscribe", "after": 0}' }),
  );
}
