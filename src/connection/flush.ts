/** Whether the socket has the bytes of one frame yet. One callback in place of a promise: a flood sends many frames. */
export class Flush {
  #isOver = false;
  #error: Error | undefined;
  #listener: ((error?: Error) => void) | undefined;

  /** Calls back when the socket has the bytes, or with why it does not take them: now when that is known. */
  onEnd(listener: (error?: Error) => void): void {
    if (this.#isOver) listener(this.#error);
    else this.#listener = listener;
  }

  end(error?: Error): void {
    this.#isOver = true;
    this.#error = error;
    this.#listener?.(error);
  }
}
