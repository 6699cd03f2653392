import { silentObserver } from '../../src/connection/observer.ts';
import { Registry } from '../../src/connection/registry.ts';
import { Loads } from '../../src/playwright/loads.ts';
import { ManagedWebSockets, type WebSockets } from '../../src/playwright/web-sockets.ts';
import type { Identity } from '../../src/transport/connect.ts';
import { startConnectProxy, startSocksProxy, type ProxyOptions, type TestProxy } from '../helpers/proxies.ts';
import { startRawServer, type RawServer, type RawServerOptions } from '../helpers/raw-server.ts';
import { startServer, type ConnectionHandler, type TestServer, type TestServerOptions } from '../helpers/server.ts';
import type { Leftovers } from './leftovers.ts';

/**
 * What a row has to play with: the `ws` of a test, servers, proxies, signals. All of it ends with the row. Functions
 * rather than methods, so that a row takes out what it needs.
 */
export class Scene {
  readonly registry: Registry = new Registry({ owner: 'test', isJudged: true }, silentObserver);
  /** As a test has it, without steps and evidence. */
  readonly ws: WebSockets = new ManagedWebSockets(this.registry, () => identity, loads);
  readonly #leftovers: Leftovers;
  readonly #peers: Peer[] = [];
  #findings: string[] | undefined;

  constructor(leftovers: Leftovers) {
    this.#leftovers = leftovers;
  }

  /** A server that accepts all and says nothing, unless the options say otherwise. */
  readonly startServer = async (options?: TestServerOptions | ConnectionHandler): Promise<TestServer> =>
    this.#own(await startServer(options));

  /** A server whose every byte the row writes. */
  readonly startRawServer = async (options?: RawServerOptions): Promise<RawServer> =>
    this.#own(await startRawServer(options));

  readonly startProxy = async (kind: 'http' | 'socks5', options?: ProxyOptions): Promise<TestProxy> =>
    this.#own(await (kind === 'http' ? startConnectProxy(options) : startSocksProxy(options)));

  /** Its signal must have no listener when the row is over. */
  readonly abortController = (): AbortController => {
    const controller = new AbortController();
    this.#leftovers.watchSignal(controller.signal);
    return controller;
  };

  /** Does what the end of a test does and returns what would fail the test. Later calls return the same. */
  readonly end = async (): Promise<string[]> => {
    if (this.#findings !== undefined) return this.#findings;
    const unawaited = this.registry.settle('finished');
    await new Promise((resolve) => setImmediate(resolve));
    await this.registry.close();
    this.#findings = [...unawaited, ...this.registry.judge()].map(({ text }) => text);
    return this.#findings;
  };

  /** How many connections the servers and proxies still hold that nobody on our side ended; waits a second for them. */
  async leftOpen(): Promise<number> {
    const left = await Promise.all(this.#peers.map((peer) => peer.leftOpen()));
    return left.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : one.length), 0);
  }

  /** Stops all servers and proxies. */
  async stop(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }

  #own<P extends Peer>(peer: P): P {
    this.#peers.push(peer);
    return peer;
  }
}

interface Peer {
  leftOpen(): Promise<number | readonly unknown[]>;
  close(): Promise<void>;
}

const identity: Identity = {
  baseURL: undefined,
  userAgent: undefined,
  defaults: [],
  requestCookies: () => ({ source: false, label: 'none' }),
};

const loads = new Loads({
  identity: () => identity,
  report: () => {
    throw new Error('A row has no load');
  },
  testInfo: () => undefined,
  maskText: (text) => text,
});

/** The error with which a promise rejects. Handles it: the end of the test has nothing to tell of it. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => Promise.reject(new Error('Expected a rejection, and the promise resolved', { cause: value })),
    (error: unknown) => error,
  );
}
