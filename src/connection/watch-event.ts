import type { CloseInfo } from '../support/errors.ts';
import type { Connection } from './connection.ts';
import type { WaitSubject } from './wait-record.ts';
import type { Wait, Watch } from './waits.ts';

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

  /** What was on its way is gone with the connection. */
  lost(wait: Wait, connection: Connection, closeInfo: CloseInfo): void {
    wait.end({ kind: 'closed', connection, closeInfo });
  }

  stop(): void {
    this.#stop?.();
  }
}
