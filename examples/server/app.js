// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';

import { WebSocketServer } from 'ws';

import { ChatRooms } from './chat.js';
import { openEcho, openSilent, openWrongEcho } from './echo.js';
import { openBinaryFeed, openKick, openSubprotocol, openTicker, selectSubprotocol } from './feeds.js';
import { refuse, sendJson } from './http.js';
import { openNotifications, refuseWithoutUser } from './notifications.js';
import { openOrders } from './orders-socket.js';
import { handleOrders } from './orders-http.js';
import { Sessions } from './sessions.js';
import { openPrices, Tokens } from './tokens.js';

/**
 * @import { IncomingMessage, Server, ServerResponse } from 'node:http'
 * @import { Duplex } from 'node:stream'
 * @import { WebSocket } from 'ws'
 * @import { Refusal } from './http.js'
 *
 * @typedef {object} Route
 * @property {RegExp} path
 * @property {(url: URL, request: IncomingMessage) => Refusal | undefined} [refuse] Answers other than 101.
 * @property {(socket: WebSocket, url: URL, request: IncomingMessage) => void} open
 */

/**
 * Starts the application on a port of 127.0.0.1; `0` takes a free one.
 *
 * @param {{ port?: number }} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startApp({ port = 0 }) {
  const sessions = new Sessions();
  const tokens = new Tokens();
  const routes = webSocketRoutes(sessions, tokens);
  const websockets = new WebSocketServer({ noServer: true, handleProtocols: selectSubprotocol });
  const server = createServer((request, response) => {
    if (isTokenRequest(request)) return tokens.create(response);
    handleHttp(sessions, request, response).catch((error) => sendJson(response, 500, { error: String(error) }));
  });
  server.on('upgrade', (request, socket, head) => {
    const url = urlOf(request);
    const route = routes.find(({ path }) => path.test(url.pathname));
    const refusal = route === undefined ? notFound(url) : route.refuse?.(url, request);
    if (refusal !== undefined) return refuse(socket, refusal);
    return websockets.handleUpgrade(request, socket, head, (client) => route?.open(client, url, request));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => close(server, websockets) };
}

/**
 * @param {Sessions} sessions
 * @param {Tokens} tokens
 * @returns {Route[]}
 */
function webSocketRoutes(sessions, tokens) {
  const chat = new ChatRooms();
  return [
    {
      path: /^\/orders$/,
      refuse: (_url, request) => (sessions.of(request) === undefined ? notLoggedIn : undefined),
      open: (socket, _url, request) => openOrders(socket, sessions.ordersOf(request)),
    },
    { path: /^\/chat\/[^/]+\/?$/, open: (socket, url) => chat.open(socket, url.pathname.split('/')[2] ?? '') },
    { path: /^\/notifications$/, refuse: refuseWithoutUser, open: openNotifications },
    { path: /^\/echo$/, open: openEcho },
    { path: /^\/wrong-echo$/, open: openWrongEcho },
    { path: /^\/silent$/, open: openSilent },
    { path: /^\/binary$/, open: openBinaryFeed },
    { path: /^\/ticker$/, open: openTicker },
    { path: /^\/kick$/, open: openKick },
    { path: /^\/prices$/, refuse: (url) => tokens.refuse(url), open: openPrices },
    { path: /^\/subprotocol$/, open: openSubprotocol },
    { path: /^\/slow$/, refuse: () => busy, open: (socket) => socket.close() },
  ];
}

/** @param {IncomingMessage} request */
function isTokenRequest(request) {
  return request.method === 'POST' && urlOf(request).pathname === '/api/tokens';
}

/** @type {Refusal} */
const notLoggedIn = { status: 401, body: { error: 'Log in first' } };

/** @type {Refusal} */
const busy = { status: 503, headers: { 'retry-after': '1' }, body: { error: 'Too many connections, try again' } };

/** @param {URL} url @returns {Refusal} */
function notFound(url) {
  return { status: 404, body: { error: `Nothing at ${url.pathname}` } };
}

/**
 * @param {Sessions} sessions
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function handleHttp(sessions, request, response) {
  const url = urlOf(request);
  const call = `${request.method} ${url.pathname}`;
  if (call === 'GET /health') return sendJson(response, 200, { status: 'ok' });
  if (call === 'POST /api/login') return sessions.login(request, response);
  if (!/^\/api\/orders(\/|$)/.test(url.pathname)) return sendJson(response, 404, notFound(url).body);
  const session = sessions.of(request);
  if (session === undefined) return sendJson(response, 401, notLoggedIn.body);
  return handleOrders(session.orders, request, response);
}

/** @param {IncomingMessage} request */
function urlOf(request) {
  return new URL(request.url ?? '/', 'http://127.0.0.1');
}

/** @param {Server} server */
function portOf(server) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Cannot read the port of the server');
  return address.port;
}

/**
 * @param {Server} server
 * @param {WebSocketServer} websockets
 */
async function close(server, websockets) {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  for (const client of websockets.clients) client.terminate();
  await closed;
}
