import type { Connection, ConnectionSettings } from '../../src/connection/connection.ts';
import { ManagedClient } from '../../src/connection/managed-client.ts';
import { silentObserver } from '../../src/connection/observer.ts';
import { Registry } from '../../src/connection/registry.ts';
import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import { compileExpectation } from '../../src/expectation/compile.ts';
import type { CompiledExpectation } from '../../src/expectation/compile.ts';
import { provideMatchers } from '../../src/matchers/late-matchers.ts';
import { matchers } from '../../src/matchers/matchers.ts';
import { CallSite } from '../../src/support/call-site.ts';
import type { Message } from '../../src/frames/message.ts';
import { createTestConnection, FakeWire, receive, testHandshake } from '../helpers/fake-wire.ts';

// As whoever makes clients does.
provideMatchers(matchers);

export interface TestClientOptions extends Partial<ConnectionSettings> {
  /** Shared by the clients of one test. */
  readonly registry?: Registry;
  /** Leaves the opening handshake undone: the test calls `connection.open(wire)`. */
  readonly isConnecting?: boolean;
}

export interface TestClient {
  readonly client: WebSocketClient;
  readonly connection: Connection;
  readonly wire: FakeWire;
  readonly registry: Registry;
  /** The server sends these messages, in one turn. */
  readonly receive: (...messages: readonly unknown[]) => void;
}

/** A registry whose findings are judged, as that of a test. */
export function createRegistry(): Registry {
  return new Registry({ owner: 'test', isJudged: true }, silentObserver);
}

/** An open client without a network: what users call at one end, what a wire calls at the other. */
export function createClient(options: TestClientOptions = {}): TestClient {
  const { isConnecting = false, registry = createRegistry(), ...given } = options;
  const site = CallSite.capture(createClient);
  const { settings } = createTestConnection({ site, ...given, isConnecting: true }).connection;
  const connection = registry.create({ ...settings, name: registry.uniqueName(settings.name) });
  const wire = new FakeWire(connection, testHandshake({ url: settings.url }));
  if (!isConnecting) connection.open(wire);
  return {
    client: new ManagedClient(connection, registry),
    connection,
    wire,
    registry,
    receive: (...messages) => {
      for (const message of messages) receive(connection, message);
    },
  };
}

/** An expectation as `ignore` and `autoReply` take it. */
export function compiled(expected: unknown): CompiledExpectation {
  return compileExpectation(expected, { method: 'test', optionNames: [] });
}

/** The texts of messages, for comparing claims at a glance. */
export function texts(messages: Iterable<{ readonly text: string }>): string[] {
  return [...messages].map(({ text }) => text);
}

/** The error with which a promise rejects. */
export async function rejection(promise: unknown): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('Expected a rejection, and the promise resolved');
}

/** A failure's text without what differs between two runs: times are `N ms`, lines `:L`. */
export function steady(text: string): string {
  return text
    .replaceAll(/ *[+]?\d[\d ]* ms\b/g, (found) => ` ${found.includes('+') ? '+' : ''}N ms`)
    .replaceAll(/(\.ts):\d+/g, '$1:L');
}

/** Lets every promise job that is ready run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A function that the types refuse as a predicate. */
export function asPredicate(judge: (message: Message) => unknown): (message: Message) => boolean {
  const judges: Record<string, (message: Message) => boolean> = Object.create({ judge });
  return judges['judge'];
}

/** What a registry judges now: kinds and steady texts. */
export function findingsOf(registry: Registry): string[] {
  return registry.judge().map(({ kind, text }) => `${kind}: ${steady(text)}`);
}

/** Calls a method with arguments that its types refuse. */
export function untyped(target: object, method: string, ...args: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== 'function') throw new Error(`There is no method "${method}"`);
  return Reflect.apply(found, target, args);
}
