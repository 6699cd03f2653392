import type { CompiledExpectation } from '../expectation/compile.ts';
import type { Position } from '../frames/mark.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { errorMessage, type CloseInfo } from '../support/errors.ts';
import type { Claimer } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import type { WaitSubject } from './wait-record.ts';
import type { Wait, Watch } from './waits.ts';

export interface QuietWatchOptions {
  readonly expectation: CompiledExpectation;
  readonly after: Position | undefined;
  /** Ends the window of each connection with a round trip; without it, the deadline ends all of them. */
  readonly fence: StartFence | undefined;
}

/**
 * Sends what ends a connection's window and calls back, in its turn, when the answer came. Called after the buffer was
 * looked at. Throws what keeps it from being sent.
 */
export type StartFence = (wait: Wait, connection: Connection, answered: () => void) => StartedFence;

/** A fence that waits for its answer. */
export interface StartedFence {
  /** Gives up the interest in the answer. */
  giveUp(): void;
  /** Why what came is no answer, when that needs to be said. */
  readonly remark?: string | undefined;
}

/** Passes when its window ends and no unclaimed message met the expectation; a message that meets it fails at once. */
export class QuietWatch implements Watch {
  readonly subject: WaitSubject;
  readonly #options: QuietWatchOptions;
  readonly #listeners = new Map<Connection, Claimer<LoggedMessage>>();
  readonly #fences: StartedFence[] = [];
  #quietFor = 0;

  constructor(options: QuietWatchOptions) {
    this.#options = options;
    this.subject = {
      expected: () => `no ${options.expectation.describe().replace(/^any /, '')} ${this.#describeWindow()}`,
      expectations: [options.expectation],
      after: options.after,
    };
  }

  start(wait: Wait): void {
    const { connections, timeout } = wait.record;
    this.#quietFor = timeout;
    for (const connection of connections) this.#lookBack(wait, connection);
    if (!wait.isPending || connections.some((connection) => connection.closeInfo !== undefined)) return;
    for (const connection of connections) this.#endInGap(wait, connection);
    // A fence looks first: its own answer ends the window and is not judged.
    for (const connection of connections) this.#startFence(wait, connection);
    if (!wait.isPending) return;
    for (const connection of connections) this.#listen(wait, connection);
  }

  stop(): void {
    for (const connection of [...this.#listeners.keys()]) this.#stopListening(connection);
    for (const fence of this.#fences.splice(0)) fence.giveUp();
  }

  /** Silence without a connection proves nothing. */
  lost(wait: Wait, connection: Connection, closeInfo: CloseInfo): void {
    wait.end({ kind: 'closed', connection, closeInfo });
  }

  /** With a fence the deadline means that the fence's answer is missing. */
  expired(wait: Wait): void {
    if (this.#options.fence === undefined) return wait.pass();
    const remarks = this.#fences.map(({ remark }) => (remark === undefined ? '' : `\n${remark}`));
    wait.end({ kind: 'fence', text: `not answered within ${wait.record.timeout}ms${remarks.join('')}` });
  }

  #endInGap(wait: Wait, connection: Connection): void {
    if (connection.gap !== undefined) this.lost(wait, connection, connection.gap.closeInfo);
  }

  #describeWindow(): string {
    return this.#options.fence === undefined ? `for ${this.#quietFor}ms` : 'until the fence is answered';
  }

  #startFence(wait: Wait, connection: Connection): void {
    const { fence } = this.#options;
    if (fence === undefined || !wait.isPending) return;
    try {
      this.#fences.push(fence(wait, connection, () => this.#answered(wait, connection)));
    } catch (error) {
      wait.end({ kind: 'fence', text: `could not be sent: ${errorMessage(error)}` });
    }
  }

  /** What comes after the answer is outside of the window. */
  #answered(wait: Wait, connection: Connection): void {
    this.#stopListening(connection);
    if (this.#listeners.size === 0) wait.pass();
  }

  #stopListening(connection: Connection): void {
    const claimer = this.#listeners.get(connection);
    if (claimer !== undefined) connection.messages.unregister(claimer);
    this.#listeners.delete(connection);
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
    this.#listeners.set(connection, claimer);
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
