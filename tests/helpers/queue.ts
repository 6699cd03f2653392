/** Things that happened and were not asked for yet, and those who ask before they happen. First come, first served. */
export class Queue<T> {
  readonly #items: T[] = [];
  readonly #askers: Asker<T>[] = [];
  #end: Error | undefined;

  push(item: T): void {
    const asker = this.#askers.shift();
    if (asker === undefined) this.#items.push(item);
    else asker.resolve(item);
  }

  /**
   * The oldest item nobody took yet, or the next one to come.
   *
   * @throws the error given to `end` when no item is left and none can come.
   */
  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#askers.push({ resolve, reject }));
  }

  /** No item comes any more: who still asks hears why. The first reason stands. */
  end(reason: Error): void {
    this.#end ??= reason;
    for (const asker of this.#askers.splice(0)) asker.reject(this.#end);
  }
}

interface Asker<T> {
  resolve(item: T): void;
  reject(reason: Error): void;
}
