import type { Connection } from '../connection/connection.ts';
import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import { closestMessage } from '../expectation/closest.ts';
import type { CompiledExpectation } from '../expectation/compile.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { describeLocation } from '../support/call-site.ts';
import { describeTime } from './call-log.ts';
import { describePosition } from './position.ts';

/** Messages that would have met it, were they free: the newest are shown. */
const shownMisses = 3;
/** Messages that are held against the expectation once more, the newest ones. */
const searchedMessages = 1000;

/** The first expectation that nothing on the connection met; `where` comes before what it selects for. */
export function wantedExpectation({ subject }: WaitRecord, connection: Connection): CompiledExpectation | undefined {
  const { expectations = [], where } = subject;
  if (where !== undefined) return where;
  if (subject.missing === undefined) return subject.history === undefined ? undefined : expectations[0];
  const [first] = subject.missing(connection);
  return first === undefined ? undefined : expectations[first];
}

/** Lines about messages that would have met the expectation, had they not been claimed or been too old. */
export function nearMisses(record: WaitRecord, connection: Connection): string[] {
  const wanted = record.subject.missing === undefined ? undefined : wantedExpectation(record, connection);
  if (wanted === undefined) return [];
  const { messages } = connection;
  const which = bracketed(record, connection);
  const lines: string[] = [];
  const first = Math.max(messages.floor, messages.length - searchedMessages);
  for (let index = first; index < messages.length; index++) {
    const why = whyNotFree(record, connection, index);
    if (why !== undefined && wanted.matches(messages.at(index)))
      lines.push(`#${index + 1} matches${which}, but ${why}`);
  }
  const more = lines.length - shownMisses;
  if (more <= 0) return lines;
  return [`… ${more}${first > messages.floor ? ' or more' : ' more'} like these:`, ...lines.slice(-shownMisses)];
}

/** The message that decided, or the one that came nearest, with what it lacks. */
export function nearestSection(record: WaitRecord, connection: Connection): string[] {
  const { outcome, subject } = record;
  if (outcome?.kind === 'mismatch') {
    const [expectation] = subject.expectations ?? [];
    return [drawMessage('Selected', connection, { message: outcome.message, expectation })];
  }
  const nearest = nearestMessage(record, connection);
  return nearest === undefined ? [] : [drawMessage(closestLabel(record, connection), connection, nearest)];
}

/** The message that came nearest to what was missing; `undefined` when none came, or when the outcome is not about that. */
export function nearestMessage(
  record: WaitRecord,
  connection: Connection,
): { readonly message: LoggedMessage; readonly expectation: CompiledExpectation } | undefined {
  const { outcome } = record;
  const expectation = wantedExpectation(record, connection);
  if (expectation === undefined || (outcome !== undefined && !waitedForMore.has(outcome.kind))) return undefined;
  const message = closestMessage(expectation, candidates(record, connection, expectation));
  return message === undefined ? undefined : { message, expectation };
}

const waitedForMore: ReadonlySet<Outcome['kind']> = new Set(['timeout', 'closed', 'aborted', 'ended'] as const);

function whyNotFree(record: WaitRecord, { messages }: Connection, index: number): string | undefined {
  const { after } = record.subject;
  if (after !== undefined && messages.at(index).sequence <= after.sequence) {
    return `it came before ${describePosition(after)}`;
  }
  const holder = messages.holder(index);
  if (holder === record) return undefined;
  if (holder === undefined) return isOutOfOrder(record, messages.at(index)) ? 'it is out of order' : undefined;
  return `it was claimed by ${holder.method} at ${describeLocation(holder.site?.location)}`;
}

/** Of several messages: it is free, meets what is missing, and the wait did not take it. */
function isOutOfOrder({ subject }: WaitRecord, message: LoggedMessage): boolean {
  if ((subject.expectations ?? []).length < 2) return false;
  return subject.held?.().includes(message) !== true;
}

function* candidates(
  { subject }: WaitRecord,
  connection: Connection,
  expectation: CompiledExpectation,
): IterableIterator<LoggedMessage> {
  const { after } = subject;
  for (const message of subject.history?.(connection) ?? connection.messages.free()) {
    const isLater = after === undefined || message.sequence > after.sequence;
    // One that meets it lacks nothing: it is out of order, or there are too few of them.
    if (isLater && !expectation.matches(message)) yield message;
  }
}

function closestLabel(record: WaitRecord, connection: Connection): string {
  const which = bracketed(record, connection);
  return `Closest${which === '' ? '' : ` to${which}`}${record.connections.length === 1 ? '' : ` of ${connection.name}`}`;
}

/** Which of several expectations is looked at: ` [1]`. */
function bracketed({ subject }: WaitRecord, connection: Connection): string {
  const [first] = (subject.expectations ?? []).length > 1 ? (subject.missing?.(connection) ?? []) : [];
  return first === undefined ? '' : ` [${first}]`;
}

interface Judged {
  readonly message: LoggedMessage;
  readonly expectation: CompiledExpectation;
}

function drawMessage(label: string, connection: Connection, { expectation, message }: Judged): string {
  const name = message.index < 0 ? 'sent' : `#${message.index + 1},`;
  return `${label}: ${name} ${describeTime(connection, message.monotonicTime)}\n${expectation.explain(message)}`;
}
