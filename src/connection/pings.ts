import { now } from '../support/clock.ts';

interface OutstandingPing {
  readonly payload: Buffer;
  readonly sentAt: number;
  readonly answered: (roundTrip: number) => void;
}

/** How long a pong took. Times are monotonic milliseconds. */
export interface RoundTrip {
  /** When the pong came. */
  readonly time: number;
  readonly ms: number;
}

/** Pings of ours that wait for their pong; their pongs belong to them and are not offered to assertions. */
export class Pings {
  /** Of every pong that answered its own ping. */
  readonly roundTrips: RoundTrip[] = [];
  readonly #outstanding: OutstandingPing[] = [];
  #count = 0;

  /** A payload that no other ping of this connection has. */
  nextPayload(): Buffer {
    this.#count += 1;
    return Buffer.from(`playwright-ws ${this.#count}`);
  }

  sent(payload: Buffer, answered: (roundTrip: number) => void): void {
    this.#outstanding.push({ payload, sentAt: now(), answered });
  }

  /** Forgets all: their pongs cannot come on another connection. */
  clear(): void {
    this.#outstanding.length = 0;
  }

  /** Forgets a ping whose pong nobody waits for any longer. */
  forget(payload: Buffer): void {
    const index = this.#outstanding.findIndex((ping) => ping.payload === payload);
    if (index !== -1) this.#outstanding.splice(index, 1);
  }

  /**
   * Whether the pong answers one of our pings. A peer may answer only the newest of several pings, RFC 6455 section
   * 5.5.3, so older ones count as answered too.
   */
  take(pong: Buffer): boolean {
    const index = this.#outstanding.findIndex((ping) => ping.payload.equals(pong));
    if (index === -1) return false;
    const time = now();
    // A pong answers older pings too; how long theirs would have taken is not known.
    this.roundTrips.push({ time, ms: time - this.#outstanding[index].sentAt });
    for (const ping of this.#outstanding.splice(0, index + 1)) ping.answered(time - ping.sentAt);
    return true;
  }
}
