import type { MessageWaitOptions } from '../connection/wait-options.ts';
import { waitForOneMessage, type ArrivalOptions } from '../connection/wait-for-messages.ts';
import { Wait, type WaitSettings } from '../connection/waits.ts';
import { QuietWatch } from '../connection/watch-quiet.ts';
import { anyMessage } from '../expectation/any-message.ts';
import { compileExpectation, type CompiledExpectation } from '../expectation/compile.ts';
import type { Expectation } from '../expectation/types.ts';
import type { Position } from '../frames/mark.ts';
import { now } from '../support/clock.ts';
import { misuse } from '../support/errors.ts';
import { atUserLine, beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';
import { compileFence, type Fence } from './fence.ts';

/** Options of `toReceiveMessage`. All times are milliseconds. */
export interface ToReceiveMessageOptions<Value = unknown> extends MessageWaitOptions<Value>, ArrivalOptions {
  /** The message has to arrive at most this long after `after`, or after the call. */
  readonly within?: number | undefined;
  /** The message must not arrive earlier than this long after `after`, or after the call. */
  readonly notBefore?: number | undefined;
}

/** Options of `not.toReceiveMessage`. */
export interface NotToReceiveMessageOptions {
  /**
   * How long nothing may come, in milliseconds.
   *
   * @default 100
   */
  readonly quietFor?: number | undefined;
  /** Looks only at what came after a mark, a sent frame or a received message of any client. */
  readonly after?: Position | undefined;
  /**
   * Ends the window with a round trip instead of a time: `{ send, expect }` of the application, or `true` for a ping's
   * pong, which proves only what the peer's WebSocket layer sent before it.
   */
  readonly fence?: true | Fence | undefined;
  /**
   * Longest time for the fence's answer, in milliseconds; only with `fence`.
   *
   * @default `expect.timeout` (5000)
   */
  readonly timeout?: number | undefined;
  /** Ends the wait when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Silence costs its time on every pass, so the window is short. */
const defaultQuietForMs = 100;

const optionNames = ['timeout', 'after', 'where', 'within', 'notBefore', 'signal'];
const notOptionNames = ['quietFor', 'after', 'fence', 'timeout', 'signal'];

type MessageArguments = [
  expected?: Expectation,
  options?: (ToReceiveMessageOptions & NotToReceiveMessageOptions) | undefined,
];

/** Passes when an unclaimed message meets the expectation, and claims it. Under `.not`: when none did for a while. */
export async function toReceiveMessage(
  this: MatcherContext,
  received: unknown,
  ...[expected, options]: MessageArguments
): Promise<MatcherResult> {
  const isNot = this.isNot === true;
  const name = 'toReceiveMessage';
  const names = isNot ? notOptionNames : optionNames;
  const settings = beginMatcher(this, {
    name,
    below: toReceiveMessage,
    received,
    argument: arguments.length < 2 ? '' : 'expected',
    options,
    optionNames: names,
  });
  const wait = atUserLine(settings.site, () => {
    const expectation = compileExpectation(arguments.length < 2 ? anyMessage : expected, {
      method: isNot ? `not.${name}` : name,
      optionNames: names,
    });
    if (isNot) return startQuiet(settings, expectation, options ?? {});
    return waitForOneMessage(settings, expectation, options ?? {}).wait;
  });
  return toResult(this, await wait.ended);
}

function startQuiet(
  settings: WaitSettings,
  expectation: CompiledExpectation,
  { after, fence, quietFor, timeout }: NotToReceiveMessageOptions,
): Wait {
  if (fence !== undefined && quietFor !== undefined) {
    throw misuse('WS_INVALID_OPTION', 'Cannot use both "quietFor" and "fence": a fence ends the window by itself');
  }
  if (fence !== undefined) {
    return Wait.start(settings, new QuietWatch({ expectation, after, fence: compileFence(fence) }));
  }
  if (timeout !== undefined) {
    throw misuse(
      'WS_INVALID_OPTION',
      `Cannot use "timeout" without "fence": it limits the wait for the fence's answer\n  Write { quietFor: ${timeout} } for the time in which nothing may come.`,
    );
  }
  const window = quietFor ?? defaultQuietForMs;
  const watch = new QuietWatch({ expectation, after, fence: undefined });
  return Wait.start({ ...settings, timeout: window, deadline: now() + window }, watch);
}
