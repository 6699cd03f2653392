import type { LoggedMessage } from '../frames/message.ts';
import { errorMessage } from '../support/errors.ts';
import { stripVTControlCharacters } from 'node:util';
import type { CompiledExpectation } from './compile.ts';
import type { Judge } from './judge.ts';
import { shorten } from './print.ts';
import { describeIssues, SchemaViolation } from './schema.ts';

/** Throws that are remembered: as many messages as are searched for the closest one. */
const rememberedThrows = 1000;
const longestThrow = 2000;

/** Keeps the user's code (predicates, schemas, matchers, getters) from throwing into a wait. */
export class GuardedExpectation implements CompiledExpectation {
  readonly #judge: Judge;
  /** By the message's sequence: a message may be looked at through several objects. */
  #throws: Map<number, unknown> | undefined;
  #misuse: TypeError | undefined;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  get mayBeMisused(): boolean {
    return this.#judge.mayBeMisused === true;
  }

  get misuse(): TypeError | undefined {
    return this.#misuse;
  }

  matches(message: LoggedMessage): boolean {
    // Once misused it is never run again: every message would say the same.
    if (this.#misuse !== undefined || this.#judge.excludes?.(message) === true) return false;
    if (this.#lacksValue(message)) return false;
    try {
      const verdict = this.#judge.matches(message);
      if (typeof verdict === 'boolean') return verdict;
      this.#misuse = verdict;
    } catch (thrown) {
      this.#remember(message, thrown);
    }
    return false;
  }

  thrownAt(message: LoggedMessage): { readonly error: unknown } | undefined {
    return this.#throws?.has(message.sequence) === true ? { error: this.#throws.get(message.sequence) } : undefined;
  }

  describe(): string {
    return this.#judge.describe();
  }

  explain(message: LoggedMessage): string {
    if (this.#misuse !== undefined) return this.#misuse.message;
    if (this.#lacksValue(message)) return explainViolation(message);
    if (this.#throws?.has(message.sequence) === true) return this.#explainThrow(this.#throws.get(message.sequence));
    try {
      return this.#judge.explain(message);
    } catch (thrown) {
      return this.#explainThrow(thrown);
    }
  }

  nearness(message: LoggedMessage): number {
    if (this.#misuse !== undefined || this.#lacksValue(message)) return 0;
    try {
      return Math.min(1, Math.max(0, this.#judge.nearness(message)));
    } catch {
      return 0;
    }
  }

  /** The message with the schema's output as its value, when a schema judged it. */
  result(message: LoggedMessage): LoggedMessage {
    if (this.#judge.output === undefined) return message;
    try {
      return message.withValue(this.#judge.output(message));
    } catch {
      // It met the schema a moment ago: a schema that changes its mind gets the message as it is.
      return message;
    }
  }

  #lacksValue(message: LoggedMessage): boolean {
    return this.#judge.needsValue && !message.decoded.ok;
  }

  #explainThrow(thrown: unknown): string {
    const text = stripVTControlCharacters(errorMessage(thrown)).trimEnd();
    return `${this.#judge.author} threw: ${shorten(text, longestThrow).replaceAll(/\n(?=.)/g, '\n  ')}`;
  }

  #remember(message: LoggedMessage, thrown: unknown): void {
    this.#throws ??= new Map();
    this.#throws.set(message.sequence, thrown);
    if (this.#throws.size <= rememberedThrows) return;
    for (const oldest of this.#throws.keys()) {
      this.#throws.delete(oldest);
      return;
    }
  }
}

function explainViolation(message: LoggedMessage): string {
  const { decoded } = message;
  if (decoded.ok) return 'has a value';
  if (!(decoded.error instanceof SchemaViolation)) return `could not be decoded: ${errorMessage(decoded.error)}`;
  return ["violates the client's schema", ...describeIssues(decoded.error.issues).map((line) => `  ${line}`)].join(
    '\n',
  );
}
