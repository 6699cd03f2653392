import type { Wait } from './waits.ts';

const none: readonly Wait[] = [];

/** The pending waits of a connection, the oldest first. Most have one at a time: a set for it would take longer than the wait. */
export class PendingWaits implements Iterable<Wait> {
  #first: Wait | undefined;
  /** All of them younger than the first. */
  #others: Set<Wait> | undefined;

  get size(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  /** Those that pend now: going through them ends some. */
  get all(): readonly Wait[] {
    if (this.#others !== undefined && this.#others.size > 0) return [...this];
    return this.#first === undefined ? none : [this.#first];
  }

  add(wait: Wait): void {
    if (this.size === 0) this.#first = wait;
    else if (this.#first !== wait) (this.#others ??= new Set()).add(wait);
  }

  delete(wait: Wait): void {
    if (this.#first === wait) this.#first = undefined;
    else this.#others?.delete(wait);
  }

  *[Symbol.iterator](): IterableIterator<Wait> {
    if (this.#first !== undefined) yield this.#first;
    if (this.#others !== undefined) yield* this.#others;
  }
}
