import type { Frame } from '../frames/frame.ts';
import type { FrameLog } from '../frames/frame-log.ts';

/** The frames of a connection, in the order in which they crossed the wire: iterable, with `length` and `at`. */
export interface Frames extends Iterable<Frame> {
  readonly length: number;
  /** Negative positions count from the end, as with arrays. */
  at(position: number): Frame | undefined;
  filter(accepts: (frame: Frame) => boolean): readonly Frame[];
  find(accepts: (frame: Frame) => boolean): Frame | undefined;
}

/** Shows a frame log as {@link Frames}; a frame's object is made when it is looked at. */
export class FrameHistory implements Frames {
  readonly #log: FrameLog;

  constructor(log: FrameLog) {
    this.#log = log;
  }

  get length(): number {
    return this.#log.length;
  }

  at(position: number): Frame | undefined {
    return this.#log.at(position);
  }

  filter(accepts: (frame: Frame) => boolean): readonly Frame[] {
    return [...this.#log].filter((frame) => accepts(frame));
  }

  find(accepts: (frame: Frame) => boolean): Frame | undefined {
    for (const frame of this.#log) if (accepts(frame)) return frame;
    return undefined;
  }

  [Symbol.iterator](): Iterator<Frame> {
    return this.#log[Symbol.iterator]();
  }
}
