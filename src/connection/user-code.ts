import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallSite } from '../support/call-site.ts';
import { describeLocation } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';
import type { FindingSink } from './findings.ts';

/** A function of the user's that we call: a handler or a timer. */
export interface UserCode {
  /** `handler of "message"`, `setTimeout`. */
  readonly label: string;
  readonly site: CallSite;
  readonly sink: FindingSink;
}

const running = new AsyncLocalStorage<UserCode>();

/** The user's handler or timer in which the current code runs. */
export function currentUserCode(): UserCode | undefined {
  return running.getStore();
}

/**
 * Calls a function of the user's. What it throws or rejects with becomes a finding: inside a `ws` listener a throw would
 * make the socket deaf for good.
 */
export function runUserCode(code: UserCode, call: () => unknown): void {
  try {
    const result = running.run(code, call);
    if (isThenable(result)) result.then(undefined, (error: unknown) => reportThrown(code, error));
  } catch (error) {
    reportThrown(code, error);
  }
}

function reportThrown(code: UserCode, error: unknown): void {
  const where = describeLocation(code.site.location);
  code.sink.report({
    kind: 'handlerError',
    text: `the ${code.label} at ${where} threw: ${errorMessage(error)}`,
    site: code.site,
    error,
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
