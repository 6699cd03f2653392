import type { Connection } from './connection.ts';
import type { Outcome, WaitSubject } from './wait-record.ts';
import type { Wait, Watch } from './waits.ts';

/** Judges one connection as it is now. `undefined`: it may still become true. */
export type Judge = (connection: Connection) => Outcome | undefined;

export interface StateWatchOptions {
  readonly subject: Omit<WaitSubject, 'failing'>;
  readonly judge: Judge;
  /** Whether reaching the deadline is what was asked for, as in `stay`. */
  readonly passesAtDeadline?: boolean;
  /** Whether a close is judged like every other change instead of ending the wait. */
  readonly survivesClose?: boolean;
}

/** Waits until each of its connections is as expected: looked at now and after each frame and change of state. */
export class StateWatch implements Watch {
  readonly subject: WaitSubject;
  readonly #options: StateWatchOptions;
  #failing = new Set<Connection>();
  #stopListening: (() => void)[] = [];

  constructor(options: StateWatchOptions) {
    this.#options = options;
    this.subject = { ...options.subject, failing: () => [...this.#failing] };
  }

  start(wait: Wait): void {
    this.#failing = new Set(wait.record.connections);
    for (const connection of wait.record.connections) this.#look(wait, connection);
    if (!wait.isPending) return;
    this.#stopListening = wait.record.connections.map((connection) =>
      connection.onChange(() => this.#look(wait, connection)),
    );
  }

  stop(): void {
    for (const stop of this.#stopListening) stop();
  }

  closed(wait: Wait, connection: Connection): void {
    this.#look(wait, connection);
    if (!this.#failing.has(connection) || this.#options.survivesClose === true) return;
    if (connection.closeInfo !== undefined) wait.end({ kind: 'closed', connection, closeInfo: connection.closeInfo });
  }

  expired(wait: Wait): void {
    if (this.#options.passesAtDeadline === true) passUnlessLost(wait);
    else wait.end({ kind: 'timeout' });
  }

  #look(wait: Wait, connection: Connection): void {
    if (!wait.isPending) return;
    const outcome = this.#options.judge(connection);
    if (outcome === undefined) this.#failing.add(connection);
    else if (outcome.kind === 'passed') this.#failing.delete(connection);
    else wait.end(outcome);
    if (this.#failing.size === 0) wait.pass();
  }
}

/** What was to last until now does so only on an open connection. */
function passUnlessLost(wait: Wait): void {
  for (const connection of wait.record.connections) {
    const { gap, reconnection } = connection;
    if (gap !== undefined && reconnection !== undefined) {
      wait.end({ kind: 'state', text: reconnection.describe(gap), connection });
    }
  }
  wait.pass();
}
