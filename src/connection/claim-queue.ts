import type { WaitRecord } from './wait-record.ts';

/** A wait's interest in one queue. Nothing of it throws; it may hold and give back items meanwhile. */
export interface Claimer<Item> {
  /** Looks at a new item that nobody holds. */
  offer(item: Item): void;
  /** A new item went to an older wait. */
  missed?(item: number): void;
  /** Looks at items that another wait gave back, in order; all of them were offered before. */
  returned(items: readonly Item[]): void;
}

/** What a queue keeps. */
export interface Claimable {
  /** Position in its queue, from 0. */
  readonly index: number;
  readonly sequence: number;
}

/**
 * Received items of one kind in order of arrival, with who holds each: selective receive, as in Erlang. Items are never
 * removed; a held one is not offered again unless it is given back.
 */
export class ClaimQueue<Item extends Claimable> {
  readonly #make: (frame: number, index: number) => Item;
  readonly #frames: number[] = [];
  readonly #items: (Item | undefined)[] = [];
  readonly #holders: (WaitRecord | undefined)[] = [];
  readonly #claimers = new Set<Claimer<Item>>();
  #firstFree = 0;
  #floor = 0;

  /** @param make Makes the item of a frame; called when somebody first looks at it. */
  constructor(make: (frame: number, index: number) => Item) {
    this.#make = make;
  }

  get length(): number {
    return this.#frames.length;
  }

  /** Index of the first item of the current test: older ones are not offered. */
  get floor(): number {
    return this.#floor;
  }

  /** Lets a test begin: what came before it is neither offered nor counted. */
  raiseFloor(): void {
    this.#floor = this.#frames.length;
    this.#firstFree = this.#floor;
  }

  at(index: number): Item {
    const known = this.#items[index];
    if (known !== undefined) return known;
    const item = this.#make(this.#frames[index], index);
    this.#items[index] = item;
    return item;
  }

  /** Index in the frame log of an item's frame. */
  frameOf(index: number): number {
    return this.#frames[index];
  }

  /** The wait that claimed or reserved the item. */
  holder(index: number): WaitRecord | undefined {
    return this.#holders[index];
  }

  /**
   * Records a frame and offers it to the pending claimers, the oldest first.
   *
   * @param item The frame's item, when it was made already.
   */
  add(frame: number, item?: Item): void {
    const index = this.#frames.push(frame) - 1;
    this.#items.push(item);
    this.#holders.push(undefined);
    if (this.#claimers.size > 0) this.#offer(index);
  }

  /** Items that nobody holds, the oldest first. Holding the current one while iterating is allowed. */
  *free(): IterableIterator<Item> {
    this.#skipHeld();
    for (let index = this.#firstFree; index < this.#frames.length; index++) {
      if (this.#holders[index] === undefined) yield this.at(index);
    }
  }

  hold(item: Item, record: WaitRecord): void {
    this.#holders[item.index] = record;
  }

  /** Takes back a hold without offering the item to anybody. */
  release(item: Item): void {
    this.#holders[item.index] = undefined;
    this.#firstFree = Math.max(this.#floor, Math.min(this.#firstFree, item.index));
  }

  /** Gives items back, in order, to the other pending claimers, the oldest first. */
  giveBack(items: Iterable<Item>, giver: Claimer<Item>): void {
    const inOrder = [...items].toSorted((a, b) => a.index - b.index);
    for (const item of inOrder) this.release(item);
    for (const claimer of this.#claimers) {
      const free = inOrder.filter(({ index }) => this.#holders[index] === undefined);
      if (free.length === 0) return;
      if (claimer !== giver) claimer.returned(free);
    }
  }

  register(claimer: Claimer<Item>): void {
    this.#claimers.add(claimer);
  }

  unregister(claimer: Claimer<Item>): void {
    this.#claimers.delete(claimer);
  }

  /** Who gives something back while it is offered an item may change who holds that item: only the queue knows. */
  #offer(index: number): void {
    for (const claimer of this.#claimers) {
      if (this.#holders[index] === undefined) claimer.offer(this.at(index));
      else claimer.missed?.(index);
    }
  }

  #skipHeld(): void {
    while (this.#firstFree < this.#frames.length && this.#holders[this.#firstFree] !== undefined) this.#firstFree += 1;
  }
}
