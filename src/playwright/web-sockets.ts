import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ManagedClient } from '../connection/managed-client.ts';
import type { Connection } from '../connection/connection.ts';
import type { Registry } from '../connection/registry.ts';
import type { WebSocketClient } from '../connection/web-socket-client.ts';
import { Mark } from '../frames/mark.ts';
import type { LoadResult } from '../load/load-result.ts';
import type { LoadProfile } from '../load/profile.ts';
import type { VirtualUser } from '../load/virtual-user.ts';
import { provideMatchers } from '../matchers/late-matchers.ts';
import { matchers } from '../matchers/matchers.ts';
import { measure, noteReading } from '../metrics/measure.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { CallSite } from '../support/call-site.ts';
import type { ConnectOptions } from '../transport/connect-options.ts';
import { performHandshake, prepareConnection, type Identity, type PreparedConnection } from '../transport/connect.ts';
import { createWebSocketClass } from '../transport/whatwg-socket.ts';
import type { WebSocketClass } from '../transport/whatwg-types.ts';
import type { Loads } from './loads.ts';

// Whoever has a client has the matchers: they begin in their caller's turn.
provideMatchers(matchers);

/** The `ws` fixture: clients of one test or hook, closed, checked and attached when it ends. */
export interface WebSockets {
  /** Clients in the order of their creation, those of `WebSocket` included. */
  readonly clients: readonly WebSocketClient[];
  /**
   * Opens a connection.
   *
   * @param url Relative to `baseURL`, or absolute with `ws:`, `wss:`, `http:` or `https:`.
   * @throws {HandshakeError} when the opening handshake does not end in an open connection.
   * @throws {TypeError} for a URL or an option that is not allowed.
   */
  connect<Schema extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>>(
    url: string,
    options?: ConnectOptions<Schema>,
  ): Promise<WebSocketClient<StandardSchemaV1.InferOutput<Schema>>>;
  /**
   * Performs the opening handshake and returns it, accepted or refused; closes the connection when it was accepted.
   *
   * @throws {HandshakeError} only when no HTTP response came.
   * @example
   * ```ts
   * const { status } = await ws.handshake('/orders', { cookies: false });
   * expect(status).toBe(401);
   * ```
   */
  handshake(url: string, options?: ConnectOptions): Promise<Handshake>;
  /** A position over all clients. */
  mark(): Mark;
  /**
   * Measurements of all clients together as they are now, with k6's names: `ws.metrics.ws_connecting.p(95)`. Once a test
   * reads them its report has an attachment with them.
   */
  readonly metrics: Metrics;
  /**
   * Runs virtual users in this worker, all on its one event loop: a scenario, again and again, as the profile says.
   * Resolves when the last user has left. A report with charts over time is attached.
   *
   * @param profile Users and one of `iterations`, `duration` and `stages`.
   * @param scenario What a user does in one iteration. Its clients are closed and judged when it ends.
   * @throws {LoadError} when more iterations failed than `maxFailures` allows, or a threshold was not met.
   * @throws {WebSocketError} `WS_LOAD_TOO_LONG` at once when the test has not enough time for the profile.
   * @example
   * ```ts
   * const result = await ws.load({ vus: 50, duration: '10s', thresholds: { ws_response_time: ['p(95)<200'] } }, async (vu) => {
   *   const client = await vu.connect('/orders');
   *   const { value } = await client.request({ id: vu.iteration, op: 'list' }, anyMessage, { correlate: 'id' });
   *   vu.check('has orders', Array.isArray(value));
   *   await vu.stay('1s');
   * });
   * console.log(result.summary);
   * ```
   */
  load(profile: LoadProfile, scenario: (vu: VirtualUser) => unknown): Promise<LoadResult>;
  /**
   * A WHATWG `WebSocket` class whose sockets are clients of this test: for client libraries that take an implementation,
   * and for code from a browser or from k6. The matchers take its sockets.
   */
  readonly WebSocket: WebSocketClass;
}

export class ManagedWebSockets implements WebSockets {
  readonly #registry: Registry;
  readonly #identity: () => Identity;
  readonly #loads: Loads;
  readonly #clients = new Map<Connection, WebSocketClient>();
  #webSocket: WebSocketClass | undefined;

  /** @param identity What the HTTP requests of the current test share with its handshakes. */
  constructor(registry: Registry, identity: () => Identity, loads: Loads) {
    this.#registry = registry;
    this.#identity = identity;
    this.#loads = loads;
  }

  get WebSocket(): WebSocketClass {
    return (this.#webSocket ??= createWebSocketClass({
      registry: this.#registry,
      identity: this.#identity,
      created: (connection) => this.#clients.set(connection, new ManagedClient(connection, this.#registry)),
    }));
  }

  /** Without those whose opening handshake failed: `connect` threw for them. */
  get clients(): readonly WebSocketClient[] {
    const opened = [...this.#clients].filter(
      ([{ closeInfo, openedAt }]) => closeInfo === undefined || openedAt !== undefined,
    );
    return opened.map(([, client]) => client);
  }

  connect<Schema extends StandardSchemaV1>(
    url: string,
    options?: ConnectOptions<Schema>,
  ): Promise<WebSocketClient<StandardSchemaV1.InferOutput<Schema>>>;
  connect(url: string, options?: ConnectOptions): Promise<WebSocketClient> {
    const site = CallSite.capture(this.connect);
    try {
      const { connection, open } = this.#prepare(site, url, options);
      const client = new ManagedClient(connection, this.#registry);
      this.#clients.set(connection, client);
      return open('connect', () => client);
    } catch (error) {
      return Promise.reject(atSite(site, error));
    }
  }

  async handshake(url: string, options?: ConnectOptions): Promise<Handshake> {
    const site = CallSite.capture(this.handshake);
    try {
      return await performHandshake(this.#prepare(site, url, options));
    } catch (error) {
      throw atSite(site, error);
    }
  }

  mark(): Mark {
    return new Mark();
  }

  get metrics(): Metrics {
    const { connections } = this.#registry;
    for (const connection of connections) noteReading(connection);
    return createMetrics(measure(connections));
  }

  load(profile: LoadProfile, scenario: (vu: VirtualUser) => unknown): Promise<LoadResult> {
    const site = CallSite.capture(this.load);
    try {
      this.#registry.assertOpen(site);
      return this.#loads.start(site, profile, scenario);
    } catch (error) {
      return Promise.reject(atSite(site, error));
    }
  }

  #prepare(site: CallSite, url: string, options: ConnectOptions | undefined): PreparedConnection {
    this.#registry.assertOpen(site);
    return prepareConnection({ registry: this.#registry, identity: this.#identity(), site }, url, options);
  }
}

function atSite(site: CallSite, error: unknown): unknown {
  return error instanceof Error ? site.applyTo(error) : error;
}
