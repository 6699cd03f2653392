import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import type { Connection } from '../connection/connection.ts';
import { nearestMessage } from '../explain/nearest.ts';
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
  /** Sequence number of the message that came nearest to what was missing. */
  readonly nearest: number | undefined;
  /** Of a wait that timed out: the message that came too late, and how many milliseconds. */
  readonly late: { readonly sequence: number; readonly afterMs: number } | undefined;
  /** What it waited for; of a wait that passed only when it claimed something. */
  readonly expected: string | undefined;
  /** Which message was *the* one, of a wait with `where`. */
  readonly where: string | undefined;
  /** What its outcome says beyond its name. */
  readonly detail: string | undefined;
}

/** What the other records of a transcript tell about a wait. */
export interface WaitFrames {
  /** Sequence numbers of the frames that it claimed. */
  readonly claimed: readonly number[];
  readonly nearest: number | undefined;
}

/** @param startedAt Monotonic milliseconds at which the first connection began. */
export function describeWait(record: WaitRecord, { claimed, nearest }: WaitFrames, startedAt: number): WaitEntry {
  const { call, connections, endedAt, late, method, outcome, site, subject, timeout } = record;
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
    nearest,
    late: late === undefined ? undefined : { sequence: late.message.sequence, afterMs: late.after },
    expected: outcome?.kind === 'passed' && claimed.length === 0 ? undefined : describe(() => subject.expected()),
    where: subject.where === undefined ? undefined : describe(() => subject.where?.describe() ?? ''),
    detail: outcome === undefined ? undefined : describeDetail(outcome),
  };
}

/** Waits for which the nearest message is looked for: each costs some milliseconds. */
const searchedWaits = 100;

/** Sequence numbers of the messages that came nearest to what waits waited for in vain; of the first 100 such waits. */
export function nearestFrames(waits: readonly WaitRecord[]): Map<WaitRecord, number> {
  const failed = waits.filter(({ outcome }) => outcome?.kind !== 'passed').slice(0, searchedWaits);
  const nearest = new Map<WaitRecord, number>();
  for (const wait of failed) {
    for (const connection of wait.connections) {
      const sequence = nearestSequence(wait, connection);
      if (sequence !== undefined && !nearest.has(wait)) nearest.set(wait, sequence);
    }
  }
  return nearest;
}

/** An expectation may run code of the user's that throws. */
function nearestSequence(wait: WaitRecord, connection: Connection): number | undefined {
  try {
    return nearestMessage(wait, connection)?.message.sequence;
  } catch {
    return undefined;
  }
}

/** An expectation may hold values of the user's whose printing throws. */
function describe(expectation: () => string): string {
  try {
    return expectation();
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
