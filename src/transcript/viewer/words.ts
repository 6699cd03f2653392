import type {
  CloseFields,
  ConnectionLine,
  CutLine,
  FindingLine,
  FrameLine,
  GapLine,
  RequestLine,
  WaitLine,
} from './lines.ts';
import { formatBytes, formatMoment, formatMs, plural } from './format.ts';
import type { Row } from './rows.ts';

/** How the outcome of a wait is told; an outcome without a row is told by its name. */
const outcomes: ReadonlyMap<string, string> = new Map([
  ['passed', 'passed'],
  ['timeout', 'timed out'],
  ['closed', 'the connection closed'],
  ['aborted', 'aborted'],
  ['mismatch', 'the selected message does not meet it'],
  ['early', 'the message came too early'],
  ['late', 'the message came too late'],
  ['unwanted', 'a message met it that was not to come'],
  ['overshoot', 'more came than expected'],
  ['state', 'the state cannot become the expected one'],
  ['fence', 'the fence did not answer'],
  ['failed', 'failed'],
  ['misuse', 'the expectation cannot be judged'],
  ['ended', 'the test ended first'],
  ['pending', 'still pending'],
]);

const kinds: ReadonlyMap<string, string> = new Map([
  ['pendingWait', 'Not awaited'],
  ['unawaitedFailure', 'Failed unawaited'],
  ['uncalledHandler', 'Never called'],
  ['handlerError', 'Handler threw'],
  ['unexpectedClose', 'Unexpected close'],
  ['protocolError', 'Protocol error'],
  ['invalidMessage', 'Invalid message'],
  ['limit', 'Left out'],
]);

/** `timed out after 5 000 ms`. */
export function describeOutcome(wait: WaitLine): string {
  const text = outcomes.get(wait.outcome) ?? wait.outcome;
  const waited = wait.endedMs === undefined ? '' : ` after ${formatMs(wait.endedMs - wait.startedMs)}`;
  const late = wait.late === undefined ? '' : `, and it came ${formatMs(wait.late.afterMs)} later`;
  return `${text}${waited}${late}`;
}

export function describeKind({ kind }: FindingLine): string {
  return kinds.get(kind) ?? kind;
}

/** `#3`, as failure messages call a received message, of several connections `#3 of chat`; others by their time. */
export function nameOf({ connection, direction, message, ms, opcode }: FrameLine, connections: number): string {
  const owner = connections > 1 ? ` of ${connection}` : '';
  if (message !== undefined) return `#${message}${owner}`;
  const kind = opcode === 'text' || opcode === 'binary' ? '' : ` ${opcode}`;
  return `the${kind === '' ? ' message' : kind} ${direction} at ${formatMoment(ms)}${owner}`;
}

/** `101 Switching Protocols`, or why there was no answer. */
export function describeAnswer({ failure, handshake }: ConnectionLine): string {
  if (handshake === undefined) return failure ?? 'no answer';
  return `${handshake.status} ${handshake.statusText}`.trimEnd();
}

export function describeEnd({ close, openedMs }: ConnectionLine): string {
  if (close === undefined) return openedMs === undefined ? 'never opened' : 'still open';
  return describeClose(close);
}

/** `opened again at attempt 2, after 120 ms`; of one that was not, why. */
export function describeGapEnd({ attempts, endedMs, ms, recovered }: GapLine): string {
  if (endedMs === undefined) return 'not open again when this was written';
  const last = attempts.at(-1);
  if (!recovered) return `not opened again: ${last?.failure?.split('\n', 1)[0] ?? 'the test ended'}`;
  return `opened again at attempt ${last?.number ?? 1}, after ${formatMs(endedMs - ms)}`;
}

/** `4001 Unregistered "kicked", by the server`. */
export function describeClose(close: Omit<CloseFields, 'ms'>): string {
  const meaning = close.meaning === undefined ? '' : ` ${close.meaning}`;
  const reason = close.reason === '' ? '' : ` "${close.reason}"`;
  return `${close.code}${meaning}${reason}, by the ${close.by}`;
}

/** `POST /api/orders/42/pay 200 in 14.0 ms`. */
export function describeRequest({ endedMs, failure, method, startedMs, status, url }: RequestLine): string {
  const took = endedMs === undefined ? '' : ` in ${formatMs(endedMs - startedMs)}`;
  return `${method} ${pathOf(url)} ${status ?? failure ?? 'no answer'}${took}`;
}

export function describeCut({ bytes, connection, frames }: CutLine): string {
  return `${plural(frames, 'frame')} of ${connection}, ${formatBytes(bytes)}, left out here`;
}

/** One line for an event of the list. */
export function describeEvent(row: Row): string {
  switch (row.moment) {
    case 'opened':
      return `${row.line.name} opened: ${describeAnswer(row.line)}`;
    case 'connecting':
      return `${row.line.name} began to connect`;
    case 'refused':
      return `${row.line.name} did not open: ${describeAnswer(row.line)}`;
    case 'closed':
      return `${row.line.name} closed: ${describeEnd(row.line)}`;
    case 'began':
      return `${row.line.method} began to wait, ${row.line.location}`;
    case 'gaveUp':
      return `${row.line.method} ${describeOutcome(row.line)}, ${row.line.location}: ${row.line.expected ?? ''}`;
    case 'request':
      return describeRequest(row.line);
    case 'lost':
      return `${row.line.connection} was lost: ${describeClose(row.line.close)}`;
    case 'reopened':
      return `${row.line.connection} ${describeGapEnd(row.line)}`;
    case 'cut':
      return describeCut(row.line);
    default:
      return '';
  }
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || url;
}
