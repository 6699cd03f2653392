import type { Connection } from '../connection/connection.ts';
import type { Outcome, WaitRecord } from '../connection/wait-record.ts';
import { closestMessage } from '../expectation/closest.ts';
import type { CompiledExpectation } from '../expectation/compile.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { describeClose } from '../protocol/close-code.ts';
import { describeLocation } from '../support/call-site.ts';
import { now } from '../support/clock.ts';
import { errorMessage } from '../support/errors.ts';
import { callLog, describeTime, formatMs } from './call-log.ts';
import { previewPayload } from './preview.ts';

/** Clients whose frames one failure shows. */
const shownClients = 3;

/** Draws the outcome of a wait: what was expected, what came, what ended the wait, the nearest message, the frames. */
export function explainWait(record: WaitRecord): string {
  const failing = failingConnections(record);
  const facts: Fact[] = [
    ...clientFacts(record, failing),
    ['Expected', record.subject.expected()],
    ...whereFacts(record),
    ['Received', describeReceived(record, failing)],
    ...limitFacts(record),
  ];
  const sections = failing.slice(0, shownClients).map((connection) => clientSection(record, connection));
  return [headline(record), drawFacts(facts), ...sections].join('\n\n');
}

type Fact = readonly [label: string, text: string];

function drawFacts(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return facts
    .map(([label, text]) => `${`${label}:`.padEnd(width)}${text.replaceAll('\n', `\n${' '.repeat(width)}`)}`)
    .join('\n');
}

function headline(record: WaitRecord): string {
  if (record.outcome?.kind !== 'ended' || record.outcome.reason === 'timedOut') return `${record.call} failed`;
  return `${record.method} at ${describeLocation(record.site?.location)} was not awaited`;
}

function failingConnections(record: WaitRecord): readonly Connection[] {
  const { outcome } = record;
  if (outcome !== undefined && 'connection' in outcome) return [outcome.connection];
  const failing = record.subject.failing?.() ?? [];
  return failing.length === 0 ? record.connections : failing;
}

function clientFacts(record: WaitRecord, failing: readonly Connection[]): Fact[] {
  if (record.connections.length === 1) return [['Client', describeClient(record.connections[0])]];
  const names = failing.map((connection) => connection.name).join(', ');
  return [['Clients', `${record.connections.length}, it does not hold for ${failing.length}: ${names}`]];
}

/** `orders (ws://127.0.0.1/orders), open for 5 043 ms`. */
function describeClient(connection: Connection): string {
  const { closeInfo, name, openedAt, shownUrl } = connection;
  const label = `${name} (${shownUrl})`;
  if (closeInfo !== undefined) return `${label}, ${openedAt === undefined ? 'never opened' : 'closed'}`;
  return openedAt === undefined ? `${label}, connecting` : `${label}, open for ${formatMs(now() - openedAt)}`;
}

function whereFacts({ subject: { where } }: WaitRecord): Fact[] {
  return where === undefined ? [] : [['Where', where.describe()]];
}

const limits: {
  readonly [Kind in Outcome['kind']]?: (outcome: Extract<Outcome, { kind: Kind }>, record: WaitRecord) => Fact[];
} = {
  timeout: (_outcome, record) => [['Timeout', `${record.timeout}ms`]],
  closed: ({ closeInfo, connection }, record) => [
    ['Closed', describeClosed(connection, describeClose(closeInfo), record)],
  ],
  aborted: ({ reason }) => [['Aborted', errorMessage(reason)]],
  ended: ({ reason }, record) => (reason === 'timedOut' ? [['Ended', describeTestTimeout(record)]] : []),
  fence: ({ text }) => [['Fence', text]],
  failed: ({ error }) => [['Failed', errorMessage(error)]],
};

function limitFacts(record: WaitRecord): Fact[] {
  const { outcome } = record;
  if (outcome === undefined) return [];
  const draw: ((outcome: never, record: WaitRecord) => Fact[]) | undefined = limits[outcome.kind];
  return draw === undefined ? [] : Reflect.apply(draw, undefined, [outcome, record]);
}

function describeClosed(connection: Connection, close: string, record: WaitRecord): string {
  const { failure } = connection;
  const waited = formatMs((record.endedAt ?? now()) - record.startedAt);
  const because = failure === undefined ? '' : `\n${errorMessage(failure)}`;
  return `${close}, after ${waited} of waiting${because}`;
}

function describeTestTimeout(record: WaitRecord): string {
  return `the test's own time ran out, after ${formatMs((record.endedAt ?? now()) - record.startedAt)} of waiting`;
}

function describeReceived(record: WaitRecord, failing: readonly Connection[]): string {
  const { outcome, subject } = record;
  const found = outcome === undefined ? undefined : describeFound(outcome);
  if (found !== undefined) return found;
  if (subject.received !== undefined) return subject.received();
  return failing
    .slice(0, shownClients)
    .map((connection) => prefixed(record, connection, describeMessages(record, connection)))
    .join('\n');
}

function prefixed(record: WaitRecord, connection: Connection, text: string): string {
  return record.connections.length === 1 ? text : `${connection.name}: ${text}`;
}

/** Outcomes that are about one message or one state. */
function describeFound(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'mismatch':
      return `#${outcome.message.index + 1}, selected by \`where\`, and it does not meet the expectation`;
    case 'early':
      return `#${outcome.message.index + 1} after ${formatMs(outcome.after)}, not before ${outcome.limit}ms was expected`;
    case 'late':
      return `#${outcome.message.index + 1} after ${formatMs(outcome.after)}, within ${outcome.limit}ms was expected`;
    case 'unwanted':
      return `#${outcome.message.index + 1} ${describeTime(outcome.connection, outcome.message.monotonicTime)}: ${preview(outcome.message)}`;
    case 'overshoot':
      return `${outcome.count} ${outcome.count === 1 ? 'message' : 'messages'}`;
    case 'state':
      return outcome.text;
    default:
      return undefined;
  }
}

function describeMessages(record: WaitRecord, connection: Connection): string {
  const length = connection.messages.length - connection.messages.floor;
  if (length === 0) return 'nothing';
  const count = `${length} ${length === 1 ? 'message' : 'messages'}`;
  return [`${count}${describeProgress(record)}`, ...nearMisses(record, connection)].join('\n');
}

function describeProgress({ subject }: WaitRecord): string {
  const { expectations = [] } = subject;
  const missing = subject.missing?.() ?? [];
  if (expectations.length < 2) return ', none matched';
  const first = missing.length === 0 ? '' : `; missing: [${missing[0]}] ${expectations[missing[0]].describe()}`;
  return `, ${expectations.length - missing.length} of ${expectations.length} expectations met${first}`;
}

/** Messages that would have met the expectation, had they not been claimed or been too old. */
function nearMisses(record: WaitRecord, connection: Connection): string[] {
  const wanted = wantedExpectation(record);
  if (wanted === undefined) return [];
  const { after } = record.subject;
  const lines: string[] = [];
  for (
    let index = connection.messages.floor;
    index < connection.messages.length && lines.length < shownClients;
    index++
  ) {
    const message = connection.messages.at(index);
    const holder = connection.messages.holder(index);
    const isOld = after !== undefined && message.sequence <= after.sequence;
    if ((holder === undefined && !isOld) || holder === record || !wanted.matches(message)) continue;
    const why = isOld
      ? 'came before the mark'
      : `was claimed by ${holder?.method} at ${describeLocation(holder?.site?.location)}`;
    lines.push(`#${index + 1} matches, but ${why}`);
  }
  return lines;
}

/** The first expectation that nothing met; `where` comes before what it selects for. */
function wantedExpectation({ subject }: WaitRecord): CompiledExpectation | undefined {
  if (subject.where !== undefined) return subject.where;
  const [first] = subject.missing?.() ?? [];
  return first === undefined ? undefined : subject.expectations?.[first];
}

function clientSection(record: WaitRecord, connection: Connection): string {
  const title = record.connections.length === 1 ? 'Call log:' : `Call log of ${connection.name}:`;
  return [...nearestSection(record, connection), `${title}\n${callLog(connection)}`].join('\n\n');
}

function nearestSection(record: WaitRecord, connection: Connection): string[] {
  const { outcome, subject } = record;
  if (outcome?.kind === 'mismatch') {
    if (outcome.message.client !== connection.name) return [];
    const [expectation] = subject.expectations ?? [];
    return expectation === undefined
      ? []
      : [drawMessage(titleOf('Selected', connection, outcome.message), outcome.message, expectation)];
  }
  if (outcome !== undefined && !waitsForMore.has(outcome.kind)) return [];
  const wanted = wantedExpectation(record);
  if (wanted === undefined) return [];
  const nearest = closestMessage(wanted, candidates(record, connection));
  return nearest === undefined ? [] : [drawMessage(titleOf('Closest', connection, nearest), nearest, wanted)];
}

const waitsForMore: ReadonlySet<Outcome['kind']> = new Set(['timeout', 'closed', 'aborted', 'ended'] as const);

function* candidates(record: WaitRecord, connection: Connection): IterableIterator<LoggedMessage> {
  const { after } = record.subject;
  for (const message of connection.messages.free()) {
    if (after === undefined || message.sequence > after.sequence) yield message;
  }
}

function drawMessage(title: string, message: LoggedMessage, expectation: CompiledExpectation): string {
  return `${title}\n${expectation.explain(message)}`;
}

function titleOf(label: string, connection: Connection, message: LoggedMessage): string {
  return `${label}: #${message.index + 1}, ${describeTime(connection, message.monotonicTime)}`;
}

function preview(message: LoggedMessage): string {
  return previewPayload(message.bytes, !message.isBinary);
}
