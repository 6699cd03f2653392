import { describeClose } from '../protocol/close-code.ts';
import { now } from '../support/clock.ts';
import { ConnectionClosedError, errorMessage, HandshakeError, type CloseInfo } from '../support/errors.ts';
import type { Connection } from './connection.ts';
import type { ReconnectInfo } from './events.ts';
import { createGap, reconnectError, type Gap, type ReconnectAttempt } from './gap.ts';
import { askUserCode } from './user-code.ts';
import type { OpenWire, Wire } from './wire.ts';

/** How a lost connection is opened again; options checked and defaults applied. */
export interface ReconnectPlan {
  /** Attempts in the life of the client, or in one test of it. */
  readonly maxAttempts: number;
  /** Longest time of `prepare`, in milliseconds; `0` for no limit. */
  readonly timeout: number;
  /** Milliseconds before an attempt. Runs code of the user's: it may throw. */
  delay(attempt: number): number;
  /** Prepares the opening handshake of an attempt. Runs code of the user's: it may throw. `undefined`: no more attempts. */
  prepare(attempt: number, lost: CloseInfo): Promise<OpenWire | undefined>;
}

/** Opens a connection again that this side did not close. */
export class Reconnection {
  /** Every time without a connection so far. */
  readonly gaps: Gap[] = [];
  readonly #plan: ReconnectPlan;
  readonly #connection: Connection;
  #attempts = 0;
  #firstGap = 0;
  #ownerHasEnded = false;
  #cancel: () => void = () => {};

  constructor(plan: ReconnectPlan, connection: Connection) {
    this.#plan = plan;
    this.#connection = connection;
  }

  /** The gap that lasts now. */
  get gap(): Gap | undefined {
    const last = this.gaps.at(-1);
    return last?.endedAt === undefined ? last : undefined;
  }

  /** Whether the close that just came begins a gap. */
  beginsGap(): boolean {
    const { closing } = this.#connection;
    if (this.#attempts >= this.#plan.maxAttempts) return false;
    // The server closed just before this side ended the connection: a moment earlier it would have been a gap.
    if (closing.isFinal) closing.isExpected = true;
    return !closing.isFinal;
  }

  /** `reconnecting, attempt 2 of 3, after it closed with 1006 Abnormal closure, by the network`. */
  describe({ closeInfo }: Gap): string {
    return `reconnecting, ${this.#describeAttempt(this.#attempts)}, after it closed with ${describeClose(closeInfo)}`;
  }

  /** Whether a send failed only because of a gap: handlers and timers need not mind it. */
  cutsOff(error: unknown): boolean {
    if (!(error instanceof Error && 'code' in error)) return false;
    if (error.code === 'WS_SEND_FAILED') return true;
    return (
      error.code === 'WS_NOT_OPEN' &&
      error instanceof ConnectionClosedError &&
      this.gapOf(error.closeInfo) !== undefined
    );
  }

  /** The gap that this close began; `undefined` for the end of the connection. */
  gapOf(closeInfo: CloseInfo | undefined): Gap | undefined {
    return this.gaps.find((gap) => gap.closeInfo === closeInfo);
  }

  /** Lets another test of a worker begin: it has all attempts again. */
  beginTest(): void {
    this.#attempts = this.gap === undefined ? 0 : 1;
    this.#firstGap = this.gap === undefined ? this.gaps.length : this.gaps.length - 1;
  }

  /** The connection was lost: a gap begins. Attempts begin with `run`, once everybody knows. */
  lost(closeInfo: CloseInfo): Gap {
    const { closing, failure, handshake } = this.#connection;
    const gap = createGap({ closeInfo, failure, handshake });
    this.gaps.push(gap);
    this.#attempts += 1;
    closing.handshakeSignal.addEventListener('abort', this.#aborted);
    return gap;
  }

  /** Tries until the connection is open, closed by this side, or the attempts are used up. */
  async run(gap: Gap): Promise<void> {
    for (;;) {
      const number = this.#attempts;
      const openWire = await this.#prepare(gap, number);
      if (openWire === undefined) return;
      await this.#attempt(gap, number, openWire);
      if (gap.endedAt !== undefined) return;
      if (this.#attempts >= this.#plan.maxAttempts) return this.#giveUp(gap, { text: this.#usedUp });
      this.#attempts += 1;
    }
  }

  /** An attempt succeeded. `undefined` when it was the first opening handshake. */
  opened({ handshake }: Wire): ReconnectInfo | undefined {
    const { gap } = this;
    const attempt = gap?.attempts.at(-1);
    if (gap === undefined || attempt === undefined) return undefined;
    attempt.handshake = handshake;
    attempt.endedAt = now();
    gap.isRecovered = true;
    this.#end(gap);
    return { attempt: attempt.number, closeInfo: gap.closeInfo, duration: attempt.endedAt - gap.lostAt };
  }

  /** What to say when a close ends the connection since the attempts are used up. */
  exhausted(closeInfo: CloseInfo): Error | undefined {
    if (this.#connection.closing.isFinal || this.#attempts < this.#plan.maxAttempts) return undefined;
    return this.#error(closeInfo, { text: this.#usedUp });
  }

  /** The owner ends, and the connection with it: what failed until then is told. */
  ownerEnds(): void {
    this.#ownerHasEnded = true;
  }

  get #usedUp(): string {
    const { maxAttempts } = this.#plan;
    return maxAttempts === 1 ? 'the only attempt is used up' : `all ${maxAttempts} attempts are used up`;
  }

  #describeAttempt(number: number): string {
    return `attempt ${number} of ${this.#plan.maxAttempts}`;
  }

  /** Waits, then lets the user's code choose URL, parameters and headers. `undefined`: the gap has ended. */
  async #prepare(gap: Gap, number: number): Promise<OpenWire | undefined> {
    const { closeInfo } = gap;
    try {
      await this.#pause(await this.#ask(gap, 'delay', () => this.#plan.delay(number)));
      if (gap.endedAt !== undefined) return undefined;
      const openWire = await this.#ask(gap, 'options', () => this.#within(this.#plan.prepare(number, closeInfo)));
      if (openWire === undefined) this.#giveUp(gap, { text: `the function \`options\` gave up at attempt ${number}` });
      return gap.endedAt === undefined ? openWire : undefined;
    } catch (cause) {
      const { closing } = this.#connection;
      // Told already, by the function's own finding.
      if (gap.endedAt === undefined && this.#connection.judges('handlerError')) closing.isJudged = true;
      this.#giveUp(gap, { text: `before attempt ${number}: ${errorMessage(cause)}`, cause });
      return undefined;
    }
  }

  #ask<T>(gap: Gap, name: string, call: () => T | Promise<T>): Promise<T> {
    const connection = this.#connection;
    const { site } = connection.settings;
    // Once the gap has ended nobody waits for the answer, or for what is wrong with it.
    const sink: Pick<Connection, 'report'> = {
      report: (finding) => {
        if (gap.endedAt === undefined) connection.report(finding);
      },
    };
    return askUserCode({ label: `function \`${name}\` of \`reconnect\``, site, sink }, call);
  }

  async #attempt(gap: Gap, number: number, openWire: OpenWire): Promise<void> {
    const connection = this.#connection;
    const attempt: ReconnectAttempt = {
      number,
      startedAt: now(),
      endedAt: undefined,
      error: undefined,
      handshake: undefined,
    };
    gap.attempts.push(attempt);
    const opening = openWire(connection, connection.closing.handshakeSignal);
    connection.showStep(
      {
        method: 'reconnect',
        title: 'Reconnect WebSocket',
        subtitle: () => `${connection.name}, ${this.#describeAttempt(number)}`,
        site: connection.settings.site,
      },
      opening,
    );
    try {
      await opening;
    } catch (error) {
      this.#failed(attempt, error instanceof Error ? error : new Error(errorMessage(error)));
    }
  }

  #failed(attempt: ReconnectAttempt, error: Error): void {
    attempt.endedAt = now();
    attempt.error = error;
    attempt.handshake = error instanceof HandshakeError ? error.handshake : undefined;
    if (attempt.handshake !== undefined) this.#connection.redactor.learnHandshake(attempt);
    this.#connection.changed();
  }

  #giveUp(gap: Gap, end: { readonly text: string; readonly cause?: unknown }): void {
    if (gap.endedAt !== undefined) return;
    this.#end(gap);
    this.#connection.stayLost(gap.closeInfo, this.#error(gap.closeInfo, end));
  }

  /** This side ended the connection. */
  readonly #aborted = (): void => {
    const { gap } = this;
    if (gap === undefined) return;
    this.#end(gap);
    this.#cancel();
    const hasFailed = gap.attempts.some(({ error }) => error !== undefined);
    const text = `the test ended before ${this.#describeAttempt(this.#attempts)} was done`;
    if (this.#ownerHasEnded && hasFailed) {
      this.#connection.stayLost(gap.closeInfo, this.#error(gap.closeInfo, { text }));
    } else {
      this.#connection.endGap();
    }
  };

  #end(gap: Gap): void {
    gap.endedAt = now();
    this.#connection.closing.handshakeSignal.removeEventListener('abort', this.#aborted);
  }

  #error(closeInfo: CloseInfo, end: { readonly text: string; readonly cause?: unknown }): Error {
    const gaps = this.gaps.slice(this.#firstGap);
    return reconnectError({ gaps, name: this.#connection.name }, closeInfo, end);
  }

  /** Ends early when this side ends the connection. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#cancel = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #within<T>(running: Promise<T>): Promise<T> {
    const { timeout } = this.#plan;
    if (timeout === 0) return await running;
    let stop = (): void => {};
    const late = new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it gave no answer within ${timeout}ms`)), timeout);
      stop = () => clearTimeout(timer);
    });
    this.#cancel = stop;
    try {
      return await Promise.race([running, late]);
    } finally {
      stop();
    }
  }
}
