import type { Connection } from '../connection/connection.ts';
import { describeLocation } from '../support/call-site.ts';
import { previewPayload } from './preview.ts';

/** Frames that a failure shows: enough to see what happened last, few enough to read. */
const shownFrames = 12;

interface Row {
  readonly label: string;
  readonly time: string;
  readonly opcode: string;
  readonly size: string;
  readonly text: string;
}

/** The newest frames of a connection, one a line: number or direction, time since the connection began, kind, size. */
export function callLog(connection: Connection): string {
  const { log } = connection;
  const first = Math.max(0, log.length - shownFrames);
  const numbers = messageNumbers(connection, first);
  const rows: Row[] = [];
  for (let index = first; index < log.length; index++) rows.push(toRow(connection, index, numbers.get(index)));
  const lines = alignRows(rows).map((row) => `  - ${row}`);
  if (first > 0) lines.unshift(`  - … ${first} earlier ${first === 1 ? 'frame' : 'frames'}`);
  return lines.length === 0 ? '  - no frames' : lines.join('\n');
}

/** `+41 ms`: when a frame crossed the wire, counted from the start of its connection. */
export function describeTime(connection: Connection, monotonicTime: number): string {
  return `+${formatMs(monotonicTime - connection.createdAt)}`;
}

/** `5 043 ms`. */
export function formatMs(ms: number): string {
  return `${Math.round(ms)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ' ')} ms`;
}

function messageNumbers(connection: Connection, firstFrame: number): Map<number, number> {
  const numbers = new Map<number, number>();
  const { messages } = connection;
  for (let index = messages.length - 1; index >= 0; index--) {
    const frame = messages.frameOf(index);
    if (frame < firstFrame) break;
    numbers.set(frame, index);
  }
  return numbers;
}

function toRow(connection: Connection, index: number, message: number | undefined): Row {
  const { log } = connection;
  const opcode = log.opcode(index);
  return {
    label: message === undefined ? log.direction(index) : `#${message + 1}`,
    time: describeTime(connection, log.monotonicTime(index)),
    opcode,
    size: `${log.size(index)} B`,
    text: `${previewFrame(connection, index)}${noteOf(connection, index, message)}`,
  };
}

function previewFrame(connection: Connection, index: number): string {
  const { log } = connection;
  const payload = log.payload(index);
  const opcode = log.opcode(index);
  if (opcode !== 'close') return previewPayload(payload, opcode === 'text' || opcode === 'ping' || opcode === 'pong');
  if (payload.length < 2) return '';
  return `${payload.readUInt16BE()} ${previewPayload(payload.subarray(2), true)}`.trimEnd();
}

function noteOf(connection: Connection, index: number, message: number | undefined): string {
  const hiddenBy = connection.log.hiddenBy(index);
  if (hiddenBy !== undefined) return `  (hidden by ${hiddenBy})`;
  if (message === undefined) return '';
  const holder = connection.messages.holder(message);
  if (holder === undefined) return '';
  return `  (claimed by ${holder.method} at ${describeLocation(holder.site?.location)})`;
}

function alignRows(rows: readonly Row[]): string[] {
  const width = (column: keyof Row): number => Math.max(0, ...rows.map((row) => row[column].length));
  const [label, time, opcode, size] = [width('label'), width('time'), width('opcode'), width('size')];
  return rows.map((row) =>
    [row.label.padEnd(label), row.time.padStart(time), row.opcode.padEnd(opcode), row.size.padStart(size), row.text]
      .join('  ')
      .trimEnd(),
  );
}
