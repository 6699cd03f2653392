import { anyMessage } from '../expectation/any-message.ts';
import { compileExpectation, type CompiledExpectation } from '../expectation/compile.ts';
import { describePosition } from '../explain/position.ts';
import type { Position } from '../frames/mark.ts';
import { now } from '../support/clock.ts';
import { misuse } from '../support/errors.ts';
import type { MessageOrder } from './selection.ts';
import type { MessagesWaitOptions, MessageWaitOptions } from './wait-options.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { MessageWatch, type ArrivalBounds } from './watch-messages.ts';

/** Bounds of a message's arrival, as `toReceiveMessage` takes them. */
export interface ArrivalOptions {
  readonly within?: number | undefined;
  readonly notBefore?: number | undefined;
}

/** A wait on messages and what it holds when it has passed. */
export interface MessageWait {
  readonly wait: Wait;
  readonly watch: MessageWatch;
  readonly expectations: readonly CompiledExpectation[];
}

/** Starts to wait for one message on each connection. */
export function waitForOneMessage(
  settings: WaitSettings,
  expectation: CompiledExpectation,
  options: MessageWaitOptions & ArrivalOptions,
): MessageWait {
  const { after } = options;
  const { method } = settings;
  const where =
    options.where === undefined ? undefined : compileExpectation(options.where, { method, optionNames: [] });
  const bounds = arrivalBounds(options);
  const expectations = [expectation];
  const watch = new MessageWatch({
    expectations,
    describe: bounds === undefined ? undefined : () => `${expectation.describe()}${describeBounds(options)}`,
    where,
    after,
    bounds,
  });
  const limits = bounds === undefined ? settings : { ...settings, ...arrivalDeadline(settings, options, bounds) };
  return { wait: Wait.start(limits, watch), watch, expectations };
}

/** Starts to wait for several messages on each connection. */
export function waitForSeveralMessages(
  settings: WaitSettings,
  expectations: readonly CompiledExpectation[],
  { after, order }: { readonly after: Position | undefined; readonly order?: MessageOrder | undefined },
): MessageWait {
  const watch = new MessageWatch({
    expectations,
    order,
    after,
  });
  return { wait: Wait.start(settings, watch), watch, expectations };
}

/** Compiles what `waitForMessages` and `toReceiveMessages` take: a number or a list of expectations. */
export function compileSeveral(
  method: string,
  expected: unknown,
  optionNames: readonly string[],
): CompiledExpectation[] {
  const context = { method, optionNames };
  if (Array.isArray(expected) && expected.length > 0) {
    return Array.from(expected, (one: unknown) => compileExpectation(one, context));
  }
  if (typeof expected === 'number' && Number.isInteger(expected) && expected > 0) {
    return Array.from({ length: expected }, () => compileExpectation(anyMessage, context));
  }
  const found = Array.isArray(expected) ? 'an empty list' : `${typeof expected} ${String(expected)}`;
  throw misuse(
    'WS_INVALID_EXPECTATION',
    `Cannot wait for messages: expected a list of expectations or how many, found ${found}\n  Write ${method}([{ type: 'a' }, { type: 'b' }]).`,
  );
}

/** Options that a method's wait on messages takes. */
export const messageOptionNames: readonly (keyof MessageWaitOptions)[] = ['timeout', 'after', 'where', 'signal'];
export const messagesOptionNames: readonly (keyof MessagesWaitOptions)[] = ['timeout', 'after', 'order', 'signal'];

function arrivalBounds({ after, notBefore, within }: MessageWaitOptions & ArrivalOptions): ArrivalBounds | undefined {
  if (within === undefined && notBefore === undefined) return undefined;
  return { base: after?.monotonicTime ?? now(), within, notBefore };
}

/** `, not before 100ms and within 200ms of the call`. */
function describeBounds({ after, notBefore, within }: MessageWaitOptions & ArrivalOptions): string {
  const bounds = [
    ...(notBefore === undefined ? [] : [`not before ${notBefore}ms`]),
    ...(within === undefined ? [] : [`within ${within}ms`]),
  ];
  if (bounds.length === 0) return '';
  return `, ${bounds.join(' and ')} after ${after === undefined ? 'the call' : describePosition(after)}`;
}

/** `within` ends the wait earlier than the timeout; without an own timeout both bounds may stretch it. */
function arrivalDeadline(
  { timeout }: WaitSettings,
  options: ArrivalOptions & MessageWaitOptions,
  bounds: ArrivalBounds,
): Partial<WaitSettings> {
  const { notBefore = 0, within } = bounds;
  if (within === undefined)
    return options.timeout === undefined && timeout !== 0 ? { timeout: timeout + notBefore } : {};
  const deadline = bounds.base + within;
  const isLonger = options.timeout !== undefined && timeout !== 0 && now() + timeout < deadline;
  return isLonger ? {} : { timeout: within, deadline, limitedBy: 'within' };
}
