import { wantedExpectation } from '../explain/nearest.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { Claimer } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import type { WaitRecord } from './wait-record.ts';

/** A retried assertion leaves one watch an attempt; each costs a look at every later message. */
const mostWatches = 10;

/** Looks on after a deadline, whether the message comes after all: claims nothing, only completes the record. */
export class LateWatches {
  readonly #connection: Connection;
  #claimers: Set<Claimer<LoggedMessage>> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Looks on for a wait that timed out, unless it was not about messages, or everything it wanted of this one came. */
  add(record: WaitRecord): void {
    const wanted = record.subject.missing === undefined ? undefined : wantedExpectation(record, this.#connection);
    if (wanted === undefined || this.#connection.closeInfo !== undefined) return;
    const look = (message: LoggedMessage): void => {
      if (record.late === undefined && !wanted.matches(message)) return;
      const { monotonicTime } = message;
      record.late ??= { message, after: monotonicTime - (record.endedAt ?? monotonicTime) };
      this.#remove(claimer);
    };
    // What another wait gives back came before: it is not late.
    const claimer: Claimer<LoggedMessage> = { offer: look, returned: () => {} };
    const claimers = (this.#claimers ??= new Set());
    claimers.add(claimer);
    this.#connection.messages.register(claimer);
    if (claimers.size > mostWatches) for (const oldest of [...claimers].slice(0, 1)) this.#remove(oldest);
  }

  clear(): void {
    for (const claimer of [...(this.#claimers ?? [])]) this.#remove(claimer);
  }

  #remove(claimer: Claimer<LoggedMessage>): void {
    this.#claimers?.delete(claimer);
    this.#connection.messages.unregister(claimer);
  }
}
