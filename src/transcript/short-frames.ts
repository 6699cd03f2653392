import type { Direction } from '../frames/frame.ts';
import type { FrameContents } from './frame-contents.ts';
import type { FrameLines } from './frame-lines.ts';
import type { JsonBytes } from './json-bytes.ts';
import type { FrameRecord } from './transcript-frames.ts';
import { shortMarks } from './viewer/line-reader.ts';

/** What frames are written with. */
export interface ShortFramesForm {
  /** Writes the frames that cannot be short. */
  readonly lines: FrameLines;
  readonly contents: FrameContents;
  readonly payloadBytes: number;
  /** Wall-clock milliseconds at which the first connection began. */
  readonly startedAt: number;
}

/**
 * Writes frames for the page. Of plain text without a claim there may be 100,000, and a line of names for each would be
 * most of the work: such a frame is a line `<` (received) or `>` (sent), its numbers, and its text as it came.
 */
export class ShortFrames {
  readonly #form: ShortFramesForm;
  /** As the first line of the transcript tells it. */
  readonly #startedAt: number;

  constructor(form: ShortFramesForm) {
    this.#form = form;
    this.#startedAt = Math.floor(form.startedAt);
  }

  /** @param position Its place in the transcript, from 0. */
  write(frame: FrameRecord, position: number, out: JsonBytes): void {
    const afterMs = Math.floor(frame.time) - this.#startedAt;
    const micros = Math.round(frame.ms * 1000);
    if (afterMs < 0 || micros < 0 || !this.#canBeShort(frame, position)) {
      return this.#form.lines.write(frame, position, out);
    }
    const { direction, message = 0, owner, payload, sequence } = frame;
    out.byte(marks[direction]);
    writeNumber(sequence, out);
    writeNumber(afterMs, out);
    writeNumber(micros, out);
    writeNumber(owner, out);
    writeNumber(message, out);
    writeNumber(payload.length, out);
    out.copy(payload);
    out.byte(lineFeed);
  }

  #canBeShort(frame: FrameRecord, position: number): boolean {
    const { contents, payloadBytes } = this.#form;
    if (frame.claimedBy !== undefined || frame.hiddenBy !== undefined || frame.isInvalid) return false;
    return contents.isPlain(frame, position, payloadBytes) && !frame.payload.includes(lineFeed);
  }
}

function writeNumber(number: number, out: JsonBytes): void {
  out.integer(number);
  out.byte(space);
}

const space = 0x20;
const lineFeed = 0x0a;
const marks: Readonly<Record<Direction, number>> = {
  sent: shortMarks.sent.charCodeAt(0),
  received: shortMarks.received.charCodeAt(0),
};
