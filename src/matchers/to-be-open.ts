import { readyStates, type Connection } from '../connection/connection.ts';
import type { WaitOptions } from '../connection/wait-options.ts';
import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import { Wait, type WaitSettings } from '../connection/waits.ts';
import { StateWatch } from '../connection/watch-state.ts';
import { describeClose } from '../protocol/close-code.ts';
import { formatMs } from '../explain/call-log.ts';
import { now } from '../support/clock.ts';
import { errorMessage } from '../support/errors.ts';
import { beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';
import { runStateMatcher } from './state-matcher.ts';

export interface ToBeOpenOptions extends WaitOptions {
  /**
   * How long it has to stay open, in milliseconds.
   *
   * @default not at all: being open is enough
   */
  readonly for?: number | undefined;
}

/** Passes when the connection is open, or becomes open; with `for`, when it stays open that long. */
export async function toBeOpen(
  this: MatcherContext,
  received: unknown,
  ...[options]: [options?: ToBeOpenOptions]
): Promise<MatcherResult> {
  const settings = beginMatcher(this, {
    name: 'toBeOpen',
    below: toBeOpen,
    received,
    argument: '',
    options,
    optionNames: this.isNot === true ? ['timeout', 'signal'] : ['for', 'timeout', 'signal'],
  });
  const opened = await runStateMatcher(this, settings, {
    subject: { expected: () => 'open' },
    judge: (connection) => judge(connection),
    found: (connection) => describeState(connection),
  });
  const { for: duration } = options ?? {};
  if (duration === undefined || this.isNot === true || opened.outcome?.kind !== 'passed') return toResult(this, opened);
  return toResult(this, await stayOpen(settings, duration));
}

/** `open`, `closed with 4001 "kicked", by the server`. */
export function describeState({ closeInfo, failure, gap, readyState, reconnection }: Connection): string {
  if (closeInfo !== undefined) {
    const because = failure === undefined ? '' : `\n${errorMessage(failure)}`;
    return `closed with ${describeClose(closeInfo)}${because}`;
  }
  if (gap !== undefined && reconnection !== undefined) return reconnection.describe(gap);
  if (readyState === readyStates.open) return 'open';
  return readyState === readyStates.connecting ? 'connecting' : 'closing';
}

function judge(connection: Connection): ReturnType<Parameters<typeof runStateMatcher>[2]['judge']> {
  if (connection.isOpen) return { kind: 'passed' };
  if (connection.readyState === readyStates.connecting) return undefined;
  return { kind: 'state', text: describeState(connection), connection };
}

async function stayOpen(settings: WaitSettings, duration: number): Promise<WaitRecord> {
  const start = now();
  const watch = new StateWatch({
    subject: { expected: () => `open for ${duration}ms`, received: (connection) => describeSpan(connection, start) },
    // A gap ends it: the connection did not stay open, whatever `reconnect` does next.
    judge: (connection) => judgeGap(connection, start),
    passesAtDeadline: true,
  });
  return await Wait.start({ ...settings, timeout: duration, deadline: start + duration }, watch).ended;
}

function judgeGap(connection: Connection, start: number): Outcome | undefined {
  const { gap } = connection;
  if (gap === undefined) return undefined;
  const text = `open for ${formatMs(gap.lostAt - start)}, then closed with ${describeClose(gap.closeInfo)}`;
  return { kind: 'state', text, connection };
}

function describeSpan({ closing }: Connection, start: number): string {
  return closing.finishedAt === undefined ? 'open' : `open for ${formatMs(closing.finishedAt - start)}`;
}
