import { crc32, constants, deflateRawSync } from 'node:zlib';
import { type JsonlOptions, writePageLines } from './jsonl.ts';
import type { EvidenceLimits } from './limits.ts';
import { maskUrls } from './mask-text.ts';
import { StaticPage, escapeHtml } from './static-page.ts';
import type { Transcript } from './transcript.ts';
import { page } from './viewer/page.generated.ts';

/** How much of a test a page holds, when nothing else is said: its list stays smooth with 200,000 frames. */
export const defaultHtmlLimits: Partial<EvidenceLimits> = {
  headFrames: 100_000,
  tailFrames: 100_000,
  totalFrames: 200_000,
};

export interface HtmlOptions extends JsonlOptions {
  /**
   * What the page is about, as its title and first line.
   *
   * @default 'WebSocket frames'
   */
  readonly title?: string | undefined;
}

/**
 * Writes a transcript as `websocket.html`: one page that needs nothing else, in chunks. It holds what `websocket.jsonl`
 * tells, compressed, and a plain table of the first and the last frames for where scripts do not run.
 */
export function* renderHtml(transcript: Transcript, options: HtmlOptions = {}): Generator<string, void, undefined> {
  const { maskText = maskUrls, title = 'WebSocket frames' } = options;
  const limits = { ...defaultHtmlLimits, ...options.limits };
  yield* renderPage(writePageLines(transcript, { ...options, limits }), maskText(title));
}

/** @param chunks Whole lines, masked: those of `websocket.jsonl`, frames also in the short form of a page. */
export function* renderPage(chunks: Iterable<Buffer>, title: string): Generator<string, void, undefined> {
  const rest = new StaticPage();
  for (const part of page.split(places)) {
    if (part === '{{title}}' || part === '{{heading}}') yield escapeHtml(title);
    else if (part === '{{data}}') yield* packLines(chunks, rest);
    else if (part === '{{static}}') yield* rest.render();
    else yield part;
  }
}

/** What the template leaves open; a group, so that they are among the parts. */
const places = /(\{\{(?:title|heading|data|static)\}\})/;

function* packLines(chunks: Iterable<Buffer>, rest: StaticPage): Generator<string> {
  const gzip = new Gzip();
  for (const chunk of chunks) {
    rest.add(chunk);
    yield gzip.add(chunk);
  }
  yield gzip.end();
}

/**
 * Compresses chunk by chunk, in this turn, as base64. `node:zlib` has a stream that is asynchronous and functions that
 * take all at once; so each chunk becomes a run of deflate blocks of its own, flushed to a whole byte, RFC 1951.
 */
class Gzip {
  #crc = 0;
  #length = 0;
  /** Bytes that do not fill a group of three: only the end of base64 may be padded. */
  #left: Buffer = gzipHeader;

  add(bytes: Buffer): string {
    this.#crc = crc32(bytes, this.#crc);
    this.#length += bytes.length;
    return this.#encode(deflateRawSync(bytes, { level: fastest, finishFlush: constants.Z_SYNC_FLUSH }));
  }

  end(): string {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    const rest = this.#encode(Buffer.concat([lastBlock, trailer]));
    return rest + this.#left.toString('base64');
  }

  #encode(bytes: Buffer): string {
    const all = Buffer.concat([this.#left, bytes]);
    const whole = all.length - (all.length % 3);
    this.#left = all.subarray(whole);
    return all.toString('base64', 0, whole);
  }
}

/** Deflate, no flags, no time, unknown system: RFC 1952 section 2.3. */
const gzipHeader: Buffer = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty block with the final bit, RFC 1951 section 3.2.6. */
const lastBlock: Buffer = Buffer.from([0x03, 0x00]);
/** Half of the time of the usual 6, for a tenth more bytes. */
const fastest = 1;
