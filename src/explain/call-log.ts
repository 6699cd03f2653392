import type { Claimable, ClaimQueue } from '../connection/claim-queue.ts';
import type { Connection } from '../connection/connection.ts';
import type { Gap } from '../connection/gap.ts';
import { describeClose } from '../protocol/close-code.ts';
import { describeLocation } from '../support/call-site.ts';
import { previewPayload } from './preview.ts';

/** Frames that a failure shows: enough to see what happened last, few enough to read. */
const shownFrames = 12;

interface Row {
  readonly label: string;
  readonly time: string;
  /** Of a frame. */
  readonly opcode?: string;
  readonly size?: string;
  readonly text: string;
}

/** The newest frames of a connection, one a line: number or direction, time since the connection began, kind, size. */
export function callLog(connection: Connection): string {
  const { log } = connection;
  const first = Math.max(connection.firstFrame, log.length - shownFrames);
  const places = placesFrom(connection, first);
  const gaps = gapsFrom(connection, first);
  const rows: Row[] = [];
  const addGapsUntil = (sequence: number): void => {
    const count = gaps.findIndex((gap) => gap.sequence > sequence);
    const past = gaps.splice(0, count === -1 ? gaps.length : count);
    for (const gap of past) rows.push(toGapRow(connection, gap));
  };
  for (let index = first; index < log.length; index++) {
    addGapsUntil(log.sequence(index));
    rows.push(toRow(connection, index, places.get(index)));
  }
  addGapsUntil(Number.POSITIVE_INFINITY);
  const lines = alignRows(rows).map((row) => `  - ${row}`);
  const earlier = first - connection.firstFrame;
  if (earlier > 0) lines.unshift(`  - … ${earlier} earlier ${earlier === 1 ? 'frame' : 'frames'}`);
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

/** The newest times without a connection, those before the first shown frame left out. */
function gapsFrom({ log, reconnection }: Connection, first: number): Gap[] {
  const after = first === 0 ? 0 : log.sequence(first - 1);
  return (reconnection?.gaps ?? []).filter(({ sequence }) => sequence > after).slice(-shownFrames);
}

/** `gap  +52 ms  closed with 1006 Abnormal closure, by the network, open again after 120 ms`. */
function toGapRow(connection: Connection, { closeInfo, endedAt, isRecovered, lostAt }: Gap): Row {
  const isOver = endedAt === undefined ? 'reconnecting' : 'not open again';
  const end = isRecovered && endedAt !== undefined ? `open again after ${formatMs(endedAt - lostAt)}` : isOver;
  const text = `closed with ${describeClose(closeInfo)}, ${end}`;
  return { label: 'gap', time: describeTime(connection, lostAt), text };
}

/** A received frame's place among those that waits claim. */
interface Place {
  readonly queue: Pick<ClaimQueue<Claimable>, 'holder'>;
  readonly index: number;
}

function placesFrom({ messages, pings, pongs }: Connection, firstFrame: number): Map<number, Place> {
  const places = new Map<number, Place>();
  for (const queue of [messages, pings, pongs]) {
    for (let index = queue.length - 1; index >= 0 && queue.frameOf(index) >= firstFrame; index--) {
      places.set(queue.frameOf(index), { queue, index });
    }
  }
  return places;
}

function toRow(connection: Connection, index: number, place: Place | undefined): Row {
  const { log } = connection;
  return {
    label: place?.queue === connection.messages ? `#${place.index + 1}` : log.direction(index),
    time: describeTime(connection, log.monotonicTime(index)),
    opcode: log.opcode(index),
    size: `${log.size(index)} B`,
    text: `${previewFrame(connection, index)}${noteOf(connection, index, place)}`,
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

function noteOf({ log }: Connection, index: number, place: Place | undefined): string {
  const hiddenBy = log.hiddenBy(index);
  if (hiddenBy !== undefined) return `  (hidden by ${hiddenBy})`;
  const holder = place?.queue.holder(place.index);
  if (holder === undefined) return '';
  return `  (claimed by ${holder.method} at ${describeLocation(holder.site?.location)})`;
}

function alignRows(rows: readonly Row[]): string[] {
  const width = (column: keyof Row): number => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  const [label, time, opcode, size] = [width('label'), width('time'), width('opcode'), width('size')];
  return rows.map((row) => {
    const kind = row.opcode === undefined ? [] : [row.opcode.padEnd(opcode), (row.size ?? '').padStart(size)];
    return [row.label.padEnd(label), row.time.padStart(time), ...kind, row.text].join('  ').trimEnd();
  });
}
