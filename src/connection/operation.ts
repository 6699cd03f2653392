/**
 * The promise of a client's method. It remembers whether anybody listens, so that a failure nobody awaited becomes a
 * finding of its own test instead of an unhandled rejection in another one.
 */
export class Operation<T> extends Promise<T> {
  #isObserved = false;
  #isHandled = false;
  /** The newest handler for its failure. Whether it is the engine's is found out when somebody asks: that costs a text. */
  #rejected: Function | undefined;

  /** Promises derived from it are ordinary ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** Whether somebody awaited it or attached a handler. */
  get isObserved(): boolean {
    return this.#isObserved;
  }

  /** Whether somebody attached a handler for its failure: `.catch(…)`, `expect(…).rejects`. An `await` does not. */
  get isHandled(): boolean {
    return this.#isHandled || (this.#rejected !== undefined && !isNative(this.#rejected));
  }

  // Awaiting a subclass of Promise calls its own `then`.
  // oxlint-disable-next-line unicorn/no-thenable
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isObserved = true;
    if (typeof onRejected === 'function') {
      this.#isHandled = this.isHandled;
      this.#rejected = onRejected;
    }
    return super.then(onFulfilled, onRejected);
  }

  /** Its failure is told elsewhere: it is no unhandled rejection. Does not count as somebody who listens. */
  silence(): void {
    super.then(undefined, () => {});
  }
}

/** What `await` and `Promise.all` pass are functions of the engine. */
function isNative(handler: Function): boolean {
  return Function.prototype.toString.call(handler).endsWith('{ [native code] }');
}
