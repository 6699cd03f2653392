import type { CompiledExpectation } from '../expectation/compile.ts';
import type { LoggedMessage } from '../frames/message.ts';

/** In which order several messages have to come. */
export type MessageOrder = 'relative' | 'strict' | 'any';

/** Decides which messages of one client a wait holds. */
export interface Selection {
  /** Whether it wants to hold the message now. */
  offer(message: LoggedMessage): boolean;
  /** Says which message is the newest, whoever holds it: a run without it cannot go on. */
  keepTo(newest: number): void;
  /** Takes what it held and no longer needs. */
  takeReleased(): readonly LoggedMessage[];
  readonly isComplete: boolean;
  /** What it holds; in the order of the expectations once it is complete. */
  readonly held: readonly LoggedMessage[];
  /** Positions of the expectations that no message met yet. */
  readonly missing: readonly number[];
}

export function createSelection(
  expectations: readonly CompiledExpectation[],
  order: MessageOrder = 'relative',
): Selection {
  return orders[order](expectations);
}

/** What most selections release, message for message. */
const nothing: readonly LoggedMessage[] = [];

const orders: Readonly<Record<MessageOrder, (expectations: readonly CompiledExpectation[]) => Selection>> = {
  relative: (expectations) => new RelativeSelection(expectations),
  strict: (expectations) => new StrictSelection(expectations),
  any: (expectations) => new AnyOrderSelection(expectations),
};

/** In this order, with others between: taking the first that meets the next expectation never misses a solution. */
class RelativeSelection implements Selection {
  readonly #expectations: readonly CompiledExpectation[];
  #held: LoggedMessage[] = [];

  constructor(expectations: readonly CompiledExpectation[]) {
    this.#expectations = expectations;
  }

  get held(): readonly LoggedMessage[] {
    return this.#held;
  }

  get isComplete(): boolean {
    return this.#held.length === this.#expectations.length;
  }

  get missing(): readonly number[] {
    return [...this.#expectations.keys()].slice(this.#held.length);
  }

  offer(message: LoggedMessage): boolean {
    if (this.isComplete || !this.#expectations[this.#held.length].matches(message)) return false;
    // A first `push` would make room for 17.
    if (this.#held.length === 0) this.#held = [message];
    else this.#held.push(message);
    return true;
  }

  keepTo(): void {}

  takeReleased(): readonly LoggedMessage[] {
    return nothing;
  }
}

/** In this order with none between: a run of neighbours in the message buffer. */
class StrictSelection implements Selection {
  readonly #expectations: readonly CompiledExpectation[];
  #run: LoggedMessage[] = [];
  #released: LoggedMessage[] = [];

  constructor(expectations: readonly CompiledExpectation[]) {
    this.#expectations = expectations;
  }

  get held(): readonly LoggedMessage[] {
    return this.#run;
  }

  get isComplete(): boolean {
    return this.#run.length === this.#expectations.length;
  }

  get missing(): readonly number[] {
    return [...this.#expectations.keys()].slice(this.#run.length);
  }

  offer(message: LoggedMessage): boolean {
    if (this.isComplete) return false;
    const before = this.#run;
    const last = before.at(-1);
    const isNeighbour = last === undefined || last.index + 1 === message.index;
    if (isNeighbour && this.#expectations[before.length].matches(message)) {
      before.push(message);
      return true;
    }
    this.#run = longestSuffix(isNeighbour ? [...before.slice(1), message] : [message], this.#expectations);
    this.#released.push(...before.slice(0, before.length - Math.max(0, this.#run.length - 1)));
    return this.#run.length > 0;
  }

  keepTo(newest: number): void {
    if (this.isComplete || this.#run.at(-1)?.index === newest) return;
    this.#released.push(...this.#run);
    this.#run = [];
  }

  takeReleased(): readonly LoggedMessage[] {
    const released = this.#released;
    if (released.length > 0) this.#released = [];
    return released;
  }
}

/** The longest end of the run that meets the first expectations, neighbour by neighbour. */
function longestSuffix(run: LoggedMessage[], expectations: readonly CompiledExpectation[]): LoggedMessage[] {
  for (let start = 0; start < run.length; start++) {
    const suffix = run.slice(start);
    if (suffix.every((message, index) => expectations[index].matches(message))) return suffix;
  }
  return [];
}

/**
 * In any order. A complete assignment is searched by augmenting paths: a message that several expectations accept moves
 * to another one when a later message needs its place. A message for which no path exists now never gets one, so it is
 * not held.
 */
class AnyOrderSelection implements Selection {
  readonly #expectations: readonly CompiledExpectation[];
  /** Message that each expectation has. */
  readonly #assigned: (LoggedMessage | undefined)[];
  #placed = 0;
  /** Expectations that each held message meets. */
  readonly #accepts = new Map<LoggedMessage, readonly number[]>();

  constructor(expectations: readonly CompiledExpectation[]) {
    this.#expectations = expectations;
    this.#assigned = expectations.map(() => undefined);
  }

  get held(): readonly LoggedMessage[] {
    return this.#assigned.filter((message) => message !== undefined);
  }

  get isComplete(): boolean {
    return this.#placed === this.#expectations.length;
  }

  get missing(): readonly number[] {
    return [...this.#assigned.keys()].filter((index) => this.#assigned[index] === undefined);
  }

  offer(message: LoggedMessage): boolean {
    if (this.isComplete) return false;
    const met = [...this.#expectations.keys()].filter((index) => this.#expectations[index].matches(message));
    this.#accepts.set(message, met);
    if (this.#place(message, new Set())) {
      this.#placed += 1;
      return true;
    }
    this.#accepts.delete(message);
    return false;
  }

  keepTo(): void {}

  takeReleased(): readonly LoggedMessage[] {
    return nothing;
  }

  #place(message: LoggedMessage, visited: Set<number>): boolean {
    for (const index of this.#accepts.get(message) ?? []) {
      if (visited.has(index)) continue;
      visited.add(index);
      const occupant = this.#assigned[index];
      if (occupant === undefined || this.#place(occupant, visited)) {
        this.#assigned[index] = message;
        return true;
      }
    }
    return false;
  }
}
