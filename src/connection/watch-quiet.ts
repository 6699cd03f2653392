import type { CompiledExpectation } from '../expectation/compile.ts';
import type { Position } from '../frames/mark.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { Claimer } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import type { WaitSubject } from './wait-record.ts';
import type { Wait, Watch } from './waits.ts';

export interface QuietWatchOptions {
  readonly expectation: CompiledExpectation;
  readonly after: Position | undefined;
  /** Sends what ends the window early and registers for its answer; called after the buffer was looked at. */
  readonly fence: ((wait: Wait) => void) | undefined;
}

/** Passes when its window ends and no unclaimed message met the expectation; a message that meets it fails at once. */
export class QuietWatch implements Watch {
  readonly subject: WaitSubject;
  readonly #options: QuietWatchOptions;
  readonly #listeners: [Connection, Claimer<LoggedMessage>][] = [];

  constructor(options: QuietWatchOptions) {
    this.#options = options;
    this.subject = {
      expected: () => `no ${options.expectation.describe().replace(/^any /, '')}`,
      expectations: [options.expectation],
      after: options.after,
    };
  }

  start(wait: Wait): void {
    for (const connection of wait.record.connections) this.#lookBack(wait, connection);
    if (!wait.isPending || wait.record.connections.some((connection) => connection.closeInfo !== undefined)) return;
    // The fence's own answer is claimed by the fence before this watch sees it.
    this.#options.fence?.(wait);
    for (const connection of wait.record.connections) this.#listen(wait, connection);
  }

  stop(): void {
    for (const [connection, claimer] of this.#listeners) connection.messages.unregister(claimer);
  }

  /** With a fence the deadline means that the fence's answer is missing. */
  expired(wait: Wait): void {
    if (this.#options.fence === undefined) wait.pass();
    else wait.end({ kind: 'fence', text: `the fence was not answered within ${wait.record.timeout}ms` });
  }

  #lookBack(wait: Wait, connection: Connection): void {
    for (const message of connection.messages.free()) {
      if (!wait.isPending) return;
      this.#judge(wait, connection, message);
    }
  }

  #listen(wait: Wait, connection: Connection): void {
    const offer = (message: LoggedMessage): void => this.#judge(wait, connection, message);
    const claimer: Claimer<LoggedMessage> = { offer, returned: (messages) => messages.forEach(offer) };
    this.#listeners.push([connection, claimer]);
    connection.messages.register(claimer);
  }

  #judge(wait: Wait, connection: Connection, message: LoggedMessage): void {
    const { after, expectation } = this.#options;
    if (!wait.isPending || (after !== undefined && message.sequence <= after.sequence)) return;
    const met = expectation.matches(message);
    if (expectation.misuse !== undefined) wait.end({ kind: 'misuse', error: expectation.misuse });
    else if (met) wait.end({ kind: 'unwanted', connection, message });
  }
}
