import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Connection } from '../connection/connection.ts';
import { now } from '../support/clock.ts';
import { LiveTranscript } from '../transcript/live.ts';
import { escapeHtml, escapeLines } from '../transcript/static-page.ts';
import type { ReportSettings } from './report-option.ts';

/** Where a live page stands, and what it is about. */
export interface LivePagePlace {
  /** A path that nothing has yet. */
  newPath(): string;
  /** Told once the file is there. */
  created(path: string): void;
  readonly title: string;
  readonly report: Pick<ReportSettings, 'limits' | 'maskText'>;
}

/** A frame is on the disk when its turn ends, or, in a flood, that many milliseconds later. */
const slowestWriteMs = 20;
/** A flood is what comes faster: a write costs 0.1 ms, so that writing takes a twentieth of the time at most. */
const writeIntervalMs = 2;
/** Writes that may follow each other without a pause: a conversation comes in bursts. */
const writesInBurst = 50;
/** Enough to see what set the test up, and what it did when its process ended; a usual test is here as a whole. */
const headFrames = 500;
const tailFrames = 2000;
const mostPayloadBytes = 4096;

/**
 * `websocket.html` while its test runs: a plain page that grows frame by frame, for the case that the process ends before
 * the test does. What the disk refuses is not told here: at the end of the test the page is written anew.
 */
export class LivePage {
  readonly #place: LivePagePlace;
  readonly #transcript: LiveTranscript;
  readonly #stops: (() => void)[] = [];
  #path: string | undefined;
  #file: number | undefined;
  /** Nothing is written any more: the test has ended, or the disk refused. */
  #isOver = false;
  #bytes = 0;
  /** Bytes that stay, and frames behind them. */
  #head: number | undefined;
  #frames = 0;
  /** When the next write would be due if all came evenly; far ahead in a flood. */
  #paidUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #turnEnd: NodeJS.Immediate | undefined;

  constructor(place: LivePagePlace) {
    this.#place = place;
    const { limits, maskText } = place.report;
    const payloadBytes = Math.min(mostPayloadBytes, limits.payloadBytes ?? mostPayloadBytes);
    this.#transcript = new LiveTranscript({ payloadBytes, maskText });
    const exiting = (): void => {
      this.#transcript.allChanged();
      this.#write();
    };
    process.once('exit', exiting);
    this.#stops.push(() => process.off('exit', exiting));
  }

  /** The file, once there is one. */
  get path(): string | undefined {
    return this.#path;
  }

  /** @param after Sequence number up to which its frames belong to earlier tests. */
  watch(connection: Connection, after?: number): void {
    if (this.#isOver) return;
    const changed = (): void => {
      this.#transcript.changed(connection);
      this.#soon();
    };
    this.#stops.push(connection.onChange(changed));
    this.#transcript.add(connection, after);
    if (after === undefined) this.#write();
  }

  /** Writes what is left, and no more. */
  stop(): void {
    if (this.#isDue) this.#write();
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#forgetDue();
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  get #isDue(): boolean {
    return this.#timer !== undefined || this.#turnEnd !== undefined;
  }

  /** Behind what goes on in this turn: who waits for a frame does not wait for the disk too. */
  #soon(): void {
    if (this.#isDue) return;
    const isFlood = this.#paidUntil - now() > writesInBurst * writeIntervalMs;
    if (isFlood) this.#timer = setTimeout(() => this.#write(), slowestWriteMs).unref();
    else this.#turnEnd = setImmediate(() => this.#write());
  }

  #forgetDue(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turnEnd);
    this.#timer = undefined;
    this.#turnEnd = undefined;
  }

  #write(): void {
    this.#forgetDue();
    try {
      this.#file ??= this.#create();
      if (this.#head === undefined) this.#writeHead(this.#file);
      if (this.#head !== undefined) this.#writeTail(this.#file, this.#head);
    } catch {
      // A full disk must not fail what the user does; the end of the test tells of it.
      this.#end();
    }
    this.#paidUntil = Math.max(this.#paidUntil, now()) + writeIntervalMs;
  }

  #create(): number {
    const path = this.#place.newPath();
    const file = openSync(path, 'wx');
    // Before the disk may refuse more: it is closed at the end.
    this.#file = file;
    this.#path = path;
    this.#place.created(path);
    this.#bytes = writeSync(file, pageHead(this.#place.report.maskText(this.#place.title)));
    return file;
  }

  #writeHead(file: number): void {
    const { frames, text } = this.#transcript.take(headFrames - this.#frames);
    this.#append(file, text);
    this.#frames += frames;
    if (this.#frames < headFrames) return;
    this.#head = this.#bytes;
    this.#frames = 0;
    this.#transcript.endHead();
  }

  /** Twice as many as needed may stand there, so that writing all anew is rare. */
  #writeTail(file: number, head: number): void {
    const isFull = this.#frames + this.#transcript.waiting > 2 * tailFrames;
    const { frames, text } = isFull ? this.#transcript.tail(tailFrames) : this.#transcript.take();
    if (isFull) {
      ftruncateSync(file, head);
      this.#bytes = head;
    }
    this.#frames = isFull ? frames : this.#frames + frames;
    this.#append(file, text);
  }

  #append(file: number, text: string): void {
    if (text !== '') this.#bytes += writeSync(file, escapeLines(text), this.#bytes);
  }
}

/** Nothing behind it is needed: browsers close what is open at the end of a file. */
function pageHead(title: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>body { font: 14px/1.5 system-ui, sans-serif; margin: 16px } pre { white-space: pre-wrap; overflow-wrap: anywhere }</style>
<h1>${escapeHtml(title)}</h1>
<p>The worker process ended before the test did. These are its connections and frames until then, as lines of <code>websocket.jsonl</code>.</p>
<pre>
`;
}
