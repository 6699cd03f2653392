import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Connection } from '../connection/connection.ts';
import { now } from '../support/clock.ts';
import { LiveTranscript } from '../transcript/live.ts';
import { escapeHtml } from '../transcript/static-page.ts';
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

/** A frame is on the disk at once, or, in a flood, that many milliseconds later. */
const slowestWriteMs = 20;
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
  #bytes = 0;
  /** Bytes that stay, and frames behind them. */
  #head: number | undefined;
  #frames = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(place: LivePagePlace) {
    this.#place = place;
    const { limits, maskText } = place.report;
    const payloadBytes = Math.min(mostPayloadBytes, limits.payloadBytes ?? mostPayloadBytes);
    this.#transcript = new LiveTranscript({ payloadBytes, maskText });
    const exiting = (): void => this.#write();
    process.once('exit', exiting);
    this.#stops.push(() => process.off('exit', exiting));
  }

  /** The file, once there is one. */
  get path(): string | undefined {
    return this.#path;
  }

  /** @param after Sequence number up to which its frames belong to earlier tests. */
  watch(connection: Connection, after?: number): void {
    const changed = (): void => {
      this.#transcript.changed(connection);
      this.#soon();
    };
    if (after === undefined) {
      this.#transcript.add(connection);
      this.#soon();
    } else {
      this.#transcript.add(connection, after);
    }
    this.#stops.push(connection.onChange(changed));
  }

  /** Writes what is left, and no more. */
  stop(): void {
    if (this.#timer !== undefined) this.#write();
    this.#end();
  }

  #end(): void {
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#timer);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #soon(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#writtenAt + slowestWriteMs - now();
    if (wait <= 0) this.#write();
    else this.#timer = setTimeout(() => this.#write(), wait).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#file ??= this.#create();
      const { frames, lines } = this.#transcript.take();
      this.#append(this.#file, lines);
      if (this.#head === undefined) this.#endHead(frames);
      else this.#shorten(this.#file, this.#head, frames);
    } catch {
      // A full disk must not fail what the user does; the end of the test tells of it.
      this.#end();
    }
    this.#writtenAt = now();
  }

  #create(): number {
    const path = this.#place.newPath();
    const file = openSync(path, 'wx');
    this.#path = path;
    this.#place.created(path);
    this.#bytes = writeSync(file, pageHead(this.#place.title));
    return file;
  }

  #append(file: number, lines: readonly string[]): void {
    if (lines.length > 0) this.#bytes += writeSync(file, `${lines.map(escapeHtml).join('\n')}\n`, this.#bytes);
  }

  #endHead(frames: number): void {
    this.#frames += frames;
    if (this.#frames < headFrames) return;
    this.#head = this.#bytes;
    this.#frames = 0;
    this.#transcript.endHead();
  }

  /** Twice as many as needed may stand there, so that writing all anew is rare. */
  #shorten(file: number, head: number, frames: number): void {
    this.#frames += frames;
    if (this.#frames <= 2 * tailFrames) return;
    const tail = this.#transcript.tail(tailFrames);
    ftruncateSync(file, head);
    this.#bytes = head;
    this.#append(file, tail.lines);
    this.#frames = tail.frames;
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
