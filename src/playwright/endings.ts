/**
 * Ends of fixtures that still run. The host awaits none that it interrupts, as it does when an assertion that nobody
 * awaited fails meanwhile: a fixture that is torn down later awaits them in its place.
 */
export class Endings {
  readonly #running = new Set<Promise<unknown>>();

  /** Remembers an end until it is done; settles as it does. */
  async track(end: Promise<void>): Promise<void> {
    this.#running.add(end);
    try {
      await end;
    } finally {
      this.#running.delete(end);
    }
  }

  /** Resolves when all are done. What failed was told to whoever tracked it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
