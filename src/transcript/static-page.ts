import { visibleLine, visibleLines } from './viewer/visible-text.ts';
import { formatBytes, formatMoment, plural } from './viewer/format.ts';
import type { ConnectionLine, FindingLine, FrameLine, WaitLine } from './viewer/lines.ts';
import { LineReader, shortMarks } from './viewer/line-reader.ts';
import { textOf } from './viewer/payload.ts';
import { describeAnswer, describeEnd, describeKind, describeOutcome } from './viewer/words.ts';

/** Frames from the first one on, and up to the last one, that the page shows without its script. */
const shownFrames = 100;
/** Connections, and problems, that it shows. */
const shownFacts = 100;
/** Characters of a payload. */
const shownCharacters = 500;

/** The part of the page that is seen where scripts do not run. It reads the lines of the transcript as they are written. */
export class StaticPage {
  readonly #reader = new LineReader();
  readonly #first: string[] = [];
  readonly #connections = new FactRows();
  readonly #problems = new FactRows();
  /** Ends of chunks, with the last frames. */
  #last: Chunk[] = [];
  /** Frames of the transcript, those that its lines leave out as well. */
  #frames = 0;

  /** @param bytes Whole lines; they may be overwritten when this returns. */
  add(bytes: Buffer): void {
    const rest = this.#addFirst(bytes);
    // Of 100,000 frames two hundred are looked at: a call for each of the others would take as long as to compress them.
    for (let start = nextLong(bytes, rest); start < bytes.length; start = nextLong(bytes, endOf(bytes, start) + 1)) {
      if (!isFrame(bytes, start)) this.#addFact(lineAt(bytes, start));
    }
    this.#addLast(bytes, rest);
  }

  *render(): Generator<string> {
    yield '<p>The frames in full, with filters, need JavaScript.</p>\n';
    yield* table('Connections', connectionColumns, this.#connections.all('connection', connectionColumns));
    yield* table('Problems', problemColumns, this.#problems.all('problem', problemColumns));
    const last = this.#lastLines();
    const left = Math.max(0, this.#frames - this.#first.length - last.length);
    const gap = leftRow(left, 'frame', frameColumns);
    const rows = [...this.#rows(this.#first), ...gap, ...this.#rows(last)];
    yield* table('Frames', frameColumns, rows);
  }

  /** Looks at all lines up to the hundredth frame; returns where the next one begins. */
  #addFirst(bytes: Buffer): number {
    let start = 0;
    for (; start < bytes.length && this.#first.length < shownFrames; start = endOf(bytes, start) + 1) {
      if (isFrame(bytes, start)) this.#first.push(lineAt(bytes, start));
      else this.#addFact(lineAt(bytes, start));
    }
    return start;
  }

  /** @param from Where the frames begin that are not among the first ones. */
  #addLast(bytes: Buffer, from: number): void {
    let start = bytes.length;
    let frames = 0;
    while (start > from && frames < shownFrames) {
      start = startBefore(bytes, start);
      if (isFrame(bytes, start)) frames += 1;
    }
    this.#last.push({ bytes: Buffer.from(bytes.subarray(start)), frames });
    while (framesIn(this.#last.slice(1)) >= shownFrames) this.#last = this.#last.slice(1);
  }

  #lastLines(): string[] {
    const lines: string[] = [];
    for (const { bytes } of this.#last) {
      for (let start = 0; start < bytes.length; start = endOf(bytes, start) + 1) {
        if (isFrame(bytes, start)) lines.push(lineAt(bytes, start));
      }
    }
    return lines.slice(-shownFrames);
  }

  #rows(texts: readonly string[]): string[] {
    const lines = texts.map((text) => this.#reader.read(text));
    return lines.map((line) => (line.type === 'frame' ? drawRow(frameCells(line)) : ''));
  }

  #addFact(text: string): void {
    if (text === '') return;
    const line = this.#reader.read(text);
    if (line.type === 'transcript') this.#frames = line.frames;
    else if (line.type === 'connection') this.#connections.add(() => connectionRow(line));
    else if (line.type === 'wait' && line.outcome !== 'passed') this.#problems.add(() => waitRow(line));
    else if (line.type === 'finding' || line.type === 'note') this.#problems.add(() => findingRow(line));
  }
}

/** The first rows of a table, and how many there are. */
class FactRows {
  readonly #rows: string[] = [];
  #count = 0;

  add(draw: () => string): void {
    if (this.#count++ < shownFacts) this.#rows.push(draw());
  }

  all(what: string, columns: readonly string[]): string[] {
    return [...this.#rows, ...leftRow(this.#count - this.#rows.length, what, columns)];
  }
}

interface Chunk {
  readonly bytes: Buffer;
  readonly frames: number;
}

function framesIn(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { frames }) => sum + frames, 0);
}

const lineFeed = 0x0a;

/** The end of the line that begins at `start`. */
function endOf(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(lineFeed, start);
  return end === -1 ? bytes.length : end;
}

function lineAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, endOf(bytes, start));
}

/** The beginning of the line before the one that begins at `start`. */
function startBefore(bytes: Buffer, start: number): number {
  return start < 2 ? 0 : bytes.lastIndexOf(lineFeed, start - 2) + 1;
}

const longStart = '\n{';

/** Where the first line begins, from the beginning of one on, that is no short frame. */
function nextLong(bytes: Buffer, from: number): number {
  if (bytes[from] === longStart.charCodeAt(1)) return from;
  const before = bytes.indexOf(longStart, from);
  return before === -1 ? bytes.length : before + 1;
}

const frameStart: Buffer = Buffer.from('{"type":"frame"');
const shortBytes: readonly number[] = Object.values(shortMarks).map((mark) => mark.charCodeAt(0));

function isFrame(bytes: Buffer, start: number): boolean {
  if (shortBytes.includes(bytes[start])) return true;
  for (let index = frameStart.length - 1; index >= 0; index--) {
    if (bytes[start + index] !== frameStart[index]) return false;
  }
  return true;
}

/** A text as HTML shows it: markup, and characters that would not be seen, lose their meaning. */
export function escapeHtml(text: string): string {
  return visibleLine(text).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The same for lines that stand between tags: quotes mean nothing there, and lines of JSON are full of them. */
export function escapeLines(text: string): string {
  return visibleLines(text).replaceAll(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const connectionColumns = ['Name', 'URL', 'Opening handshake', 'End'];
const problemColumns = ['What', 'Where', 'Text'];
const frameColumns = ['#', 'Time', 'Connection', 'Direction', 'Opcode', 'Size', 'Claimed by', 'Payload'];

function* table(caption: string, columns: readonly string[], rows: readonly string[]): Generator<string> {
  if (rows.length === 0) return;
  const heads = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  yield `<table>\n<caption>${caption}</caption>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n`;
  yield* rows;
  yield '</tbody>\n</table>\n';
}

function drawRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(shorten(cell))}</td>`).join('')}</tr>\n`;
}

/** What a table leaves out; no row when that is nothing. */
function leftRow(count: number, what: string, columns: readonly string[]): string[] {
  return count === 0 ? [] : [`<tr><td colspan="${columns.length}">${plural(count, what)} not shown here</td></tr>\n`];
}

function frameCells(frame: FrameLine): string[] {
  const { claimedBy, connection, direction, message, ms, opcode, size } = frame;
  const claim = claimedBy === undefined ? '' : `${claimedBy.method}, ${claimedBy.location}`;
  const text = textOf(frame);
  const payload = text === '' ? (frame.base64 ?? '') : text;
  const number = message === undefined ? '' : String(message);
  return [number, formatMoment(ms), connection, direction, opcode, formatBytes(size), claim, payload];
}

function connectionRow(line: ConnectionLine): string {
  return drawRow([line.name, line.url, describeAnswer(line), describeEnd(line)]);
}

function waitRow(line: WaitLine): string {
  return drawRow([`${line.method} ${describeOutcome(line)}`, line.location, line.expected ?? '']);
}

function findingRow(line: FindingLine): string {
  return drawRow([describeKind(line), line.location, line.text]);
}

function shorten(text: string): string {
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters)}…`;
}
