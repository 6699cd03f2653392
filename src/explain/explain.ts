import type { Connection } from '../connection/connection.ts';
import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import { describeClose } from '../protocol/close-code.ts';
import { describeLocation } from '../support/call-site.ts';
import { now } from '../support/clock.ts';
import { errorMessage } from '../support/errors.ts';
import { callLog, formatMs } from './call-log.ts';
import { nearestSection } from './nearest.ts';
import { describePosition } from './position.ts';
import { escapeControls } from './preview.ts';
import { describeReceived, nameClient, shownClients } from './received.ts';

/** Clients whose names one failure lists. */
const listedClients = 10;
/** Lines of one fact: a wait may have any number of expectations. */
const mostFactLines = 25;

/**
 * Draws the outcome of a wait: what was expected, what came, what ended the wait, the nearest message, the frames.
 * Secrets are masked.
 */
export function explainWait(record: WaitRecord): string {
  const redactors = new Set(record.connections.map(({ redactor }) => redactor));
  return [...redactors].reduce((text, redactor) => redactor.text(text), drawWait(record));
}

function drawWait(record: WaitRecord): string {
  const failing = failingConnections(record);
  const facts: Fact[] = [
    clientFact(record, failing),
    ['Expected', record.subject.expected()],
    ...whereFacts(record),
    ['Received', describeReceived(record, failing)],
    ...limitFacts(record),
  ];
  const sections = failing.slice(0, shownClients).flatMap((connection) => clientSections(record, connection));
  const text = [headline(record), drawFacts(facts), ...sections].join('\n\n');
  return text.split('\n').map(escapeControls).join('\n');
}

type Fact = readonly [label: string, text: string];

function drawFacts(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return facts
    .map(([label, text]) => `${`${label}:`.padEnd(width)}${bounded(text).join(`\n${' '.repeat(width)}`)}`)
    .join('\n');
}

function bounded(text: string): string[] {
  const lines = text.split('\n');
  if (lines.length <= mostFactLines) return lines;
  return [...lines.slice(0, mostFactLines - 1), `… ${lines.length - mostFactLines + 1} more lines`];
}

function headline(record: WaitRecord): string {
  if (record.outcome?.kind !== 'ended' || record.outcome.reason === 'timedOut') return `${record.call} failed`;
  return `${record.method} at ${describeLocation(record.site?.location)} was not awaited`;
}

/** The connection that decided comes first. */
function failingConnections({ connections, outcome, subject }: WaitRecord): readonly Connection[] {
  const decided = outcome !== undefined && 'connection' in outcome ? [outcome.connection] : [];
  if (decided.length > 0 && outcome?.kind !== 'closed') return decided;
  const failing = new Set([...decided, ...(subject.failing?.() ?? [])]);
  return failing.size === 0 ? connections : [...failing];
}

function clientFact({ connections, endedAt = now() }: WaitRecord, failing: readonly Connection[]): Fact {
  if (connections.length === 1) return ['Client', describeClient(connections[0], endedAt)];
  const names = failing.slice(0, listedClients).map(({ name }) => name);
  const more = failing.length - names.length;
  const list = `${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
  return ['Clients', `${failing.length} of ${connections.length} ${failing.length === 1 ? 'fails' : 'fail'}: ${list}`];
}

/** `orders (ws://127.0.0.1/orders), open for 5 043 ms`. */
function describeClient({ closeInfo, gap, name, openedAt, openSince, shownUrl }: Connection, endedAt: number): string {
  const label = `${name} (${shownUrl})`;
  if (closeInfo !== undefined) return `${label}, ${openedAt === undefined ? 'never opened' : 'closed'}`;
  if (gap !== undefined) return `${label}, reconnecting for ${formatMs(endedAt - gap.lostAt)}`;
  return openSince === undefined ? `${label}, connecting` : `${label}, open for ${formatMs(endedAt - openSince)}`;
}

function whereFacts({ subject: { where } }: WaitRecord): Fact[] {
  return where === undefined ? [] : [['Where', where.describe()]];
}

function limitFacts(record: WaitRecord): Fact[] {
  const { outcome } = record;
  const fact = outcome === undefined ? undefined : limitFact(record, outcome);
  return fact === undefined ? [] : [fact];
}

/** What ended the wait. */
function limitFact(record: WaitRecord, outcome: Outcome): Fact | undefined {
  switch (outcome.kind) {
    case 'timeout':
      if (record.subject.attempts !== undefined) return ['Attempts', record.subject.attempts()];
      return record.limitedBy === 'within' ? ['Within', describeWithin(record)] : ['Timeout', `${record.timeout}ms`];
    case 'closed':
      return ['Closed', nameClient(record, outcome.connection, describeClosed(record, outcome))];
    case 'aborted':
      return ['Aborted', errorMessage(outcome.reason)];
    case 'ended':
      return outcome.reason === 'timedOut'
        ? ['Ended', `by the test's own timeout, ${describeWaiting(record)}`]
        : undefined;
    case 'fence':
      return ['Fence', outcome.text];
    case 'failed':
      return ['Failed', errorMessage(outcome.error)];
    default:
      return undefined;
  }
}

function describeWithin({ subject: { after }, timeout }: WaitRecord): string {
  return `${timeout}ms${after === undefined ? '' : ` after ${describePosition(after)}`}`;
}

function describeClosed(record: WaitRecord, { closeInfo, connection }: Extract<Outcome, { kind: 'closed' }>): string {
  const { closing, failure, reconnection } = connection;
  const gap = reconnection?.gapOf(closeInfo);
  const isEarlier = (gap?.lostAt ?? closing.finishedAt ?? record.startedAt) < record.startedAt;
  const reason = gap === undefined ? failure : gap.failure;
  const because = reason === undefined ? '' : `\n${errorMessage(reason)}`;
  return `${describeClose(closeInfo)}, ${isEarlier ? 'before the call' : describeWaiting(record)}${because}`;
}

function describeWaiting({ endedAt = now(), startedAt }: WaitRecord): string {
  return `after ${formatMs(endedAt - startedAt)} of waiting`;
}

function clientSections(record: WaitRecord, connection: Connection): string[] {
  const title = record.connections.length === 1 ? 'Call log:' : `Call log of ${connection.name}:`;
  return [...nearestSection(record, connection), `${title}\n${callLog(connection)}`];
}
