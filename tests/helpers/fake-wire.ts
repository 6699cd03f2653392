import type { CompiledExpectation } from '../../src/expectation/compile.ts';
import { Connection, type ConnectionOwner, type ConnectionSettings } from '../../src/connection/connection.ts';
import type { Finding } from '../../src/connection/findings.ts';
import type { WaitRecord } from '../../src/connection/wait-record.ts';
import type { Flushed, Wire, WireListener } from '../../src/connection/wire.ts';
import { createHandshake, type Handshake, type HandshakeFacts } from '../../src/protocol/handshake.ts';
import { CallSite } from '../../src/support/call-site.ts';

/** Bytes that a connection gave to its wire. */
export interface WireSent {
  readonly kind: 'message' | 'ping' | 'pong';
  readonly payload: Buffer;
  readonly isBinary: boolean;
}

/**
 * A wire without a network. What is sent is flushed at once. A close is answered in the next microtask, as by a server
 * that agrees; with `answersClose = false` the test calls `connection.close(…)` itself.
 */
export class FakeWire implements Wire {
  readonly handshake: Handshake;
  readonly sent: WireSent[] = [];
  /** What the connection closed with; `undefined` while it did not. */
  closedWith: { readonly code: number | undefined; readonly reason: string } | undefined;
  isTerminated = false;
  isPaused = false;
  /** The server has sent its close frame, and the connection is not gone yet. */
  isClosing = false;
  bufferedAmount = 0;
  answersClose = true;
  /** Given to the callback of every send, ping and pong. */
  sendError: Error | undefined;
  readonly #listener: WireListener;

  constructor(listener: WireListener, handshake: Handshake) {
    this.#listener = listener;
    this.handshake = handshake;
  }

  send(payload: Uint8Array, isBinary: boolean, flushed: Flushed): void {
    this.#put({ kind: 'message', payload: Buffer.from(payload), isBinary }, flushed);
  }

  ping(payload: Uint8Array, flushed: Flushed): void {
    this.#put({ kind: 'ping', payload: Buffer.from(payload), isBinary: false }, flushed);
  }

  pong(payload: Uint8Array, flushed: Flushed): void {
    this.#put({ kind: 'pong', payload: Buffer.from(payload), isBinary: false }, flushed);
  }

  close(code: number | undefined, reason: string): void {
    this.closedWith = { code, reason };
    if (this.answersClose) queueMicrotask(() => this.#listener.close(code ?? 1005, Buffer.from(reason)));
  }

  terminate(): void {
    this.isTerminated = true;
    queueMicrotask(() => this.#listener.close(1006, Buffer.alloc(0)));
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  #put(sent: WireSent, flushed: Flushed): void {
    this.sent.push(sent);
    flushed(this.sendError);
  }
}

/** Keeps what connections report. */
export class FakeOwner implements ConnectionOwner {
  readonly findings: Finding[] = [];
  readonly waits: WaitRecord[] = [];

  report(finding: Finding): void {
    this.findings.push(finding);
  }

  waitEnded(record: WaitRecord): void {
    if (!this.waits.includes(record)) this.waits.push(record);
  }

  assertUsable(): void {}
}

export interface TestConnectionOptions extends Partial<ConnectionSettings> {
  /** Facts of the opening handshake that differ from a plain 101. */
  readonly handshake?: Partial<HandshakeFacts>;
  /** Leaves the opening handshake undone: the test calls `connection.open(wire)`. */
  readonly isConnecting?: boolean;
  /** Shared by the connections of one test. */
  readonly owner?: FakeOwner;
}

export interface TestConnection {
  readonly connection: Connection;
  readonly wire: FakeWire;
  readonly owner: FakeOwner;
}

/** An open connection without a network: the test calls what a wire calls, `connection.message(…)`, `connection.close(…)`. */
export function createTestConnection(options: TestConnectionOptions = {}): TestConnection {
  const { handshake, isConnecting = false, owner = new FakeOwner(), ...settings } = options;
  const connection = new Connection(testSettings(settings), owner);
  const wire = new FakeWire(connection, testHandshake({ url: connection.settings.url, ...handshake }));
  if (!isConnecting) connection.open(wire);
  return { connection, wire, owner };
}

/** The server sends a message: a string as text, bytes as binary, anything else as its JSON text. */
export function receive(connection: Connection, data: unknown): void {
  if (data instanceof Uint8Array) connection.message(Buffer.from(data), true);
  else connection.message(Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)), false);
}

/** An answer to an opening handshake; a plain 101 but for what is given. */
export function testHandshake(facts: Partial<HandshakeFacts> = {}): Handshake {
  return createHandshake({
    accepted: true,
    url: 'ws://127.0.0.1:4040/orders',
    status: 101,
    statusText: 'Switching Protocols',
    headers: {},
    requestHeaders: {},
    body: Buffer.alloc(0),
    protocol: '',
    extensions: '',
    duration: 1,
    ...facts,
  });
}

/** An expectation by a function, for `ignore` and `autoReply`. */
export function expectationOf(matches: CompiledExpectation['matches']): CompiledExpectation {
  return {
    misuse: undefined,
    mayBeMisused: false,
    matches,
    thrownAt: () => undefined,
    describe: () => 'a message that the test chose',
    explain: () => 'is not the one',
    nearness: () => 0,
  };
}

function testSettings(settings: Partial<ConnectionSettings>): ConnectionSettings {
  return {
    name: '/orders',
    url: 'ws://127.0.0.1:4040/orders',
    site: CallSite.capture(createTestConnection),
    waitTimeout: 5000,
    closeTimeout: 1000,
    codec: undefined,
    validate: undefined,
    failsOnInvalidMessage: true,
    keepAlive: undefined,
    autoPong: true,
    autoReplies: [],
    ignore: undefined,
    signal: undefined,
    findings: {},
    ...settings,
  };
}
