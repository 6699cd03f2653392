// @ts-check
import { STATUS_CODES } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 * @import { Duplex } from 'node:stream'
 *
 * @typedef {object} Refusal An answer to an opening handshake that is not 101.
 * @property {number} status
 * @property {Record<string, string>} [headers]
 * @property {Record<string, unknown>} body
 */

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 */
export function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/**
 * The JSON object of a request; `undefined` when the body is something else.
 *
 * @param {IncomingMessage} request
 * @returns {Promise<Record<string, unknown> | undefined>}
 */
export async function readJson(request) {
  return parseObject(await text(request));
}

/**
 * A JSON text as an object; `undefined` when it is something else.
 *
 * @param {string} json
 * @returns {Record<string, unknown> | undefined}
 */
export function parseObject(json) {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Answers an opening handshake with something other than 101.
 *
 * @param {Duplex} socket
 * @param {Refusal} refusal
 */
export function refuse(socket, { status, headers = {}, body }) {
  const json = JSON.stringify(body);
  const all = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => {}); // The client may be gone before it reads the answer.
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${json}`);
}
