import { type Conversation, frameOf } from './conversation.ts';
import { h } from './dom.ts';
import { formatBytes, formatMoment, formatMs } from './format.ts';
import { bytesOfBase64 } from './gunzip.ts';
import type { FrameLine } from './lines.ts';
import type { Mark } from './marks.ts';
import { textOf } from './payload.ts';
import type { Row } from './rows.ts';
import { visibleLine } from './visible-text.ts';
import { describeEvent, nameOf } from './words.ts';

/** Characters of a payload that a row shows: more than a wide screen has room for. */
const previewCharacters = 300;

/** Position of a row among those that are shown, and the milliseconds since the frame above it. */
export interface RowPlace {
  readonly id: string;
  /** From 1; the header of the list is row 1. */
  readonly rowIndex: number;
  readonly gapMs: number | undefined;
}

/** Draws one row of the list. */
export function drawRow(row: Row, place: RowPlace, conversation: Conversation): HTMLElement {
  const attributes = { role: 'row', id: place.id, 'aria-rowindex': place.rowIndex };
  if (row.moment !== 'frame') {
    const text = h('span', { role: 'gridcell', class: 'event', 'aria-colspan': columns.length - 2 }, [
      visibleLine(describeEvent(row).slice(0, previewCharacters)),
    ]);
    const cells = [cell('number', signs[row.moment]), cell('time', formatMoment(row.ms)), text];
    return h('div', { ...attributes, class: `row is-event is-${row.moment}` }, cells);
  }
  const frame = row.line;
  const isQuiet = frame.hiddenBy !== undefined || frame.opcode === 'ping' || frame.opcode === 'pong';
  const kind = `row is-${frame.direction}${isQuiet ? ' is-quiet' : ''}${markClass(conversation.marks.get(frame.sequence))}`;
  return h('div', { ...attributes, class: kind }, frameCells(frame, place, conversation));
}

/** Columns of the list; the title says what the short name means. */
export const columns: readonly { readonly name: string; readonly label: string; readonly title: string }[] = [
  { name: 'number', label: '#', title: 'Number among the received messages of its connection, as in failure messages' },
  { name: 'time', label: 'Time', title: 'Since the first connection began' },
  { name: 'gap', label: 'Gap', title: 'Since the frame above' },
  { name: 'direction', label: 'Direction', title: 'Sent or received' },
  { name: 'opcode', label: 'Opcode', title: 'Kind of the frame' },
  { name: 'size', label: 'Size', title: 'Bytes of the payload' },
  { name: 'connection', label: 'Connection', title: 'Name of the connection' },
  { name: 'payload', label: 'Payload', title: 'The beginning of the payload' },
  { name: 'notes', label: 'Waits', title: 'What waits made of it, and the time from a send to its claimed reply' },
];

const signs: Readonly<Record<Exclude<Row['moment'], 'frame'>, string>> = {
  opened: '⚑',
  connecting: '⚐',
  refused: '✗',
  closed: '■',
  lost: '↯',
  reopened: '⚑',
  began: '◷',
  gaveUp: '✗',
  request: '⇄',
  cut: '✂',
};

function frameCells(frame: FrameLine, { gapMs }: RowPlace, conversation: Conversation): HTMLElement[] {
  const isSent = frame.direction === 'sent';
  return [
    cell('number', frame.message === undefined ? '' : String(frame.message)),
    cell('time', formatMoment(frame.ms)),
    cell('gap', gapMs === undefined ? '' : formatMs(gapMs)),
    h('span', { role: 'gridcell', class: 'direction', title: frame.direction }, [
      h('span', { 'aria-hidden': 'true' }, [isSent ? '↑' : '↓']),
      h('span', { class: 'for-readers' }, [frame.direction]),
    ]),
    cell('opcode', frame.opcode),
    cell('size', formatBytes(frame.size)),
    cell('connection', visibleLine(frame.connection)),
    cell('payload', preview(frame)),
    h('span', { role: 'gridcell', class: 'notes' }, notes(frame, conversation)),
  ];
}

function cell(name: string, text: string): HTMLElement {
  return h('span', { role: 'gridcell', class: name }, [text]);
}

function preview(frame: FrameLine): string {
  const text = textOf(frame);
  if (text === '') return frame.size === 0 ? 'empty' : (previewBytes(frame) ?? `${frame.opcode} data`);
  return visibleLine(text.slice(0, previewCharacters).replaceAll(/\s+/g, ' '));
}

/** Bytes of a preview, as many as in failure messages; four characters of base64 are three bytes. */
const previewedBytes = 24;

/** `<00 01 ff>`, as in failure messages; `undefined` when the page has none of the bytes. */
function previewBytes({ base64 = '', size }: FrameLine): string | undefined {
  const bytes = bytesOfBase64(base64.slice(0, (previewedBytes / 3) * 4));
  if (bytes.length === 0) return undefined;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  return `<${hex.join(' ')}${size > bytes.length ? ' …' : ''}>`;
}

const markLabels: Readonly<Record<Mark['kind'], string>> = {
  claimed: '✓ ',
  decided: '✗ failed ',
  nearest: '≈ nearest of ',
  late: '◷ too late for ',
};

function notes(frame: FrameLine, conversation: Conversation): HTMLElement[] {
  const { answers, connections, marks } = conversation;
  const answer = answers.get(frame.sequence);
  const asked = answer?.isReply === true ? frameOf(answer.other, conversation) : undefined;
  const all: HTMLElement[] = [];
  if (answer !== undefined && asked !== undefined) {
    all.push(note('latency', `↩ ${formatMs(answer.ms)}`, `Answers ${nameOf(asked, connections.length)}`));
  }
  for (const { kind, wait } of marks.get(frame.sequence) ?? []) {
    all.push(note(kind, `${markLabels[kind]}${visibleLine(wait.location)}`, wait.call));
  }
  const claim = frame.claimedBy;
  // Of many waits, and of those of earlier tests, only the claim is left.
  if (claim !== undefined && !all.some(({ className }) => className.endsWith('is-claimed'))) {
    all.push(note('claimed', `${markLabels.claimed}${visibleLine(claim.location)}`, claim.method));
  }
  if (frame.invalid === true) all.push(note('invalid', '! invalid', 'The schema or the codec refused it'));
  if (frame.hiddenBy !== undefined) all.push(note('hidden', frame.hiddenBy, 'Not offered to waits'));
  if (frame.cut !== undefined) all.push(note('hidden', `✂ ${formatBytes(frame.cut)}`, 'Left out of this page'));
  return all;
}

function note(kind: string, label: string, title: string): HTMLElement {
  return h('span', { class: `note is-${kind}`, title: visibleLine(title) }, [label]);
}

function markClass(marks: readonly Mark[] = []): string {
  if (marks.some(({ kind }) => kind === 'decided')) return ' is-decided';
  return marks.some(({ kind }) => kind === 'nearest') ? ' is-nearest' : '';
}
