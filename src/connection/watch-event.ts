import type { WaitSubject } from './wait-record.ts';
import type { Watch } from './waits.ts';

export interface EventWatchOptions {
  /** Text behind `Received:` in a failure. */
  readonly received: () => string;
  /** Called when the wait has ended, whatever ended it. */
  readonly stop?: () => void;
}

/** Waits for something that calls back: who starts the wait passes or ends it. */
export class EventWatch implements Watch {
  readonly subject: WaitSubject;
  readonly #stop: (() => void) | undefined;

  constructor(expected: string, { received, stop }: EventWatchOptions) {
    this.subject = { expected: () => expected, received };
    this.#stop = stop;
  }

  start(): void {}

  stop(): void {
    this.#stop?.();
  }
}
