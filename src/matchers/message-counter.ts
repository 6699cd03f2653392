import type { Connection } from '../connection/connection.ts';
import type { CompiledExpectation } from '../expectation/compile.ts';
import { countMessages } from '../explain/received.ts';
import type { LoggedMessage } from '../frames/message.ts';

/** Which messages are counted. */
export type CountedMessages = 'received' | 'sent';

/** Numbers of matched messages that a failure shows. */
const shownMatches = 3;

interface Progress {
  /** Messages or frames that were looked at. */
  seen: number;
  total: number;
  matched: number;
  /** The newest that matched, oldest first. */
  readonly newest: LoggedMessage[];
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

  /** `3 messages`, `3 sent messages`, `nothing`. */
  describeTotal(connection: Connection): string {
    const total = this.total(connection);
    if (this.#counted === 'received') return total === 0 ? 'nothing' : countMessages(total);
    return total === 0 ? 'nothing sent' : `${total} sent ${total === 1 ? 'message' : 'messages'}`;
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

  /** Numbers of the newest received messages that met it: `#3`. Sent ones have none. */
  newest(connection: Connection): string[] {
    const { newest } = this.#update(connection);
    return newest.filter(({ index }) => index >= 0).map(({ index }) => `#${index + 1}`);
  }

  /** The messages that are counted, claimed or not. */
  *looked(connection: Connection): IterableIterator<LoggedMessage> {
    for (let at = this.#first(connection); at < this.#end(connection); at++) {
      const message = this.#message(connection, at);
      if (message !== undefined) yield message;
    }
  }

  #update(connection: Connection): Progress {
    const progress = this.#progress.get(connection) ?? {
      seen: this.#first(connection),
      total: 0,
      matched: 0,
      newest: [],
    };
    this.#progress.set(connection, progress);
    for (; progress.seen < this.#end(connection); progress.seen += 1) {
      const message = this.#message(connection, progress.seen);
      if (message !== undefined) this.#count(progress, message);
    }
    return progress;
  }

  #count(progress: Progress, message: LoggedMessage): void {
    progress.total += 1;
    if (!this.#expectation.matches(message)) return;
    progress.matched += 1;
    if (progress.newest.push(message) > shownMatches) progress.newest.shift();
  }

  #first({ firstFrame, messages }: Connection): number {
    return this.#counted === 'received' ? messages.floor : firstFrame;
  }

  #end({ log, messages }: Connection): number {
    return this.#counted === 'received' ? messages.length : log.length;
  }

  /** `undefined` for a frame that is no sent message. */
  #message({ intake, log, messages }: Connection, at: number): LoggedMessage | undefined {
    if (this.#counted === 'received') return messages.at(at);
    const opcode = log.opcode(at);
    const isSent = log.direction(at) === 'sent' && (opcode === 'text' || opcode === 'binary');
    return isSent ? intake.sentMessage(at) : undefined;
  }
}
