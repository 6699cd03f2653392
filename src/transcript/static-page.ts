import { visibleLine } from './viewer/visible-text.ts';
import { formatBytes, formatMoment, plural } from './viewer/format.ts';
import type { ConnectionLine, FindingLine, FrameLine, Line, WaitLine } from './viewer/lines.ts';
import { parseLine } from './viewer/lines.ts';
import { textOf } from './viewer/payload.ts';
import { describeAnswer, describeEnd, describeKind, describeOutcome } from './viewer/words.ts';

/** Frames from the first one on, and up to the last one, that the page shows without its script. */
const shownFrames = 100;
/** Connections, waits and findings that it shows. */
const shownFacts = 100;
/** Characters of a payload. */
const shownCharacters = 500;

/** The part of the page that is seen where scripts do not run. It reads the lines of the transcript as they are written. */
export class StaticPage {
  readonly #first: string[] = [];
  readonly #connections: string[] = [];
  readonly #problems: string[] = [];
  #last: string[] = [];
  #frames = 0;
  /** Frames that the lines left out as well. */
  #cut = 0;

  /** @param chunk Whole lines. */
  add(chunk: string): void {
    for (const line of chunk.split('\n')) {
      // Of 100,000 frames two hundred are looked at.
      if (line.startsWith('{"type":"frame"')) this.#addFrame(line);
      else if (line !== '') this.#addFact(parseLine(line));
    }
  }

  *render(): Generator<string> {
    yield '<p>The frames in full, with filters, need JavaScript.</p>\n';
    yield* table('Connections', ['Name', 'URL', 'Opening handshake', 'End'], this.#connections);
    yield* table('Problems', ['What', 'Where', 'Text'], this.#problems);
    const last = this.#last.slice(-shownFrames);
    const left = this.#frames + this.#cut - this.#first.length - last.length;
    const gap =
      left > 0 ? [`<tr><td colspan="${frameColumns.length}">${plural(left, 'frame')} not shown here</td></tr>\n`] : [];
    const rows = [...this.#first.map((line) => frameRow(line)), ...gap, ...last.map((line) => frameRow(line))];
    yield* table('Frames', frameColumns, rows);
  }

  #addFrame(line: string): void {
    this.#frames += 1;
    if (this.#first.length < shownFrames) this.#first.push(line);
    else this.#last.push(line);
    // Cut in halves, so that dropping the old ones costs next to nothing a line.
    if (this.#last.length > 20 * shownFrames) this.#last = this.#last.slice(-shownFrames);
  }

  #addFact(line: Line): void {
    const rows = line.type === 'connection' ? this.#connections : this.#problems;
    if (line.type === 'cut') this.#cut += line.frames;
    if (rows.length >= shownFacts) return;
    if (line.type === 'connection') rows.push(connectionRow(line));
    else if (line.type === 'wait' && line.outcome !== 'passed') rows.push(waitRow(line));
    else if (line.type === 'finding' || line.type === 'note') rows.push(findingRow(line));
  }
}

/** A text as HTML shows it: markup, and characters that would not be seen, lose their meaning. */
export function escapeHtml(text: string): string {
  return visibleLine(text).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

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

function frameRow(text: string): string {
  const line = parseLine(text);
  return line.type === 'frame' ? drawRow(frameCells(line)) : '';
}

function frameCells(frame: FrameLine): string[] {
  const { claimedBy, connection, direction, ms, opcode, sequence, size } = frame;
  const claim = claimedBy === undefined ? '' : `${claimedBy.method}, ${claimedBy.location}`;
  const text = textOf(frame);
  const payload = text === '' ? (frame.base64 ?? '') : text;
  return [String(sequence), formatMoment(ms), connection, direction, opcode, formatBytes(size), claim, payload];
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
