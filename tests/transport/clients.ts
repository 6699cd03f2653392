import { ManagedClient } from '../../src/connection/managed-client.ts';
import type { Registry } from '../../src/connection/registry.ts';
import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import { CallSite } from '../../src/support/call-site.ts';
import type { ConnectOptions } from '../../src/transport/connect-options.ts';
import { prepareConnection, type Identity } from '../../src/transport/connect.ts';
import { createWebSocketClass } from '../../src/transport/whatwg-socket.ts';
import type { WebSocketClass } from '../../src/transport/whatwg-types.ts';

/** What opens the clients of a registry, as the fixture `ws` does for a test. */
export interface Clients {
  connect(url: string, options?: ConnectOptions): Promise<WebSocketClient>;
  readonly WebSocket: WebSocketClass;
}

/** @param defaults Options below those of each call, the lowest first. */
export function createClients(registry: Registry, defaults: readonly ConnectOptions[] = []): Clients {
  const identity: Identity = {
    baseURL: undefined,
    userAgent: undefined,
    defaults,
    requestCookies: () => ({ source: false, label: 'none' }),
  };
  const connect = async (url: string, options?: ConnectOptions): Promise<WebSocketClient> => {
    const site = CallSite.capture(connect);
    const { connection, open } = prepareConnection({ registry, identity, site }, url, options);
    const client = new ManagedClient(connection, registry);
    return await open('connect', () => client);
  };
  return { connect, WebSocket: createWebSocketClass({ registry, identity: () => identity, created: () => {} }) };
}
