import type { Expectation } from '../expectation/types.ts';
import { checkPosition, type Position } from '../frames/mark.ts';
import { longestTimerMs } from '../support/clock.ts';
import { misuse } from '../support/errors.ts';
import { isDuration } from '../support/options.ts';
import type { MessageOrder } from './selection.ts';

/** Limits of a wait. */
export interface WaitOptions {
  /**
   * Longest time to wait, in milliseconds. `0` sets no limit of its own: the wait ends with the test.
   *
   * @default the client's `waitTimeout` (5000) for its methods, `expect.timeout` (5000) for matchers
   */
  readonly timeout?: number | undefined;
  /** Ends the wait when aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface MessageWaitOptions<Value = unknown> extends WaitOptions {
  /** Looks only at what came after a mark, a sent frame or a received message of any client. */
  readonly after?: Position | undefined;
  /** Selects *the* message: the first unclaimed one that meets it is claimed and then judged by the expectation. */
  readonly where?: Expectation<Value> | undefined;
}

export interface MessagesWaitOptions extends WaitOptions {
  /** Looks only at what came after a mark, a sent frame or a received message of any client. */
  readonly after?: Position | undefined;
  /**
   * `'relative'`: in this order with others between; `'strict'`: with none between; `'any'`: in any order.
   *
   * @default 'relative'
   */
  readonly order?: MessageOrder | undefined;
}

type Check = (value: unknown) => string | undefined;

const milliseconds: Check = (value) =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? undefined : 'milliseconds of at least 0';

const count: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? undefined : 'a whole number of at least 0';

const positive: Check = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 ? undefined : 'a whole number of at least 1';

/** What the options of waits and matchers may be. `undefined` means not set. */
const checks: Readonly<Record<string, Check>> = {
  timeout: milliseconds,
  within: milliseconds,
  notBefore: milliseconds,
  quietFor: milliseconds,
  interval: (value) => (isDuration(value) ? undefined : `milliseconds from 0 to ${longestTimerMs}`),
  for: milliseconds,
  times: count,
  maxAttempts: positive,
  last: positive,
  signal: (value) => (value instanceof AbortSignal ? undefined : 'an AbortSignal'),
  order: (value) =>
    value === 'relative' || value === 'strict' || value === 'any' ? undefined : "'relative', 'strict' or 'any'",
  after: () => undefined,
  where: () => undefined,
  fence: (value) => (value === true || isFence(value) ? undefined : 'true or { send, expect }'),
  correlate: () => undefined,
  // `toBeClosed` checks its own four.
  code: () => undefined,
  reason: () => undefined,
  wasClean: () => undefined,
  by: () => undefined,
  optional: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
};

/**
 * Checks options where they enter and returns them.
 *
 * @throws TypeError `WS_INVALID_OPTION` that names the option, the value and what is allowed.
 */
export function checkWaitOptions<Options extends object>(
  method: string,
  options: Options | undefined,
  allowed: readonly string[],
): Partial<Options> {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const names = allowed.join(', ');
    throw invalid(`Invalid options of ${method}: expected an object with ${names}, found ${describe(options)}`);
  }
  for (const [name, value] of Object.entries(options)) checkOption(method, name, { value, allowed });
  return options;
}

/** Checks a duration that is an argument of its own. */
export function checkMilliseconds(method: string, value: unknown): void {
  const expected = milliseconds(value);
  if (expected === undefined) return;
  throw misuse('WS_INVALID_ARGUMENT', `Cannot call ${method} with ${describe(value)}: expected ${expected}`);
}

function checkOption(
  method: string,
  name: string,
  { allowed, value }: { allowed: readonly string[]; value: unknown },
): void {
  if (!allowed.includes(name)) throw invalid(`Unknown option "${name}" of ${method}: it takes ${allowed.join(', ')}`);
  const expected = value === undefined ? undefined : checks[name](value);
  if (expected !== undefined) {
    throw invalid(`Invalid option "${name}" of ${method}: expected ${expected}, found ${describe(value)}`);
  }
  if (name === 'after') checkPosition(value, method);
}

function invalid(message: string): TypeError {
  return misuse('WS_INVALID_OPTION', message);
}

function isFence(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'send' in value && 'expect' in value;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
