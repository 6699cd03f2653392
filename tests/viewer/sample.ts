import type { Line } from '../../src/transcript/viewer/lines.ts';
import { connection, finding, frame, handshake, request, wait } from './lines.ts';

const order = { type: 'order.updated', id: 42, status: 'PENDING', items: [{ sku: 'A-1', price: 12.5 }], total: 12.5 };

/** A test with two clients that fails: an order is not paid, and the server ends a connection. */
export const sampleLines: readonly Line[] = [
  connection({ close: { code: 4001, reason: 'kicked', wasClean: true, by: 'server', ms: 5240 } }),
  connection({
    name: 'chat',
    ms: 120,
    openedMs: 133,
    location: 'orders.spec.ts:9',
    close: { code: 1000, reason: '', wasClean: true, by: 'client', meaning: 'Normal closure', ms: 5262 },
  }),
  connection({
    name: 'admin',
    ms: 300,
    openedMs: undefined,
    location: 'orders.spec.ts:10',
    handshake: handshake({
      accepted: false,
      status: 401,
      statusText: 'Unauthorized',
      responseHeaders: { 'content-type': 'application/json' },
      subprotocol: '',
      body: { size: 25, text: '{"error":"missing token"}' },
    }),
    failure: 'Cannot connect to "ws://127.0.0.1:4040/admin": the server answered 401 Unauthorized',
  }),
  frame(1, { ms: 21, direction: 'sent', text: '{"action":"subscribe","channel":"orders"}' }),
  claimed(2, 12, { ms: 34.4, text: '{"type":"subscribed","channel":"orders"}' }),
  frame(3, { ms: 141, connection: 'chat', direction: 'sent', text: '{"event":"SAY","message":"hello"}' }),
  frame(4, { ms: 152, connection: 'chat', opcode: 'ping', text: '' }),
  frame(5, { ms: 152.2, connection: 'chat', opcode: 'pong', direction: 'sent', text: '' }),
  claimed(6, 16, { ms: 163, connection: 'chat', text: '{"event":"CHAT_MSG","user":"ann","message":"hello"}' }),
  frame(7, { ms: 260, message: 2, text: JSON.stringify(order) }),
  frame(8, {
    ms: 900,
    message: 3,
    opcode: 'binary',
    base64: Buffer.from('\u0000\u0001PNG binary \u00ff').toString('base64'),
  }),
  frame(9, { ms: 1400, message: 4, text: '{"type":"heartbeat","at":9007199254740993}', hiddenBy: 'ignore' }),
  frame(10, { ms: 2210, message: 4, text: 'not JSON, and \u202Eturned around\u202C \u0007', invalid: true }),
  frame(11, { ms: 3700, message: 5, text: '{"type":"order.updated","id":41,"status":"PAID"}' }),
  frame(12, { ms: 5239, opcode: 'close', size: 8, code: 4001, reason: 'kicked' }),
  frame(13, { ms: 5258, connection: 'chat', direction: 'sent', opcode: 'close', size: 2, code: 1000, reason: '' }),
  wait({ location: 'orders.spec.ts:12', startedMs: 22, endedMs: 34.5, claimed: [2] }),
  wait({ location: 'orders.spec.ts:16', connections: ['chat'], startedMs: 142, endedMs: 163.1, claimed: [6] }),
  wait({
    location: 'orders.spec.ts:21',
    outcome: 'timeout',
    startedMs: 235,
    endedMs: 5235,
    expected: '{"type": "order.updated", "id": 42, "status": "PAID"}',
    where: '{"type": "order.updated"}',
    nearest: 7,
  }),
  request({ method: 'POST', url: 'http://127.0.0.1:4040/login', status: 204, startedMs: -48, endedMs: -20 }),
  request({ startedMs: 210, endedMs: 234 }),
  finding(),
  finding({
    type: 'note',
    kind: 'uncalledHandler',
    text: 'The handler of `message` was never called',
    location: 'orders.spec.ts:14',
  }),
];

function claimed(sequence: number, line: number, facts: Parameters<typeof frame>[1]): Line {
  const claimedBy = { method: 'toReceiveMessage', location: `orders.spec.ts:${line}` };
  return frame(sequence, { message: 1, claimedBy, ...facts });
}
