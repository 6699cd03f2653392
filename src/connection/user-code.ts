import { AsyncLocalStorage } from 'node:async_hooks';
import type { CompiledExpectation } from '../expectation/compile.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { describeLocation, type CallSite } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';
import type { FindingSink } from './findings.ts';

/** A function of the user's that we call: a handler or a timer. */
export interface UserCode {
  /** `handler of "message"`, `setTimeout function`. */
  readonly label: string;
  readonly site: CallSite;
  readonly sink: FindingSink;
}

const running = new AsyncLocalStorage<UserCodeRun>();

/** The call of a user's handler or timer in which the current code runs. */
export function currentUserCode(): UserCodeRun | undefined {
  return running.getStore();
}

/**
 * Calls a function of the user's. What it throws or rejects with becomes a finding: inside a `ws` listener a throw would
 * make the socket deaf for good.
 */
export function runUserCode(code: UserCode, call: () => unknown): void {
  const run = new UserCodeRun(code);
  try {
    const result = running.run(run, call);
    if (!isThenable(result)) run.ended();
    else
      result.then(
        () => run.ended(),
        (error: unknown) => run.threw(error),
      );
  } catch (error) {
    run.threw(error);
  }
}

/** Calls a function of the user's for its result. What it throws or rejects with becomes a finding, and is thrown on. */
export async function askUserCode<T>(code: UserCode, call: () => T | Promise<T>): Promise<T> {
  const run = new UserCodeRun(code);
  try {
    const result = await running.run(run, call);
    run.ended();
    return result;
  } catch (error) {
    run.threw(error);
    throw error;
  }
}

/** Whether the expectation of an option meets a message. When it is misused there is no wait to fail: a finding, once. */
export function meetsOption(code: UserCode, expectation: CompiledExpectation, message: LoggedMessage): boolean {
  if (expectation.misuse !== undefined) return false;
  const isMet = expectation.matches(message);
  if (expectation.misuse !== undefined) new UserCodeRun(code).misused(expectation.misuse);
  // A wait shows in its failure what its predicate threw; an option has no failure.
  const thrown = expectation.thrownAt(message);
  if (thrown !== undefined) new UserCodeRun(code).threw(thrown.error);
  return isMet;
}

/** One call of a user's function: an assertion that fails in it counts even when a `catch` swallows it. */
export class UserCodeRun {
  readonly #code: UserCode;
  readonly #failures: unknown[] = [];
  #hasEnded = false;

  constructor(code: UserCode) {
    this.#code = code;
  }

  /** An assertion failed; whether somebody catches that is known when the function has ended. */
  assertionFailed(error: unknown): void {
    if (this.#hasEnded) this.#reportCaught(error);
    else this.#failures.push(error);
  }

  ended(): void {
    this.#hasEnded = true;
    for (const error of this.#failures.splice(0)) this.#reportCaught(error);
  }

  threw(error: unknown): void {
    const index = this.#failures.indexOf(error);
    if (index !== -1) this.#failures.splice(index, 1);
    this.#report(error, 'threw');
    this.ended();
  }

  misused(error: unknown): void {
    this.#report(error, 'cannot be judged');
  }

  #reportCaught(error: unknown): void {
    this.#report(error, 'caught a failed assertion');
  }

  #report(error: unknown, what: string): void {
    const { label, sink, site } = this.#code;
    const place = describeLocation(site.location);
    sink.report({
      kind: 'handlerError',
      text: `the ${label} at ${place} ${what}: ${errorMessage(error)}`,
      site,
      error,
    });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
