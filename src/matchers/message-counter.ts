import type { Connection } from '../connection/connection.ts';
import type { CompiledExpectation } from '../expectation/compile.ts';

/** Which messages are counted. */
export type CountedMessages = 'received' | 'sent';

interface Progress {
  /** Messages or frames that were looked at. */
  seen: number;
  total: number;
  matched: number;
}

/** Counts messages that meet an expectation; looks at each message once. */
export class MessageCounter {
  readonly #expectation: CompiledExpectation;
  readonly #counted: CountedMessages;
  readonly #progress = new Map<Connection, Progress>();

  constructor(expectation: CompiledExpectation, counted: CountedMessages) {
    this.#expectation = expectation;
    this.#counted = counted;
  }

  get misuse(): TypeError | undefined {
    return this.#expectation.misuse;
  }

  /** Messages of the connection that met it so far. */
  count(connection: Connection): number {
    return this.#update(connection).matched;
  }

  /** Messages of the connection that were looked at. */
  total(connection: Connection): number {
    return this.#update(connection).total;
  }

  #update(connection: Connection): Progress {
    const first = this.#counted === 'received' ? connection.messages.floor : connection.firstFrame;
    const progress = this.#progress.get(connection) ?? { seen: first, total: 0, matched: 0 };
    this.#progress.set(connection, progress);
    if (this.#counted === 'received') this.#countReceived(connection, progress);
    else this.#countSent(connection, progress);
    return progress;
  }

  #countReceived({ messages }: Connection, progress: Progress): void {
    for (; progress.seen < messages.length; progress.seen += 1) {
      progress.total += 1;
      if (this.#expectation.matches(messages.at(progress.seen))) progress.matched += 1;
    }
  }

  #countSent(connection: Connection, progress: Progress): void {
    const { log } = connection;
    for (; progress.seen < log.length; progress.seen += 1) {
      const opcode = log.opcode(progress.seen);
      if (log.direction(progress.seen) !== 'sent' || (opcode !== 'text' && opcode !== 'binary')) continue;
      progress.total += 1;
      if (this.#expectation.matches(connection.intake.sentMessage(progress.seen))) progress.matched += 1;
    }
  }
}
