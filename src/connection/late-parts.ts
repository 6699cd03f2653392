import type { FrameLog } from '../frames/frame-log.ts';
import { AutoReplies } from './auto-replies.ts';
import { ClaimQueue } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import { ControlFrame } from './control-frame.ts';
import { Events, type ClientEvent, type ClientEvents } from './events.ts';
import { Intake } from './intake.ts';
import { LateWatches } from './late-watches.ts';
import { PendingWaits } from './pending-waits.ts';
import { Pings } from './pings.ts';
import { Sender } from './sender.ts';
import { Timers } from './timers.ts';
import type { Wait } from './waits.ts';

const noWaits: readonly Wait[] = [];

/** What an idle connection has no use for: made when it is first used, since a test may hold thousands of them. */
export abstract class LateParts {
  abstract readonly log: FrameLog;
  #intake: Intake | undefined;
  #sender: Sender | undefined;
  #events: Events | undefined;
  #timers: Timers | undefined;
  #autoReplies: AutoReplies | undefined;
  #lateWatches: LateWatches | undefined;
  #pings: ClaimQueue<ControlFrame> | undefined;
  #pongs: ClaimQueue<ControlFrame> | undefined;
  #ownPings: Pings | undefined;
  #waits: PendingWaits | undefined;
  #haveTimersEnded = false;

  /** The whole that these are parts of. */
  protected abstract get whole(): Connection;

  /** Takes in what is received. */
  get intake(): Intake {
    return (this.#intake ??= new Intake(this.whole));
  }

  get sender(): Sender {
    return (this.#sender ??= new Sender(this.whole));
  }

  /** The user's handlers. */
  get events(): Events {
    return (this.#events ??= new Events(this.whole));
  }

  /** Timers that end with the client. */
  get timers(): Timers {
    if (this.#timers === undefined) {
      this.#timers = new Timers(this.whole);
      if (this.#haveTimersEnded) this.#timers.end();
    }
    return this.#timers;
  }

  get autoReplies(): AutoReplies {
    return (this.#autoReplies ??= new AutoReplies(this.whole.settings.autoReplies, this.whole));
  }

  /** Waits that timed out and still look for what they wanted. */
  get lateWatches(): LateWatches {
    return (this.#lateWatches ??= new LateWatches(this.whole));
  }

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
  get waits(): PendingWaits {
    return (this.#waits ??= new PendingWaits());
  }

  /** Those that pend now: going through them ends some. */
  protected get pendingWaits(): readonly Wait[] {
    return this.#waits?.all ?? noWaits;
  }

  /** Tells the handlers of an event. */
  emit<Event extends ClientEvent>(event: Event, ...args: ClientEvents[Event]): void {
    this.#events?.emit(event, ...args);
  }

  /** Stops the timers, also those that are set later. */
  endTimers(): void {
    this.#haveTimersEnded = true;
    this.#timers?.end();
  }

  /** Lets nobody look for what a wait wanted. */
  clearLateWatches(): void {
    this.#lateWatches?.clear();
  }

  /** Lets another test begin: what came before is offered to none of its waits. */
  protected raiseFloors(): void {
    this.#intake?.messages.raiseFloor();
    this.#pings?.raiseFloor();
    this.#pongs?.raiseFloor();
  }

  #createQueue(): ClaimQueue<ControlFrame> {
    return new ClaimQueue((frame, index) => new ControlFrame(this.log, frame, index));
  }
}
