import type { StandardSchemaV1 } from '@standard-schema/spec';
import { endStays } from '../connection/stay-connected.ts';
import type { Connection } from '../connection/connection.ts';
import { ManagedClient } from '../connection/managed-client.ts';
import type { Registry } from '../connection/registry.ts';
import type { WebSocketClient } from '../connection/web-socket-client.ts';
import { isPromiseLike } from '../expectation/user-function.ts';
import { onAbort } from '../support/on-abort.ts';
import { CallSite } from '../support/call-site.ts';
import { startTimer } from '../support/clock.ts';
import type { Sample } from '../metrics/measure.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import type { ConnectOptions } from '../transport/connect-options.ts';
import { prepareConnection, type Identity } from '../transport/connect.ts';
import { durationText, parseDuration, type Duration } from './duration.ts';

/** One virtual user in one iteration. Its clients are closed, and judged, when the iteration ends. */
export interface VirtualUser {
  /** From 1. */
  readonly id: number;
  /** Number of the iteration among those of this user, from 0. */
  readonly iteration: number;
  /**
   * Aborted when the user is to stop, and when its iteration has ended: for loops of your own, and as the `signal` of
   * waits and clients. A scenario that ends by an error of it is interrupted, which is no failure.
   */
  readonly signal: AbortSignal;
  /** Opens a connection, as `ws.connect` does; it is closed when the iteration ends. */
  connect<Schema extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>>(
    url: string,
    options?: ConnectOptions<Schema>,
  ): Promise<WebSocketClient<StandardSchemaV1.InferOutput<Schema>>>;
  /** Waits that long, milliseconds or text such as `'10s'`; returns early when the user is to stop. */
  stay(duration: Duration): Promise<void>;
  /**
   * Counts whether something is true; `checks` of the result has the pass rates. It never fails the iteration: what a
   * function throws is a check that failed.
   *
   * @param value Truthy passes. A function is called.
   * @returns whether it passed.
   * @throws {TypeError} for a promise, which would always pass.
   */
  check(name: string, value: unknown): boolean;
}

/** What users of a run have in common. */
export interface UserContext {
  readonly identity: () => Identity;
  /** A connection was made, of this name without its user. */
  readonly created: (connection: Connection, client: string) => void;
  readonly opened: (connection: Connection) => void;
  /** A request of it was answered. */
  readonly replied: (connection: Connection, sample: Sample) => void;
  readonly checked: (name: string, hasPassed: boolean) => void;
}

/** Of thousands of users none may keep what a client of a test may: older frames are in a temporary file. */
const userDefaults: ConnectOptions = { maxMemory: 1024 * 1024 };

export class ManagedUser implements VirtualUser {
  readonly id: number;
  readonly iteration: number;
  readonly signal: AbortSignal;
  readonly #context: UserContext;
  readonly #registry: Registry;

  constructor(
    { id, iteration }: Pick<VirtualUser, 'id' | 'iteration'>,
    context: UserContext,
    { registry, signal }: { readonly registry: Registry; readonly signal: AbortSignal },
  ) {
    this.id = id;
    this.iteration = iteration;
    this.#context = context;
    this.#registry = registry;
    this.signal = signal;
  }

  connect<Schema extends StandardSchemaV1>(
    url: string,
    options?: ConnectOptions<Schema>,
  ): Promise<WebSocketClient<StandardSchemaV1.InferOutput<Schema>>>;
  connect(url: string, options?: ConnectOptions): Promise<WebSocketClient> {
    const site = CallSite.capture(this.connect);
    const registry = this.#registry;
    try {
      registry.assertOpen(site);
      const identity = this.#context.identity();
      const caller = { registry, identity: { ...identity, defaults: [userDefaults, ...identity.defaults] }, site };
      const { connection, open } = prepareConnection(caller, url, options);
      if (this.signal.aborted) endStays(connection);
      return open('connect', () => {
        this.#context.opened(connection);
        return new ManagedClient(connection, registry);
      });
    } catch (error) {
      return Promise.reject(error instanceof Error ? site.applyTo(error) : error);
    }
  }

  stay(duration: Duration): Promise<void> {
    const ms = parseDuration(duration);
    if (ms === undefined) {
      const found = describeFound(duration);
      return Promise.reject(misuse('WS_INVALID_ARGUMENT', `Cannot stay for ${found}: expected ${durationText}`));
    }
    const { signal } = this;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stopListening();
        resolve();
      };
      const timer = startTimer(end, ms);
      const stopListening = onAbort(signal, end);
      if (signal.aborted) end();
    });
  }

  check(name: string, value: unknown): boolean {
    if (typeof name !== 'string' || name === '') {
      throw misuse('WS_INVALID_ARGUMENT', `Cannot check: expected a name first, found ${describeFound(name)}`);
    }
    const found = typeof value === 'function' ? resultOf(() => Reflect.apply(value, undefined, [])) : value;
    if (isPromiseLike(found)) {
      // Its rejection is nobody's: the misuse is what the user has to hear of.
      Promise.resolve(found).catch(() => {});
      throw misuse(
        'WS_INVALID_ARGUMENT',
        `Cannot check "${name}": its value is a promise, which would always pass\n  Await it first: vu.check(${JSON.stringify(name)}, await …).`,
      );
    }
    const hasPassed = Boolean(found);
    this.#context.checked(name, hasPassed);
    return hasPassed;
  }
}

function resultOf(call: () => unknown): unknown {
  try {
    return call();
  } catch {
    // What a check throws, such as a property of undefined, is the check's failure.
    return false;
  }
}
