import type { Connection } from '../connection/connection.ts';
import type { WaitOptions } from '../connection/wait-options.ts';
import type { Outcome } from '../connection/wait-record.ts';
import { compileExpectation, type CompiledExpectation } from '../expectation/compile.ts';
import type { Expectation } from '../expectation/types.ts';
import { countMessages } from '../explain/received.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { atUserLine, beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';
import { MessageCounter, type CountedMessages } from './message-counter.ts';
import { runStateMatcher } from './state-matcher.ts';

/** Options of the matchers of history. */
export interface HistoryOptions extends WaitOptions {
  /**
   * How many messages have to meet it; one more fails at once.
   *
   * @default at least one
   */
  readonly times?: number | undefined;
}

type HistoryArguments = [expected?: Expectation, options?: HistoryOptions];

/** Passes when a received message, claimed or not, meets the expectation; claims nothing. */
export async function toHaveReceivedMessage(
  this: MatcherContext,
  received: unknown,
  ...[expected, options]: HistoryArguments
): Promise<MatcherResult> {
  const call = { name: 'toHaveReceivedMessage', below: toHaveReceivedMessage, received, counted: 'received' } as const;
  return await judgeHistory(this, call, { expected, options });
}

/** Passes when a sent message meets the expectation. */
export async function toHaveSentMessage(
  this: MatcherContext,
  received: unknown,
  ...[expected, options]: HistoryArguments
): Promise<MatcherResult> {
  const call = { name: 'toHaveSentMessage', below: toHaveSentMessage, received, counted: 'sent' } as const;
  return await judgeHistory(this, call, { expected, options });
}

/** Passes when exactly so many messages were received, claimed or not; one more fails at once. */
export async function toHaveReceivedMessageCount(
  this: MatcherContext,
  received: unknown,
  ...[expected, options]: [expected?: number, options?: WaitOptions]
): Promise<MatcherResult> {
  const settings = beginMatcher(this, {
    name: 'toHaveReceivedMessageCount',
    below: toHaveReceivedMessageCount,
    received,
    argument: 'count',
    options,
    optionNames: ['timeout', 'signal'],
  });
  const count = atUserLine(settings.site, () => checkCount(expected));
  const record = await runStateMatcher(this, settings, {
    subject: { expected: () => countMessages(count) },
    judge: (connection) => compare(connection, countOf(connection), count),
    found: (connection) => countMessages(countOf(connection)),
  });
  return toResult(this, record);
}

interface HistoryCall {
  readonly name: string;
  readonly below: Function;
  readonly received: unknown;
  readonly counted: CountedMessages;
}

async function judgeHistory(
  context: MatcherContext,
  { below, counted, name, received }: HistoryCall,
  { expected, options }: { readonly expected: unknown; readonly options: HistoryOptions | undefined },
): Promise<MatcherResult> {
  const optionNames = ['times', 'timeout', 'signal'];
  const settings = beginMatcher(context, { name, below, received, argument: 'expected', options, optionNames });
  const expectation = atUserLine(settings.site, () => compileExpectation(expected, { method: name, optionNames }));
  const counter = new MessageCounter(expectation, counted);
  const times = options?.times;
  const record = await runStateMatcher(context, settings, {
    subject: {
      expected: () => describeExpected(expectation, times),
      expectations: [expectation],
      history: (connection) => counter.looked(connection),
    },
    contrary: () => describeContrary(expectation, times),
    judge: (connection) => judgeCount(connection, counter, times),
    found: (connection) => describeCounted(connection, counter),
  });
  return toResult(context, record);
}

function judgeCount(connection: Connection, counter: MessageCounter, times: number | undefined): Outcome | undefined {
  const count = counter.count(connection);
  if (counter.misuse !== undefined) return { kind: 'misuse', error: counter.misuse };
  if (times !== undefined) return compare(connection, count, times);
  return count > 0 ? { kind: 'passed' } : undefined;
}

function compare(connection: Connection, count: number, expected: number): Outcome | undefined {
  if (count === expected) return { kind: 'passed' };
  return count > expected ? { kind: 'overshoot', connection, count } : undefined;
}

function describeExpected(expectation: CompiledExpectation, times: number | undefined): string {
  return times === undefined
    ? expectation.describe()
    : `${expectation.describe()}, ${times} ${times === 1 ? 'time' : 'times'}`;
}

function describeContrary(expectation: CompiledExpectation, times: number | undefined): string {
  if (times === undefined) return `no ${expectation.describe().replace(/^any /, '')}`;
  return `${expectation.describe()}, not ${times} ${times === 1 ? 'time' : 'times'}`;
}

function describeCounted(connection: Connection, counter: MessageCounter): string {
  const total = counter.describeTotal(connection);
  if (counter.total(connection) === 0) return total;
  return `${total}, ${describeMatches(counter.count(connection), counter.newest(connection))}`;
}

/** `2 matched: #1, #3`; of many the newest. */
function describeMatches(count: number, newest: readonly string[]): string {
  if (count === 0) return 'none matched';
  if (newest.length === 0) return `${count} matched`;
  return `${count} matched: ${count > newest.length ? '… ' : ''}${newest.join(', ')}`;
}

function countOf({ messages }: Connection): number {
  return messages.length - messages.floor;
}

function checkCount(expected: unknown): number {
  if (typeof expected === 'number' && Number.isInteger(expected) && expected >= 0) return expected;
  throw misuse(
    'WS_INVALID_EXPECTATION',
    `Cannot count messages up to ${describeFound(expected)}: expected a whole number of at least 0`,
  );
}
