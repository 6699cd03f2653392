import { nextSequence } from '../frames/sequence.ts';
import { FrameLog } from '../frames/frame-log.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { Direction } from '../frames/frame.ts';
import type { CompiledExpectation } from '../expectation/compile.ts';
import type { Codec } from '../frames/codec.ts';
import type { Handshake } from '../protocol/handshake.ts';
import type { Opcode } from '../protocol/opcode.ts';
import type { CallSite } from '../support/call-site.ts';
import { now } from '../support/clock.ts';
import { ConnectionClosedError, errorMessage, HandshakeError, type CloseInfo } from '../support/errors.ts';
import { maskUrl } from '../support/redact.ts';
import { Redactor } from '../support/redactor.ts';
import { AutoReplies, type CompiledAutoReply } from './auto-replies.ts';
import { ClaimQueue } from './claim-queue.ts';
import { Closing } from './closing.ts';
import { ControlFrame } from './control-frame.ts';
import { Events } from './events.ts';
import type { Finding, FindingKind, FindingSink, FindingSwitches } from './findings.ts';
import { Intake } from './intake.ts';
import { startKeepAlive } from './keep-alive.ts';
import { LateWatches } from './late-watches.ts';
import { Pings } from './pings.ts';
import { Sender } from './sender.ts';
import { Timers } from './timers.ts';
import type { WaitRecord } from './wait-record.ts';
import { withResolvers, type Wait } from './waits.ts';
import type { OpenWire, Wire, WireListener } from './wire.ts';

/** The WHATWG states, with their numbers. */
export const readyStates = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

export type ReadyState = (typeof readyStates)[keyof typeof readyStates];

/** Time beyond `closeTimeout` for a transport that did not end by itself. */
const endGraceMs = 100;

/** What a connection is made of; options checked and defaults applied. */
export interface ConnectionSettings {
  readonly name: string;
  readonly url: string;
  /** Where the user asked for it. */
  readonly site: CallSite;
  readonly waitTimeout: number;
  readonly closeTimeout: number;
  readonly codec: Codec | undefined;
  /** The schema as a function that throws what makes a value a violation. */
  readonly validate: ((value: unknown) => unknown) | undefined;
  readonly failsOnInvalidMessage: boolean;
  readonly keepAlive: number | undefined;
  readonly autoPong: boolean;
  readonly autoReplies: readonly CompiledAutoReply[];
  readonly ignore: CompiledExpectation | undefined;
  readonly signal: AbortSignal | undefined;
  readonly findings: FindingSwitches;
}

/** Who owns connections: the registry of a test. */
export interface ConnectionOwner extends FindingSink {
  waitEnded(record: WaitRecord): void;
  /** Throws when the owner has ended; the error names both lines. */
  assertUsable(connection: Connection, site: CallSite | undefined): void;
  /** Knows the secrets of all its connections; without, each connection has its own. */
  readonly redactor?: Redactor;
}

/** One end of a WebSocket: records what crosses it, offers messages to waits, tells handlers. */
export class Connection implements WireListener, FindingSink {
  readonly settings: ConnectionSettings;
  readonly log: FrameLog = new FrameLog();
  /** Masks the secrets of this test in what is written. */
  readonly redactor: Redactor;
  readonly intake: Intake;
  readonly pings: ClaimQueue<ControlFrame>;
  readonly pongs: ClaimQueue<ControlFrame>;
  readonly events: Events;
  readonly timers: Timers;
  readonly ownPings: Pings = new Pings();
  readonly autoReplies: AutoReplies;
  readonly sender: Sender;
  readonly closing: Closing;
  /** Pending waits. */
  readonly waits: Set<Wait> = new Set();
  /** Waits that timed out and still look for what they wanted. */
  readonly lateWatches: LateWatches = new LateWatches(this);
  readonly createdAt: number = now();
  openedAt: number | undefined;
  handshake: Handshake | undefined;
  /** Why the opening handshake or the connection failed. */
  failure: Error | undefined;
  /** Resolves when the connection has closed, or could not be opened. */
  readonly closed: Promise<CloseInfo>;
  readonly #resolveClosed: (info: CloseInfo) => void;
  readonly #owner: ConnectionOwner;
  readonly #listeners = new Set<() => void>();
  #wire: Wire | undefined;
  #firstFrame = 0;
  #stopKeepAlive: () => void = () => {};

  constructor(settings: ConnectionSettings, owner: ConnectionOwner) {
    this.settings = settings;
    this.#owner = owner;
    this.redactor = owner.redactor ?? new Redactor();
    this.redactor.watch(this.log);
    this.intake = new Intake(this);
    this.pings = new ClaimQueue((frame, index) => new ControlFrame(this.log, frame, index));
    this.pongs = new ClaimQueue((frame, index) => new ControlFrame(this.log, frame, index));
    this.events = new Events(this);
    this.timers = new Timers(this);
    this.autoReplies = new AutoReplies(settings.autoReplies, this);
    this.sender = new Sender(this);
    this.closing = new Closing(this);
    const { promise, resolve } = withResolvers<CloseInfo>();
    this.closed = promise;
    this.#resolveClosed = resolve;
  }

  get name(): string {
    return this.settings.name;
  }

  /** Received data messages that waits may claim. */
  get messages(): ClaimQueue<LoggedMessage> {
    return this.intake.messages;
  }

  get url(): string {
    return this.handshake?.url ?? this.settings.url;
  }

  /** The URL for texts: without secrets. */
  get shownUrl(): string {
    return maskUrl(this.url);
  }

  get wire(): Wire | undefined {
    return this.#wire;
  }

  get closeInfo(): CloseInfo | undefined {
    return this.closing.info;
  }

  get readyState(): ReadyState {
    if (this.closeInfo !== undefined) return readyStates.closed;
    if (this.closing.hasBegun || this.#wire?.isClosing === true) return readyStates.closing;
    return this.#wire === undefined ? readyStates.connecting : readyStates.open;
  }

  get isOpen(): boolean {
    return this.readyState === readyStates.open;
  }

  /** Performs the opening handshake. Rejects with a `HandshakeError`; the connection is closed then. */
  async start(openWire: OpenWire): Promise<void> {
    try {
      await openWire(this, this.closing.handshakeSignal);
    } catch (error) {
      this.#failOpening(error instanceof Error ? error : new Error(errorMessage(error)));
      throw error;
    }
  }

  /** Index of the first frame of the current test. */
  get firstFrame(): number {
    return this.#firstFrame;
  }

  /** Lets another test of a worker begin: it sees only what comes from here on. */
  beginTest(): void {
    this.#firstFrame = this.log.length;
    this.lateWatches.clear();
    for (const queue of [this.messages, this.pings, this.pongs]) queue.raiseFloor();
  }

  /** Ends it with its owner: closing handshake, at most `closeTimeout`, then terminate. Never rejects. */
  async end(): Promise<void> {
    this.timers.end();
    this.closing.begin(1000, '');
    // The transport bounds the closing handshake too; these bounds do not depend on it.
    const { closeTimeout } = this.settings;
    const terminate = setTimeout(() => this.closing.terminate(), closeTimeout + endGraceMs);
    const giveUp = setTimeout(() => this.close(1006, Buffer.alloc(0)), closeTimeout + 2 * endGraceMs);
    await this.closed;
    clearTimeout(terminate);
    clearTimeout(giveUp);
  }

  // What the wire tells.

  open(wire: Wire): void {
    if (this.readyState !== readyStates.connecting) {
      wire.terminate();
      return;
    }
    this.#wire = wire;
    this.handshake = wire.handshake;
    this.redactor.learnHandshake(wire.handshake);
    this.openedAt = now();
    const { keepAlive } = this.settings;
    if (keepAlive !== undefined) this.#stopKeepAlive = this.#keepAlive(keepAlive);
    this.changed();
  }

  message(payload: Buffer, isBinary: boolean): void {
    const frame = this.record('received', isBinary ? 'binary' : 'text', payload);
    this.intake.receive(frame);
    this.changed();
  }

  ping(payload: Buffer): void {
    const frame = this.record('received', 'ping', payload);
    if (this.settings.autoPong && this.isOpen) this.sender.pong(payload, () => {});
    this.pings.add(frame);
    this.events.emit('ping', payload);
    this.changed();
  }

  pong(payload: Buffer): void {
    const frame = this.record('received', 'pong', payload);
    if (!this.ownPings.take(payload)) this.pongs.add(frame);
    this.events.emit('pong', payload);
    this.changed();
  }

  error(error: Error): void {
    this.failure = error;
    this.report({
      kind: 'protocolError',
      text: `the server broke the protocol on "${this.name}" (${this.shownUrl}): ${errorMessage(error)}`,
      site: this.settings.site,
      error,
    });
    this.events.emit('error', error);
  }

  close(code: number, reason: Buffer): void {
    if (this.closeInfo !== undefined) return;
    this.closing.finished(code, reason);
    this.#ended();
  }

  // For the other files of this room.

  record(direction: Direction, opcode: Opcode, payload: Uint8Array): number {
    return this.log.append({ direction, opcode, payload, sequence: nextSequence(), monotonicTime: now() });
  }

  /** Tells those who look at the state of the connection. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after each frame and change of state until stopped. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  report(finding: Finding): void {
    if (this.judges(finding.kind) && !this.cutsOff(finding.error)) this.#owner.report(finding);
  }

  /** Whether an operation in a handler or timer failed only because this side closed, or the test ended. */
  cutsOff(error: unknown): boolean {
    if (!(error instanceof ConnectionClosedError)) return false;
    return error.code === 'WS_TEST_ENDED' || this.closing.isBegunByClient;
  }

  judges(kind: FindingKind): boolean {
    return this.settings.findings[kind] !== false;
  }

  assertUsable(site: CallSite | undefined): void {
    this.#owner.assertUsable(this, site);
  }

  waitEnded(record: WaitRecord): void {
    this.#owner.waitEnded(record);
  }

  #failOpening(error: Error): void {
    // The end of the owner does not wait for an opening handshake that hangs.
    if (this.closeInfo !== undefined) return;
    this.failure = error;
    if (error instanceof HandshakeError && error.handshake !== undefined) this.redactor.learnHandshake(error.handshake);
    this.closing.neverOpened();
    this.events.emit('error', error);
    this.#ended();
  }

  #ended(): void {
    const info = this.closeInfo;
    if (info === undefined) return;
    this.#stopKeepAlive();
    this.timers.end();
    this.lateWatches.clear();
    this.changed();
    for (const wait of [...this.waits]) wait.connectionClosed(this);
    this.#resolveClosed(info);
    this.events.emit('close', info);
  }

  #keepAlive(interval: number): () => void {
    return startKeepAlive(interval, {
      isOpen: () => this.isOpen,
      probe: (answered) => this.sender.probe(this.ownPings.nextPayload(), answered),
      lost: () => this.closing.lost(),
    });
  }
}
