import type { CallSite } from '../support/call-site.ts';
import { SparseList } from '../support/sparse-list.ts';

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

/** Who holds an item: a wait, or what is left of one that has passed. */
export interface Holder {
  /** `toReceiveMessage`. */
  readonly method: string;
  readonly site: CallSite | undefined;
}

const firstCapacity = 16;
/** A connection has three queues, and a test may hold thousands of idle connections. */
const noFrames = new Uint32Array(0);

/**
 * Received items of one kind in order of arrival, with who holds each: selective receive, as in Erlang. Items are never
 * removed; a held one is not offered again unless it is given back.
 */
export class ClaimQueue<Item extends Claimable> {
  readonly #make: (frame: number, index: number) => Item;
  /** By index; grows by doubling. */
  #frames = noFrames;
  #count = 0;
  readonly #items = new SparseList<Item>();
  readonly #holders = new SparseList<Holder>();
  #claimers: Set<Claimer<Item>> | undefined;
  #firstFree = 0;
  #floor = 0;

  /** @param make Makes the item of a frame; called when somebody first looks at it. */
  constructor(make: (frame: number, index: number) => Item) {
    this.#make = make;
  }

  get length(): number {
    return this.#count;
  }

  /** Index of the first item of the current test: older ones are not offered. */
  get floor(): number {
    return this.#floor;
  }

  /**
   * Lets a test begin: what came before it is neither offered nor counted. Who held what came before the last test is
   * forgotten; since then it may be evidence of the test that begins.
   */
  raiseFloor(): void {
    this.#holders.deleteBelow(this.#floor);
    this.#floor = this.#count;
    this.#firstFree = this.#floor;
  }

  at(index: number): Item {
    const known = this.#items.get(index);
    if (known !== undefined) return known;
    const item = this.#make(this.#frames[index], index);
    this.#items.set(index, item);
    return item;
  }

  /** Index in the frame log of an item's frame. */
  frameOf(index: number): number {
    return this.#frames[index];
  }

  /** Who claimed or reserved the item. */
  holder(index: number): Holder | undefined {
    return this.#holders.get(index);
  }

  /**
   * Records a frame and offers it to the pending claimers, the oldest first.
   *
   * @param item The frame's item, when it was made already.
   */
  add(frame: number, item?: Item): void {
    const index = this.#count;
    if (index === this.#frames.length) this.#grow();
    this.#frames[index] = frame;
    this.#count = index + 1;
    if (item !== undefined) this.#items.set(index, item);
    if (this.#claimers !== undefined && this.#claimers.size > 0) this.#offer(this.#claimers, index);
  }

  /** Items that nobody holds, the oldest first. Holding the current one while iterating is allowed. */
  *free(): IterableIterator<Item> {
    for (let item = this.nextFree(-1); item !== undefined; item = this.nextFree(item.index)) yield item;
  }

  /** The oldest item behind an index that nobody holds. */
  nextFree(after: number): Item | undefined {
    this.#skipHeld();
    for (let index = Math.max(after + 1, this.#firstFree); index < this.#count; index++) {
      if (this.#holders.get(index) === undefined) return this.at(index);
    }
    return undefined;
  }

  hold(item: Item, holder: Holder): void {
    this.#holders.set(item.index, holder);
  }

  /** Takes back a hold without offering the item to anybody. */
  release(item: Item): void {
    this.#holders.delete(item.index);
    this.#firstFree = Math.max(this.#floor, Math.min(this.#firstFree, item.index));
  }

  /** Gives items back, in order, to the other pending claimers, the oldest first. */
  giveBack(items: Iterable<Item>, giver: Claimer<Item>): void {
    const inOrder = [...items].toSorted((a, b) => a.index - b.index);
    for (const item of inOrder) this.release(item);
    for (const claimer of this.#claimers ?? []) {
      const free = inOrder.filter(({ index }) => this.#holders.get(index) === undefined);
      if (free.length === 0) return;
      if (claimer !== giver) claimer.returned(free);
    }
  }

  register(claimer: Claimer<Item>): void {
    this.#claimers ??= new Set();
    this.#claimers.add(claimer);
  }

  unregister(claimer: Claimer<Item>): void {
    this.#claimers?.delete(claimer);
  }

  /** Who gives something back while it is offered an item may change who holds that item: only the queue knows. */
  #offer(claimers: Iterable<Claimer<Item>>, index: number): void {
    for (const claimer of claimers) {
      if (this.#holders.get(index) === undefined) claimer.offer(this.at(index));
      else claimer.missed?.(index);
    }
  }

  #skipHeld(): void {
    while (this.#firstFree < this.#count && this.#holders.get(this.#firstFree) !== undefined) this.#firstFree += 1;
  }

  #grow(): void {
    const frames = new Uint32Array(Math.max(firstCapacity, this.#frames.length * 2));
    frames.set(this.#frames);
    this.#frames = frames;
  }
}
