import { onAbort } from '../support/on-abort.ts';
import type { CallSite } from '../support/call-site.ts';
import { longestTimerMs, now } from '../support/clock.ts';
import type { CloseInfo } from '../support/errors.ts';
import type { Connection } from './connection.ts';
import type { EndReason, Outcome, WaitLimit, WaitRecord, WaitSubject } from './wait-record.ts';

const passedOutcome: Outcome = { kind: 'passed' };

/** How a wait looks at its connections. */
export interface Watch {
  readonly subject: WaitSubject;
  /** Looks at what is there and, unless that ended the wait, registers for what comes. */
  start(wait: Wait): void;
  /** Unregisters. Called once, when the wait has ended; its outcome is in the record. */
  stop(wait: Wait): void;
  /** A connection closed: by default that ends the wait. */
  closed?(wait: Wait, connection: Connection): void;
  /** A connection was lost and is to be opened again: by default the wait goes on. */
  lost?(wait: Wait, connection: Connection, closeInfo: CloseInfo): void;
  /** The deadline came: by default that is a timeout. */
  expired?(wait: Wait): void;
}

/** What every wait has, whatever it waits for. */
export interface WaitSettings {
  readonly method: string;
  readonly call: string;
  readonly site: CallSite | undefined;
  readonly connections: readonly Connection[];
  /** Milliseconds from now; 0 for no limit of its own. */
  readonly timeout: number;
  /** A moment that overrides `timeout`, when a window counts from an earlier position. */
  readonly deadline?: number | undefined;
  /** The option that `timeout` is the value of, when it is another one. */
  readonly limitedBy?: WaitLimit | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether it may be pending when the test ends, as an iteration that nobody finished. */
  readonly isBackground?: boolean;
}

/**
 * One pending expectation. It ends once: by what it watches, its deadline, a close, its signal, or the end of the test.
 * The only place with deadlines.
 */
export class Wait {
  readonly record: WaitRecord;
  readonly #watch: Watch;
  readonly #settings: WaitSettings;
  #listeners: readonly ((record: WaitRecord) => void)[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  private constructor(settings: WaitSettings, watch: Watch) {
    this.#settings = settings;
    this.#watch = watch;
    this.record = {
      method: settings.method,
      call: settings.call,
      site: settings.site,
      connections: settings.connections,
      timeout: settings.timeout,
      limitedBy: settings.limitedBy ?? 'timeout',
      startedAt: now(),
      endedAt: undefined,
      outcome: undefined,
      late: undefined,
      subject: watch.subject,
    };
  }

  /** Starts in the caller's turn: what is in the buffer is looked at before this returns. */
  static start(settings: WaitSettings, watch: Watch): Wait {
    const wait = new Wait(settings, watch);
    wait.#start();
    return wait;
  }

  /** Resolves with the record when the wait has ended; never rejects. */
  get ended(): Promise<WaitRecord> {
    return new Promise((resolve) => this.onEnd(resolve));
  }

  /** Calls back once with the record: when the wait ends, or now. Without a promise, since many waits have passed by then. */
  onEnd(listener: (record: WaitRecord) => void): void {
    if (!this.isPending) listener(this.record);
    else this.#listeners = this.#listeners === undefined ? [listener] : [...this.#listeners, listener];
  }

  get hasPassed(): boolean {
    return this.record.outcome?.kind === 'passed';
  }

  get isBackground(): boolean {
    return this.#settings.isBackground === true;
  }

  get isPending(): boolean {
    return this.record.outcome === undefined;
  }

  pass(): void {
    this.end(passedOutcome);
  }

  end(outcome: Outcome): void {
    if (!this.isPending) return;
    this.record.outcome = outcome;
    this.record.endedAt = now();
    if (outcome.kind === 'passed') this.record.site = this.record.site?.line;
    clearTimeout(this.#timer);
    this.#stopListening?.();
    for (const connection of this.record.connections) connection.waits.delete(this);
    this.#watch.stop(this);
    for (const connection of this.record.connections) {
      if (outcome.kind === 'timeout') connection.lateWatches.add(this.record);
      connection.waitEnded(this.record);
    }
    if (this.#listeners !== undefined) for (const listener of this.#listeners) listener(this.record);
  }

  /** Called by a connection when it has closed for good. */
  connectionClosed(connection: Connection): void {
    if (!this.isPending || connection.closeInfo === undefined) return;
    if (this.#watch.closed !== undefined) this.#watch.closed(this, connection);
    else this.end({ kind: 'closed', connection, closeInfo: connection.closeInfo });
  }

  /** Called by a connection that was lost and is to be opened again. */
  connectionLost(connection: Connection, closeInfo: CloseInfo): void {
    if (this.isPending) this.#watch.lost?.(this, connection, closeInfo);
  }

  /** Called when the owner of the connections ends. */
  ownerEnded(reason: EndReason): void {
    this.end({ kind: 'ended', reason });
  }

  #start(): void {
    const { signal } = this.#settings;
    this.#watch.start(this);
    if (this.isPending && signal?.aborted === true) this.#aborted();
    for (const connection of this.record.connections) {
      if (this.isPending && connection.closeInfo !== undefined) this.connectionClosed(connection);
    }
    if (!this.isPending) return;
    if (signal !== undefined) this.#stopListening = onAbort(signal, () => this.#aborted());
    for (const connection of this.record.connections) connection.waits.add(this);
    this.#armTimer();
  }

  #armTimer(): void {
    const { deadline, timeout } = this.#settings;
    if (deadline === undefined && timeout === 0) return;
    const delay = deadline === undefined ? timeout : Math.max(0, deadline - now());
    if (delay <= longestTimerMs) this.#timer = setTimeout(expire, delay, this);
  }

  #aborted(): void {
    this.end({ kind: 'aborted', reason: this.#settings.signal?.reason });
  }

  /** The deadline came. */
  expired(): void {
    if (this.#watch.expired !== undefined) this.#watch.expired(this);
    else this.end({ kind: 'timeout' });
  }
}

/** One function for all waits: a closure each would cost more than the timer. */
function expire(wait: Wait): void {
  wait.expired();
}

/** A promise, and what settles it. */
export interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `Promise.withResolvers` is not in Node 20. */
export function withResolvers<T>(): Resolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
