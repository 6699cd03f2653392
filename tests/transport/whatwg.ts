import { connectionOf } from '../../src/connection/connection-of.ts';
import type { Connection } from '../../src/connection/connection.ts';
import type { Finding } from '../../src/connection/findings.ts';
import { silentObserver } from '../../src/connection/observer.ts';
import { Registry } from '../../src/connection/registry.ts';
import type { Identity } from '../../src/transport/connect.ts';
import { createWebSocketClass } from '../../src/transport/whatwg-socket.ts';
import type { StandardWebSocket, StandardWebSocketEvents, WebSocketClass } from '../../src/transport/whatwg-types.ts';
import { expect, test as base } from '../helpers/test.ts';

/** A class as a test's `ws` has it, and what its sockets leave. */
export class Sockets {
  readonly registry: Registry = new Registry({ owner: 'test', isJudged: true }, silentObserver);
  readonly created: Connection[] = [];
  baseURL: string | undefined;
  readonly WebSocket: WebSocketClass = createWebSocketClass({
    registry: this.registry,
    identity: () => this.#identity,
    created: (connection) => this.created.push(connection),
  });

  /** Ends all of it as the fixture does; what would fail the test. */
  async end(): Promise<Finding[]> {
    const unawaited = this.registry.settle('finished');
    await this.registry.close();
    return [...unawaited, ...this.registry.judge()];
  }

  get #identity(): Identity {
    return {
      baseURL: this.baseURL,
      userAgent: undefined,
      defaults: [],
      requestCookies: () => ({ source: false, label: 'none' }),
    };
  }
}

/** With `sockets`, which must leave no finding that the test did not look at. */
export const test: ReturnType<typeof base.extend<{ sockets: Sockets }>> = base.extend<{ sockets: Sockets }>({
  sockets: async ({}, use) => {
    const sockets = new Sockets();
    await use(sockets);
    expect((await sockets.end()).map(({ text }) => text)).toEqual([]);
  },
});

/** The next event of a type. */
export function nextEvent<Type extends keyof StandardWebSocketEvents>(
  socket: StandardWebSocket,
  type: Type,
): Promise<StandardWebSocketEvents[Type]> {
  return new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));
}

/** The connection of a socket. */
export function connectionFor(socket: StandardWebSocket): Connection {
  const connection = connectionOf(socket);
  if (connection === undefined) throw new Error('The socket has no connection');
  return connection;
}

/** What a call throws, as `name: message`. */
export function thrownBy(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'nothing';
}
