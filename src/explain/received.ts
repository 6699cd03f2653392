import type { Connection } from '../connection/connection.ts';
import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { describeTime, formatMs } from './call-log.ts';
import { nearMisses } from './nearest.ts';
import { describePosition } from './position.ts';
import { previewPayload } from './preview.ts';

/** Clients of which one failure shows what came. */
export const shownClients = 3;

/** What came instead of what was expected: of each failing connection, or of the one that decided. */
export function describeReceived(record: WaitRecord, failing: readonly Connection[]): string {
  const { outcome } = record;
  const found = outcome === undefined ? undefined : describeFound(record, outcome);
  if (found !== undefined) return found;
  const lines = failing.slice(0, shownClients).map((connection) => {
    const text = record.subject.received?.(connection) ?? describeMessages(record, connection);
    return nameClient(record, connection, text);
  });
  const more = failing.length - lines.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more ${more === 1 ? 'client' : 'clients'}`] : [])].join('\n');
}

/** Puts the client's name before a text that is about one of several. */
export function nameClient({ connections }: WaitRecord, connection: Connection, text: string): string {
  return connections.length === 1 ? text : `${connection.name}: ${text}`;
}

/** `2 messages`, `1 message`. */
export function countMessages(count: number): string {
  return `${count} ${count === 1 ? 'message' : 'messages'}`;
}

/** Outcomes that are about one message or one state. */
function describeFound(record: WaitRecord, outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'mismatch':
      return nameClient(
        record,
        outcome.connection,
        `${numberOf(outcome.message)}, which does not meet the expectation`,
      );
    case 'early':
    case 'late':
      return nameClient(
        record,
        outcome.connection,
        `${numberOf(outcome.message)}, ${describeArrival(record, outcome.after)}`,
      );
    case 'unwanted':
      return nameClient(record, outcome.connection, describeUnwanted(outcome.connection, outcome.message));
    case 'state':
      return nameClient(record, outcome.connection, outcome.text);
    default:
      return undefined;
  }
}

function describeArrival({ subject }: WaitRecord, after: number): string {
  const base = subject.after === undefined ? 'the call' : describePosition(subject.after);
  return `${formatMs(Math.abs(after))} ${after < 0 ? 'before' : 'after'} ${base}`;
}

function describeUnwanted(connection: Connection, message: LoggedMessage): string {
  const preview = previewPayload(message.bytes, !message.isBinary);
  return `${numberOf(message)}, ${describeTime(connection, message.monotonicTime)}: ${preview}`.replace(
    /: $/,
    ', empty',
  );
}

function describeMessages(record: WaitRecord, connection: Connection): string {
  const { messages } = connection;
  const { after } = record.subject;
  const total = messages.length - messages.floor;
  if (total === 0) return 'nothing';
  const old = after === undefined ? 0 : countUntil(connection, after.sequence);
  const misses = nearMisses(record, connection);
  if (after === undefined)
    return [`${countMessages(total)}${describeProgress(record, connection, misses)}`, ...misses].join('\n');
  const position = describePosition(after);
  if (old === total) return [`nothing after ${position}, ${countMessages(old)} before it`, ...misses].join('\n');
  return [
    `${countMessages(total - old)} after ${position}${describeProgress(record, connection, misses)}`,
    ...misses,
  ].join('\n');
}

function describeProgress({ subject }: WaitRecord, connection: Connection, misses: readonly string[]): string {
  const { expectations = [] } = subject;
  if (expectations.length > 1) {
    const missing = subject.missing?.(connection) ?? [];
    return `, ${expectations.length - missing.length} of ${expectations.length} expectations met, ${describeMissing(missing)}`;
  }
  if (misses.length > 0) return '';
  return subject.where === undefined ? ', none matched' : ', none selected';
}

function describeMissing([first, ...others]: readonly number[]): string {
  return others.length === 0 ? `[${first}] is missing` : `[${first}] is the first missing`;
}

function countUntil({ log, messages }: Connection, sequence: number): number {
  let count = 0;
  for (let index = messages.floor; index < messages.length; index++) {
    if (log.sequence(messages.frameOf(index)) <= sequence) count += 1;
  }
  return count;
}

function numberOf(message: LoggedMessage): string {
  return `#${message.index + 1}`;
}
