import type { Connection } from '../connection/connection.ts';
import type { WaitOptions } from '../connection/wait-options.ts';
import type { Outcome } from '../connection/wait-record.ts';
import type { WaitSettings } from '../connection/waits.ts';
import { formatMs } from '../explain/call-log.ts';
import { now } from '../support/clock.ts';
import { misuse, type CloseInfo } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { atUserLine, beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';
import { runStateMatcher } from './state-matcher.ts';
import { describeState } from './to-be-open.ts';

/** How the connection has to have closed; what is not given is not looked at. */
export interface ToBeClosedOptions extends WaitOptions {
  readonly code?: number | undefined;
  /** The whole reason, or a RegExp that it matches. */
  readonly reason?: string | RegExp | undefined;
  readonly wasClean?: boolean | undefined;
  readonly by?: CloseInfo['by'] | undefined;
  /** It has to close at most this long after the call, in milliseconds. */
  readonly within?: number | undefined;
  /** It must not close earlier than this long after the call, in milliseconds. */
  readonly notBefore?: number | undefined;
}

const optionNames = ['code', 'reason', 'wasClean', 'by', 'within', 'notBefore', 'timeout', 'signal'];

/** Passes when the connection has closed, or closes, as described; such a close is expected then. */
export async function toBeClosed(
  this: MatcherContext,
  received: unknown,
  ...[options]: [options?: ToBeClosedOptions]
): Promise<MatcherResult> {
  const settings = beginMatcher(this, {
    name: 'toBeClosed',
    below: toBeClosed,
    received,
    argument: '',
    options,
    optionNames,
  });
  const expected = options ?? {};
  atUserLine(settings.site, () => checkExpected(expected));
  const start = now();
  const record = await runStateMatcher(
    this,
    { ...settings, ...closeDeadline(settings, expected, start) },
    {
      subject: { expected: () => describeExpected(expected) },
      judge: (connection) => judge(connection, expected, start),
      found: (connection) => describeState(connection),
      survivesClose: true,
    },
  );
  if (record.outcome?.kind === 'passed' && this.isNot !== true) {
    for (const connection of settings.connections) connection.closing.isExpected = true;
  }
  return toResult(this, record);
}

/** `within` ends the wait earlier than the timeout; without an own timeout both bounds may stretch it. */
function closeDeadline({ timeout }: WaitSettings, expected: ToBeClosedOptions, start: number): Partial<WaitSettings> {
  const { notBefore = 0, within } = expected;
  const hasOwnTimeout = expected.timeout !== undefined;
  if (within === undefined) return hasOwnTimeout || timeout === 0 ? {} : { timeout: timeout + notBefore };
  if (hasOwnTimeout && timeout !== 0 && timeout < within) return {};
  return { timeout: within, deadline: start + within, limitedBy: 'within' };
}

function judge(connection: Connection, expected: ToBeClosedOptions, start: number): Outcome | undefined {
  const { closeInfo } = connection;
  if (closeInfo === undefined) return undefined;
  const after = (connection.closing.finishedAt ?? start) - start;
  const isInTime = after >= (expected.notBefore ?? -Infinity) && after <= (expected.within ?? Infinity);
  if (meets(closeInfo, expected) && isInTime) return { kind: 'passed' };
  const time = isInTime ? '' : `, ${formatMs(Math.abs(after))} ${after < 0 ? 'before' : 'after'} the call`;
  return { kind: 'state', text: `${describeState(connection)}${time}`, connection };
}

function meets(info: CloseInfo, { by, code, reason, wasClean }: ToBeClosedOptions): boolean {
  if (code !== undefined && info.code !== code) return false;
  if (wasClean !== undefined && info.wasClean !== wasClean) return false;
  if (by !== undefined && info.by !== by) return false;
  if (reason === undefined) return true;
  return typeof reason === 'string' ? info.reason === reason : info.reason.search(reason) !== -1;
}

function describeExpected({ by, code, notBefore, reason, wasClean, within }: ToBeClosedOptions): string {
  const parts = [
    code === undefined ? 'closed' : `closed with ${code}`,
    describeReason(reason),
    by === undefined ? '' : `by the ${by}`,
    describeCleanness(wasClean),
    within === undefined ? '' : `within ${within}ms after the call`,
    notBefore === undefined ? '' : `not before ${notBefore}ms after the call`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function describeReason(reason: string | RegExp | undefined): string {
  if (reason === undefined) return '';
  return typeof reason === 'string' ? JSON.stringify(reason) : String(reason);
}

function describeCleanness(wasClean: boolean | undefined): string {
  if (wasClean === undefined) return '';
  return wasClean ? 'cleanly' : 'not cleanly';
}

const closers: readonly unknown[] = ['client', 'server', 'network'];

/** What each option may be, as errors say it. */
const checks: { readonly [Name in 'code' | 'reason' | 'wasClean' | 'by']: [(value: unknown) => boolean, string] } = {
  code: [(value) => Number.isInteger(value), 'a close code'],
  reason: [(value) => typeof value === 'string' || value instanceof RegExp, 'text or a RegExp'],
  wasClean: [(value) => typeof value === 'boolean', 'true or false'],
  by: [(value) => closers.includes(value), "'client', 'server' or 'network'"],
};

function checkExpected(expected: ToBeClosedOptions): void {
  for (const [name, [isAllowed, allowed]] of Object.entries(checks)) {
    const value: unknown = Reflect.get(expected, name);
    if (value === undefined || isAllowed(value)) continue;
    throw misuse(
      'WS_INVALID_OPTION',
      `Invalid option "${name}" of toBeClosed: expected ${allowed}, found ${describeFound(value)}`,
    );
  }
}
