import type { FrameLog } from '../frames/frame-log.ts';
import type { Claimable } from './claim-queue.ts';

/** A received ping or pong that an assertion may claim. */
export class ControlFrame implements Claimable {
  readonly index: number;
  readonly sequence: number;
  readonly payload: Buffer;

  constructor(log: FrameLog, frame: number, index: number) {
    this.index = index;
    this.sequence = log.sequence(frame);
    this.payload = log.payload(frame);
  }
}
