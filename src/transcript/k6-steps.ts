import { plural } from '../metrics/format.ts';
import { isExact } from './k6-expectation.ts';
import { takesClose } from './k6-names.ts';
import type { ConnectionLine, FrameLine, GapLine, Line, WaitLine } from './viewer/lines.ts';

/** One step of a recorded conversation. `ms` is when it happened, since the first connection began. */
export type K6Step = { readonly ms: number; readonly connection: string } &
  /** The first time, or after the connection was lost. */
  (
    | { readonly kind: 'connect' | 'reconnect'; readonly line: ConnectionLine }
    | { readonly kind: 'send' | 'ping'; readonly frame: FrameLine }
    | { readonly kind: 'receive'; readonly frame: FrameLine; readonly wait: WaitLine; readonly expected: string }
    | { readonly kind: 'closed'; readonly wait: WaitLine }
    | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  );

/** A recording as what a script has to do, and what of it no script can repeat. */
export interface K6Conversation {
  readonly steps: readonly K6Step[];
  /** Sentences about what was left out, or has to be looked at. */
  readonly notes: readonly string[];
}

/** The steps of a recording in the order in which the test went on: a message counts when its wait had it. */
export function stepsOf(lines: readonly Line[]): K6Conversation {
  const connections = ofType(lines, 'connection');
  const opened = connections.filter(({ openedMs }) => openedMs !== undefined);
  const frames = ofType(lines, 'frame');
  const waits = ofType(lines, 'wait').filter(({ outcome }) => outcome === 'passed');
  const steps: K6Step[] = [
    ...opened.map((line): K6Step => ({ kind: 'connect', ms: line.ms, connection: line.name, line })),
    ...ofType(lines, 'gap').flatMap((gap) => reconnectSteps(gap, opened)),
    ...frames.flatMap((frame) => sendStep(frame)),
    ...waits.flatMap((wait) => waitSteps(wait, frames)),
    ...opened.flatMap((line) => closeStep(line)),
  ];
  return { steps: steps.toSorted((a, b) => a.ms - b.ms || ranks[a.kind] - ranks[b.kind]), notes: notesOf(lines) };
}

/** The order of what happened in one microsecond. */
const ranks: Readonly<Record<K6Step['kind'], number>> = {
  connect: 0,
  reconnect: 1,
  receive: 1,
  closed: 1,
  send: 2,
  ping: 2,
  close: 3,
};

/** `openedMs` of the line is when it was open again, `ms` when it was lost. */
function reconnectSteps({ attempts, connection, ms, recovered }: GapLine, opened: readonly ConnectionLine[]): K6Step[] {
  const line = opened.find(({ name }) => name === connection);
  const attempt = attempts.at(-1);
  if (line === undefined || attempt === undefined || !recovered) return [];
  const { endedMs, handshake } = attempt;
  const again = { ...line, url: handshake?.url ?? line.url, ms, openedMs: endedMs, handshake };
  return [{ kind: 'reconnect', ms, connection, line: again }];
}

function sendStep(frame: FrameLine): K6Step[] {
  const { connection, direction, ms, opcode } = frame;
  if (direction !== 'sent' || opcode === 'pong' || opcode === 'close') return [];
  return [{ kind: opcode === 'ping' ? 'ping' : 'send', ms, connection, frame }];
}

/** Of a wait its messages, in the order in which they came; of a wait for the end, that. */
function waitSteps(wait: WaitLine, frames: readonly FrameLine[]): K6Step[] {
  const { claimed, connections, endedMs = 0, method } = wait;
  if (method === 'toBeClosed' || method === 'waitForClose') {
    return connections.map((connection): K6Step => ({ kind: 'closed', ms: endedMs, connection, wait }));
  }
  const sequences = new Set(claimed);
  const messages = frames.filter(({ message, sequence }) => message !== undefined && sequences.has(sequence));
  const expected = expectationsOf(wait);
  return messages.map((frame, index): K6Step => {
    // A list of expectations has one line each; those of several clients are the same.
    const own = expected.length === 1 ? expected[0] : expected[index % Math.max(1, expected.length)];
    return { kind: 'receive', ms: endedMs, connection: frame.connection, frame, wait, expected: own ?? '' };
  });
}

/** What a wait expected, one text for each message; `''` where only the message tells. */
function expectationsOf({ expected = '' }: WaitLine): string[] {
  const listed = [...expected.matchAll(/^\[\d+\] (?<one>.*)$/gm)].map(({ groups }) => groups?.['one'] ?? '');
  if (listed.length === 0) return [expected];
  // Which of them a message met is not recorded.
  return /^.* in any order$/m.test(expected) && !listed.every(isExact) ? [''] : listed;
}

function closeStep({ close, name }: ConnectionLine): K6Step[] {
  if (close?.by !== 'client') return [];
  const { code, ms, reason } = close;
  return [{ kind: 'close', ms, connection: name, code: takesClose(code) ? code : 1000, reason }];
}

function notesOf(lines: readonly Line[]): string[] {
  const refused = ofType(lines, 'connection').filter(({ openedMs }) => openedMs === undefined);
  const cuts = ofType(lines, 'cut').reduce((count, { frames }) => count + frames, 0);
  const sent = ofType(lines, 'frame').filter(({ direction }) => direction === 'sent');
  const short = sent.filter(({ cut }) => cut !== undefined).length;
  const hidden = sent.filter(({ base64, masked }) => masked === true && base64 !== undefined).length;
  const requests = ofType(lines, 'request').length;
  const waits = ofType(lines, 'wait');
  const failed = waits.filter(({ outcome }) => outcome !== 'passed').length;
  return [
    ...note(requests, 'HTTP request', [
      'of the test is left out, and so is what it makes the server send',
      'of the test are left out, and so is what they make the server send',
    ]),
    ...refused.map(({ name }) => `"${name}" was not opened: it is left out`),
    ...ofType(lines, 'connection').flatMap((line) => closeNote(line)),
    ...note(cuts, 'frame', both('not in the recording: raise wsReport.limits')),
    ...note(short, 'sent message', both('cut in the recording: raise wsReport.limits.payloadBytes')),
    ...note(hidden, 'binary message', [
      'has a masked secret: put it in by hand',
      'have a masked secret: put it in by hand',
    ]),
    ...note(failed, 'wait', ['failed in the test: it is left out', 'failed in the test: they are left out']),
    ...assertionNote(waits),
  ];
}

/** What is said of one and of several; nothing of none. */
function note(count: number, what: string, [one, several]: readonly [string, string]): string[] {
  return count === 0 ? [] : [`${plural(count, what)} ${count === 1 ? one : several}`];
}

function both(text: string): [string, string] {
  return [`is ${text}`, `are ${text}`];
}

function closeNote({ close, name }: ConnectionLine): string[] {
  if (close?.by !== 'client' || takesClose(close.code) || isNoCode(close.code)) return [];
  return [`"${name}" closes with 1000 in place of ${close.code}: k6 has 1000 and 3000 to 4999 alone`];
}

/** Codes for a close frame without one, and for none: RFC 6455, section 7.4.1. */
function isNoCode(code: number): boolean {
  return code === 1005 || code === 1006;
}

/** Assertions on the history, on silence and on states have no step of their own. */
function assertionNote(waits: readonly WaitLine[]): string[] {
  const left = waits.filter(
    ({ claimed, method, outcome }) => outcome === 'passed' && claimed.length === 0 && isAssertion(method),
  );
  const names = new Set(left.map(({ call, method }) => (call.includes('.not.') ? `not.${method}` : method)));
  return note(left.length, 'assertion', [
    `takes no message and is left out: ${[...names].join(', ')}`,
    `take no message and are left out: ${[...names].join(', ')}`,
  ]);
}

function isAssertion(method: string): boolean {
  return method === 'extract' || (method.startsWith('to') && method !== 'toBeClosed');
}

function ofType<Type extends Line['type']>(lines: readonly Line[], type: Type): Extract<Line, { type: Type }>[] {
  return lines.filter((line): line is Extract<Line, { type: Type }> => line.type === type);
}
