import type { Connection } from './connection.ts';

/**
 * Key under which our clients, and the sockets of `ws.WebSocket`, keep their connection. A registered symbol, so that
 * two copies of the package know each other's clients.
 */
export const connectionKey: unique symbol = Symbol.for('playwright-ws.connection');

/** The connection of a client or of a socket of `ws.WebSocket`; `undefined` for everything else. */
export function connectionOf(value: unknown): Connection | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const connection: unknown = Reflect.get(value, connectionKey);
  return isConnection(connection) ? connection : undefined;
}

function isConnection(value: unknown): value is Connection {
  return typeof value === 'object' && value !== null;
}
