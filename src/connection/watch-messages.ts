import type { CompiledExpectation } from '../expectation/compile.ts';
import type { Position } from '../frames/mark.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { CloseInfo } from '../support/errors.ts';
import type { Claimer } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import { createSelection, type MessageOrder, type Selection } from './selection.ts';
import type { Outcome, WaitSubject } from './wait-record.ts';
import type { Wait, Watch } from './waits.ts';

/** Bounds of a message's arrival, in milliseconds from `base` (monotonic). */
export interface ArrivalBounds {
  readonly base: number;
  readonly within?: number | undefined;
  readonly notBefore?: number | undefined;
}

export interface MessageWatchOptions {
  readonly expectations: readonly CompiledExpectation[];
  /**
   * How several messages have to come.
   *
   * @default 'relative'
   */
  readonly order?: MessageOrder | undefined;
  /**
   * Text behind `Expected:`.
   *
   * @default the expectations
   */
  readonly describe?: (() => string) | undefined;
  /** Text for a failure whose limit is a number of sends. */
  readonly attempts?: (() => string) | undefined;
  readonly where?: CompiledExpectation | undefined;
  readonly after?: Position | undefined;
  readonly bounds?: ArrivalBounds | undefined;
  /** Whether it waits for the answer to something that was sent: on another connection it cannot come. */
  readonly isAnswer?: boolean;
}

/**
 * Waits until, on each of its connections, messages meet the expectations. What it matches is reserved; all of it is
 * claimed when the wait passes, and given back, in order, when it fails.
 */
export class MessageWatch implements Watch, WaitSubject {
  readonly #options: MessageWatchOptions;
  #parts: readonly Part[] = [];
  /** What it claimed, once it has passed, until that is taken. */
  #claimed: readonly LoggedMessage[] | undefined;

  constructor(options: MessageWatchOptions) {
    this.#options = options;
  }

  get subject(): WaitSubject {
    return this;
  }

  get expectations(): readonly CompiledExpectation[] {
    return this.#options.expectations;
  }

  get where(): CompiledExpectation | undefined {
    return this.#options.where;
  }

  get after(): Position | undefined {
    return this.#options.after;
  }

  get attempts(): (() => string) | undefined {
    return this.#options.attempts;
  }

  expected(): string {
    const { describe, expectations, order } = this.#options;
    if (describe !== undefined) return describe();
    return expectations.length === 1 ? expectations[0].describe() : describeSeveral(expectations, order);
  }

  missing(connection: Connection): readonly number[] {
    return this.#parts.find((part) => part.connection === connection)?.selection.missing ?? [];
  }

  failing(): readonly Connection[] {
    return this.#parts.filter((part) => !part.selection.isComplete).map((part) => part.connection);
  }

  /** What it holds: in the order of the connections, then of the expectations. */
  held(): readonly LoggedMessage[] {
    if (this.#claimed !== undefined) return this.#claimed;
    return this.#parts.length === 1
      ? this.#parts[0].selection.held
      : this.#parts.flatMap((part) => part.selection.held);
  }

  /** What it claimed, once: a wait that is over is kept for the evidence, and the buffer tells what it claimed. */
  take(): readonly LoggedMessage[] {
    const held = this.held();
    this.#claimed = undefined;
    return held;
  }

  start(wait: Wait): void {
    this.#parts = wait.record.connections.map((connection) => new Part(connection, wait, this.#options));
    for (const part of this.#parts) {
      part.lookBack();
      this.#settleIfComplete(wait);
      if (!wait.isPending) return;
    }
    const completed = (): void => this.#settleIfComplete(wait);
    for (const part of this.#parts) part.listen(completed);
  }

  stop(wait: Wait): void {
    for (const part of this.#parts) part.stop();
    if (wait.record.outcome?.kind === 'passed') {
      this.#claimed = this.held();
      for (const part of this.#parts) part.claimAll();
      this.#parts = [];
      return;
    }
    for (const part of this.#parts) part.giveBackAll();
  }

  /** A closed connection ends the wait only if something is still wanted from it. */
  closed(wait: Wait, connection: Connection): void {
    const wanted = this.#parts.some((part) => part.connection === connection && !part.selection.isComplete);
    if (wanted && connection.closeInfo !== undefined) {
      wait.end({ kind: 'closed', connection, closeInfo: connection.closeInfo });
    }
  }

  lost(wait: Wait, connection: Connection, closeInfo: CloseInfo): void {
    if (this.#options.isAnswer === true) wait.end({ kind: 'closed', connection, closeInfo });
  }

  #settleIfComplete(wait: Wait): void {
    if (wait.isPending && this.#parts.every((part) => part.selection.isComplete)) wait.pass();
  }
}

const none: readonly CompiledExpectation[] = [];

function isFallible({ mayBeMisused }: CompiledExpectation): boolean {
  return mayBeMisused;
}

function ignored(): void {}

/** The wait's interest in one connection. */
class Part implements Claimer<LoggedMessage> {
  readonly connection: Connection;
  readonly #wait: Wait;
  readonly #options: MessageWatchOptions;
  /** Expectations that are the user's code: what may turn out to be misused. */
  readonly #fallible: readonly CompiledExpectation[];
  #selection: Selection;
  #newest = -1;
  #completed: () => void = ignored;

  constructor(connection: Connection, wait: Wait, options: MessageWatchOptions) {
    this.connection = connection;
    this.#wait = wait;
    this.#options = options;
    this.#selection = createSelection(options.expectations, options.order);
    this.#fallible = options.expectations.some(isFallible) ? options.expectations.filter(isFallible) : none;
  }

  get selection(): Selection {
    return this.#selection;
  }

  lookBack(): void {
    this.#newest = this.connection.messages.length - 1;
    this.#scan();
  }

  listen(completed: () => void): void {
    this.#completed = completed;
    this.connection.messages.register(this);
  }

  stop(): void {
    this.connection.messages.unregister(this);
  }

  claimAll(): void {
    const { record } = this.#wait;
    const claimant = this.connection.claimant(record);
    if (claimant === record) return;
    for (const message of this.#selection.held) this.connection.messages.hold(message, claimant);
  }

  giveBackAll(): void {
    this.#giveBack(this.#selection.held);
  }

  offer(message: LoggedMessage): void {
    // A wait that began while this message was being offered has seen it already.
    if (!this.#isLooking || message.index <= this.#newest) return;
    this.#newest = message.index;
    if (!this.#canSee(message)) return;
    this.#consider(message);
    this.#giveBack(this.#selection.takeReleased());
  }

  missed(index: number): void {
    if (!this.#isLooking) return;
    this.#newest = index;
    this.#giveBack(this.#keepToNewest());
  }

  /** What was passed over for want of these may fit now, so all is looked at again. */
  returned(items: readonly LoggedMessage[]): void {
    if (!this.#isLooking || !items.some((item) => this.#canSee(item))) return;
    const { messages } = this.connection;
    const before = this.#selection.held;
    for (const held of before) messages.release(held);
    this.#selection = createSelection(this.#options.expectations, this.#options.order);
    this.#scan();
    const { held } = this.#selection;
    this.#giveBack(before.filter((earlier) => !held.includes(earlier)));
  }

  get #isLooking(): boolean {
    return this.#wait.isPending && !this.#selection.isComplete;
  }

  /** Whether it came after the position and has been this wait's turn. */
  #canSee(message: LoggedMessage): boolean {
    const { after } = this.#options;
    return message.index <= this.#newest && (after === undefined || message.sequence > after.sequence);
  }

  /** Looks at all that is free, oldest first. What it drops meanwhile was free before: others have refused it. */
  #scan(): void {
    const { messages } = this.connection;
    let message = messages.nextFree(-1);
    for (; message !== undefined; message = messages.nextFree(message.index)) {
      if (!this.#isLooking || message.index > this.#newest) break;
      if (this.#canSee(message)) this.#consider(message);
      for (const dropped of this.#selection.takeReleased()) messages.release(dropped);
    }
    if (!this.#isLooking) return;
    for (const dropped of this.#keepToNewest()) messages.release(dropped);
  }

  #keepToNewest(): readonly LoggedMessage[] {
    this.#selection.keepTo(this.#newest);
    return this.#selection.takeReleased();
  }

  #consider(message: LoggedMessage): void {
    const { where } = this.#options;
    if (where !== undefined && !this.#isSelected(where, message)) return;
    const holds = this.#selection.offer(message);
    const misuse = this.#misuse();
    if (misuse !== undefined) this.#wait.end({ kind: 'misuse', error: misuse });
    else if (holds) this.#hold(message);
    else if (where !== undefined) this.#mismatch(message);
  }

  #giveBack(released: readonly LoggedMessage[]): void {
    if (released.length > 0) this.connection.messages.giveBack(released, this);
  }

  #isSelected(where: CompiledExpectation, message: LoggedMessage): boolean {
    const selected = where.matches(message);
    if (where.misuse === undefined) return selected;
    this.#wait.end({ kind: 'misuse', error: where.misuse });
    return false;
  }

  #hold(message: LoggedMessage): void {
    this.connection.messages.hold(message, this.#wait.record);
    const outcome = outOfBounds(this.connection, message, this.#options.bounds);
    if (outcome !== undefined) this.#wait.end(outcome);
    else if (this.#selection.isComplete) this.#completed();
  }

  /** The selected message is claimed although it fails the wait: it is *the* message. */
  #mismatch(message: LoggedMessage): void {
    this.connection.messages.hold(message, this.#wait.record);
    this.#wait.end({ kind: 'mismatch', connection: this.connection, message });
  }

  #misuse(): TypeError | undefined {
    for (const { misuse } of this.#fallible) if (misuse !== undefined) return misuse;
    return undefined;
  }
}

function outOfBounds(
  connection: Connection,
  message: LoggedMessage,
  bounds: ArrivalBounds | undefined,
): Outcome | undefined {
  if (bounds === undefined) return undefined;
  const after = message.monotonicTime - bounds.base;
  const { notBefore, within } = bounds;
  if (notBefore !== undefined && after < notBefore)
    return { kind: 'early', connection, message, after, limit: notBefore };
  if (within !== undefined && after > within) return { kind: 'late', connection, message, after, limit: within };
  return undefined;
}

function describeSeveral(expectations: readonly CompiledExpectation[], order: MessageOrder = 'relative'): string {
  const texts = expectations.map((expectation) => expectation.describe());
  if (texts.every((text) => text === 'any message'))
    return texts.length === 1 ? texts[0] : `any ${texts.length} messages`;
  const lines = texts.map((text, index) => `[${index}] ${text}`);
  return [`${expectations.length} messages, ${orderTexts[order]}`, ...lines].join('\n');
}

const orderTexts: Readonly<Record<MessageOrder, string>> = {
  relative: 'in this order',
  strict: 'in this order with none between',
  any: 'in any order',
};
