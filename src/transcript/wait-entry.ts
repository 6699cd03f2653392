import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import { describeClose } from '../protocol/close-code.ts';
import { describeLocation } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';

/** One wait of a transcript. */
export interface WaitEntry {
  /** `toReceiveMessage`. */
  readonly method: string;
  /** `expect(client).toReceiveMessage(expected)`. */
  readonly call: string;
  /** `orders.spec.ts:12`. */
  readonly location: string;
  /** Names of the connections that it looked at. */
  readonly connections: readonly string[];
  /** Only `passed` is a success; `pending` when it had not ended. */
  readonly outcome: Outcome['kind'] | 'pending';
  /** Milliseconds since the first connection began. */
  readonly startedMs: number;
  /** Milliseconds since the first connection began; `undefined` when it had not ended. */
  readonly endedMs: number | undefined;
  /** Milliseconds; 0 for no limit of its own. */
  readonly timeout: number;
  /** Sequence numbers of the frames that it claimed. */
  readonly claimed: readonly number[];
  /** Sequence number of the message that made it fail. */
  readonly decidedBy: number | undefined;
  /** Of a wait that timed out: the message that came too late, and how many milliseconds. */
  readonly late: { readonly sequence: number; readonly afterMs: number } | undefined;
  /** What it waited for; `undefined` when it passed. */
  readonly expected: string | undefined;
  /** What its outcome says beyond its name. */
  readonly detail: string | undefined;
}

/**
 * @param claimed Sequence numbers of the frames that it claimed.
 * @param startedAt Monotonic milliseconds at which the first connection began.
 */
export function describeWait(record: WaitRecord, claimed: readonly number[], startedAt: number): WaitEntry {
  const { call, connections, endedAt, late, method, outcome, site, timeout } = record;
  return {
    method,
    call,
    location: describeLocation(site?.location),
    connections: connections.map(({ name }) => name),
    outcome: outcome?.kind ?? 'pending',
    startedMs: record.startedAt - startedAt,
    endedMs: endedAt === undefined ? undefined : endedAt - startedAt,
    timeout,
    claimed,
    decidedBy: outcome !== undefined && 'message' in outcome ? outcome.message.sequence : undefined,
    late: late === undefined ? undefined : { sequence: late.message.sequence, afterMs: late.after },
    expected: outcome?.kind === 'passed' ? undefined : describeExpected(record),
    detail: outcome === undefined ? undefined : describeDetail(outcome),
  };
}

/** An expectation may hold values of the user's whose printing throws. */
function describeExpected({ subject }: WaitRecord): string {
  try {
    return subject.expected();
  } catch (error) {
    return `(cannot be described: ${errorMessage(error)})`;
  }
}

function describeDetail(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'closed':
      return describeClose(outcome.closeInfo);
    case 'aborted':
      return errorMessage(outcome.reason);
    case 'early':
    case 'late':
      return `after ${Math.round(outcome.after)} ms, limit ${outcome.limit} ms`;
    case 'overshoot':
      return `${outcome.count} came`;
    case 'state':
    case 'fence':
      return outcome.text;
    case 'failed':
    case 'misuse':
      return errorMessage(outcome.error);
    case 'ended':
      return outcome.reason === 'timedOut' ? "the test's own time ran out" : 'the test ended';
    default:
      return undefined;
  }
}
