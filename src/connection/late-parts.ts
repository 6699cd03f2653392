import type { FrameLog } from '../frames/frame-log.ts';
import { ClaimQueue } from './claim-queue.ts';
import { ControlFrame } from './control-frame.ts';
import { Pings } from './pings.ts';
import type { Wait } from './waits.ts';

/** What an idle connection has no use for: made when it is first used, since a test may hold thousands of them. */
export abstract class LateParts {
  abstract readonly log: FrameLog;
  #pings: ClaimQueue<ControlFrame> | undefined;
  #pongs: ClaimQueue<ControlFrame> | undefined;
  #ownPings: Pings | undefined;
  #waits: Set<Wait> | undefined;

  /** Received pings that waits may claim. */
  get pings(): ClaimQueue<ControlFrame> {
    return (this.#pings ??= this.#createQueue());
  }

  /** Received pongs that waits may claim: not those of our own pings. */
  get pongs(): ClaimQueue<ControlFrame> {
    return (this.#pongs ??= this.#createQueue());
  }

  /** Pings of ours. */
  get ownPings(): Pings {
    return (this.#ownPings ??= new Pings());
  }

  /** Pending waits. */
  get waits(): Set<Wait> {
    return (this.#waits ??= new Set());
  }

  #createQueue(): ClaimQueue<ControlFrame> {
    return new ClaimQueue((frame, index) => new ControlFrame(this.log, frame, index));
  }
}
