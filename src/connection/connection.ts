import { nextSequence } from '../frames/sequence.ts';
import { FrameLog } from '../frames/frame-log.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { Direction } from '../frames/frame.ts';
import type { Handshake } from '../protocol/handshake.ts';
import type { Opcode } from '../protocol/opcode.ts';
import type { CallSite } from '../support/call-site.ts';
import { arrivalTime, now } from '../support/clock.ts';
import { ConnectionClosedError, errorMessage, HandshakeError, type CloseInfo } from '../support/errors.ts';
import { maskUrl } from '../support/redact.ts';
import { Redactor } from '../support/redactor.ts';
import type { ClaimQueue, Holder } from './claim-queue.ts';
import { Closing } from './closing.ts';
import type { ConnectionOwner, ConnectionSettings } from './connection-settings.ts';
import { endConnection } from './end-connection.ts';
import type { Gap } from './gap.ts';
import type { Finding, FindingKind, FindingSink } from './findings.ts';
import { keepAlive } from './keep-alive.ts';
import { LateParts } from './late-parts.ts';
import type { StepFacts } from './observer.ts';
import type { Reconnection } from './reconnection.ts';
import { protocolFinding } from './verdicts.ts';
import type { WaitRecord } from './wait-record.ts';
import { withResolvers, type Resolvers } from './waits.ts';
import type { OpenWire, Wire, WireListener } from './wire.ts';

export type { ConnectionOwner, ConnectionSettings } from './connection-settings.ts';

/** The WHATWG states, with their numbers. */
export const readyStates = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;

export type ReadyState = (typeof readyStates)[keyof typeof readyStates];

/** One end of a WebSocket: records what crosses it, offers messages to waits, tells handlers. */
export class Connection extends LateParts implements WireListener, FindingSink {
  readonly settings: ConnectionSettings;
  readonly log: FrameLog;
  /** Masks the secrets of this test in what is written. */
  readonly redactor: Redactor;
  readonly closing: Closing;
  /** Whether nothing is read from the wire, nor from later ones. */
  isPaused = false;
  readonly createdAt: number = now();
  openedAt: number | undefined;
  /** Opens it again when it was lost; `undefined` without the option `reconnect`. */
  reconnection: Reconnection | undefined;
  /** Why the opening handshake or the connection failed. */
  failure: Error | undefined;
  readonly #owner: ConnectionOwner;
  #closed: Resolvers<CloseInfo> | undefined;
  #listeners: Set<() => void> | undefined;
  #wire: Wire | undefined;
  /** Of the wire that was lost. */
  #lastHandshake: Handshake | undefined;
  #firstFrame = 0;
  #stopKeepAlive: (() => void) | undefined;

  constructor(settings: ConnectionSettings, owner: ConnectionOwner) {
    super();
    this.settings = settings;
    this.log = new FrameLog(settings.maxMemory);
    this.#owner = owner;
    this.redactor = owner.redactor ?? new Redactor();
    this.redactor.watch(this.log);
    this.closing = new Closing(this);
  }

  protected get whole(): Connection {
    return this;
  }

  get name(): string {
    return this.settings.name;
  }

  /** Received data messages that waits may claim. */
  get messages(): ClaimQueue<LoggedMessage> {
    return this.intake.messages;
  }

  /** Resolves when the connection has closed, or could not be opened. */
  get closed(): Promise<CloseInfo> {
    if (this.#closed === undefined) {
      this.#closed = withResolvers();
      if (this.closeInfo !== undefined) this.#closed.resolve(this.closeInfo);
    }
    return this.#closed.promise;
  }

  /** Of the last opening handshake that was accepted. */
  get handshake(): Handshake | undefined {
    return this.#wire?.handshake ?? this.#lastHandshake;
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

  /** When it was opened last; monotonic milliseconds. */
  get openSince(): number | undefined {
    return this.reconnection?.gaps.at(-1)?.endedAt ?? this.openedAt;
  }

  /** How it ended; `undefined` in a gap. */
  get closeInfo(): CloseInfo | undefined {
    return this.closing.info;
  }

  /** The time without a connection that lasts now: it was lost and is to be opened again. */
  get gap(): Gap | undefined {
    return this.reconnection?.gap;
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
  start(openWire: OpenWire): Promise<void> {
    const opening = openWire(this, this.closing.handshakeSignal);
    // Hears of a failure before the caller does.
    opening.catch((error: unknown) => {
      this.#failOpening(error instanceof Error ? error : new Error(errorMessage(error)));
    });
    return opening;
  }

  /** Index of the first frame of the current test. */
  get firstFrame(): number {
    return this.#firstFrame;
  }

  /** Lets another test of a worker begin: it sees only what comes from here on. */
  beginTest(): void {
    this.#firstFrame = this.log.length;
    this.clearLateWatches();
    this.reconnection?.beginTest();
    this.raiseFloors();
  }

  /** Ends it with its owner: closing handshake, at most `closeTimeout`, then terminate. Never rejects. */
  end(): Promise<void> {
    return endConnection(this);
  }

  // What the wire tells.

  open(wire: Wire): void {
    if (this.readyState !== readyStates.connecting) {
      wire.terminate();
      return;
    }
    this.#wire = wire;
    this.redactor.learnHandshake(wire);
    this.openedAt ??= now();
    if (this.isPaused) wire.pause();
    this.#stopKeepAlive = keepAlive(this);
    const reconnected = this.reconnection?.opened(wire);
    this.closing.opened();
    this.changed();
    if (reconnected !== undefined) this.emit('reconnect', reconnected);
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
    this.emit('ping', payload);
    this.changed();
  }

  pong(payload: Buffer): void {
    const frame = this.record('received', 'pong', payload);
    if (!this.ownPings.take(payload)) this.pongs.add(frame);
    this.emit('pong', payload);
    this.changed();
  }

  error(error: Error, closeCode?: number): void {
    this.failure = error;
    this.closing.violated(closeCode);
    this.report(protocolFinding(this, error));
    this.emit('error', error);
  }

  close(code: number, reason: Buffer, cause?: Error): void {
    if (this.closeInfo !== undefined) return;
    const info = this.closing.wireEnded(code, reason);
    if (!info.wasClean) this.failure ??= cause ?? this.closing.reason;
    if (this.reconnection?.beginsGap() === true) this.#lost(this.reconnection, info);
    else this.#end(info, this.reconnection?.exhausted(info));
  }

  // For the other files of this room.

  /** A gap ended without a connection: the close that began it is the end. */
  stayLost(closeInfo: CloseInfo, reason: Error): void {
    this.#end({ ...closeInfo }, reason);
  }

  /** This side ended a gap. */
  endGap(): void {
    this.#end(this.closing.neverOpened());
  }

  showStep(facts: StepFacts, running: Promise<unknown>): void {
    if (this.#owner.showStep === undefined) running.catch(() => {});
    else this.#owner.showStep(facts, this, running);
  }

  record(direction: Direction, opcode: Opcode, payload: Uint8Array): number {
    const monotonicTime = direction === 'received' ? arrivalTime() : now();
    return this.log.append({ direction, opcode, payload, sequence: nextSequence(), monotonicTime });
  }

  /** Tells those who look at the state of the connection. */
  changed(): void {
    if (this.#listeners !== undefined) for (const listener of this.#listeners) listener();
  }

  /** Calls back after each frame and change of state until stopped. */
  onChange(listener: () => void): () => void {
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  report(finding: Finding): void {
    if (this.judges(finding.kind) && !this.cutsOff(finding.error)) this.#owner.report(finding);
  }

  /** Whether an operation in a handler or timer failed only because this side closed, the test ended, or in a gap. */
  cutsOff(error: unknown): boolean {
    if (this.reconnection?.cutsOff(error) === true) return true;
    if (!(error instanceof ConnectionClosedError)) return false;
    return error.code === 'WS_TEST_ENDED' || this.closing.isBegunByClient;
  }

  judges(kind: FindingKind): boolean {
    return this.settings.findings[kind] !== false;
  }

  assertUsable(site: CallSite | undefined): void {
    this.#owner.assertUsable(this, site);
  }

  /** Who claimed what a wait held that has passed. */
  claimant(record: WaitRecord): Holder {
    return this.#owner.claimant?.(record) ?? record;
  }

  waitEnded(record: WaitRecord): void {
    this.#owner.waitEnded(record);
  }

  #failOpening(error: Error): void {
    // The end of the owner does not wait for an opening handshake that hangs.
    if (this.closeInfo !== undefined) return;
    if (error instanceof HandshakeError) this.redactor.learnHandshake(error);
    this.#end(this.closing.neverOpened(), error);
  }

  /** The wire is gone, and the connection is to be opened again: what waits for messages goes on. */
  #lost(reconnection: Reconnection, info: CloseInfo): void {
    const gap = reconnection.lost(info);
    this.#lastHandshake = this.#wire?.handshake;
    this.#wire = undefined;
    this.failure = undefined;
    this.closing.reset();
    this.ownPings.clear();
    this.#stopKeepAlive?.();
    this.changed();
    for (const wait of this.pendingWaits) wait.connectionLost(this, info);
    void reconnection.run(gap);
  }

  /** @param failure Why it was not opened, or not again. */
  #end(info: CloseInfo, failure?: Error): void {
    this.closing.finished(info);
    if (failure !== undefined) {
      this.failure = failure;
      this.emit('error', failure);
    }
    this.#stopKeepAlive?.();
    this.endTimers();
    this.clearLateWatches();
    this.changed();
    for (const wait of this.pendingWaits) wait.connectionClosed(this);
    this.#closed?.resolve(info);
    this.emit('close', info);
  }
}
