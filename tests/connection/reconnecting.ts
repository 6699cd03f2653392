import { Reconnection, type ReconnectPlan } from '../../src/connection/reconnection.ts';
import type { OpenWire } from '../../src/connection/wire.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import { FakeWire, testHandshake } from '../helpers/fake-wire.ts';
import { createClient, type TestClient, type TestClientOptions } from './test-client.ts';

/** Both ends of a client that reconnects. */
export interface Reconnecting extends TestClient {
  /** The wires of the reconnections, in order. */
  readonly wires: FakeWire[];
  /** Resolves when the next attempt waits for its answer; then it is accepted, or refused. */
  readonly attempt: () => Promise<Attempt>;
  /** Loses the connection: no close frame. */
  readonly lose: () => void;
}

/** An opening handshake that waits for its answer. */
export interface Attempt {
  accept(): FakeWire;
  refuse(reason: string): void;
}

/** A client that reconnects, whose server the test plays. */
export function createReconnecting(plan: Partial<ReconnectPlan> = {}, options: TestClientOptions = {}): Reconnecting {
  const made = createClient(options);
  const { connection } = made;
  const wires: FakeWire[] = [];
  const waiting: Attempt[] = [];
  const asked: ((attempt: Attempt) => void)[] = [];
  const openWire: OpenWire = (listener, signal) =>
    new Promise((resolve, reject) => {
      const attempt: Attempt = {
        accept: () => {
          const wire = new FakeWire(listener, testHandshake({ url: `ws://127.0.0.1:4040/again/${wires.length + 1}` }));
          wires.push(wire);
          signal.removeEventListener('abort', abort);
          listener.open(wire);
          resolve();
          return wire;
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', abort);
          reject(new HandshakeError('WS_HANDSHAKE_FAILED', `Cannot connect: ${reason}\n  A remedy`));
        },
      };
      const abort = (): void => reject(signal.reason);
      signal.addEventListener('abort', abort);
      const next = asked.shift();
      if (next === undefined) waiting.push(attempt);
      else next(attempt);
    });
  connection.reconnection = new Reconnection(
    { maxAttempts: 3, timeout: 0, delay: () => 0, prepare: () => Promise.resolve(openWire), ...plan },
    connection,
  );
  return {
    ...made,
    wires,
    attempt: () => {
      const next = waiting.shift();
      return next === undefined ? new Promise((resolve) => asked.push(resolve)) : Promise.resolve(next);
    },
    lose: () => connection.close(1006, Buffer.alloc(0)),
  };
}
