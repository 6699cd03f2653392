import { Abort, type Abortable } from '../support/abort.ts';
import type { Phase } from './dialer.ts';

/** The end of a limit, as its signal's reason. */
export type LimitEnd = 'timeout' | 'aborted';

/** The one deadline of an opening handshake and its caller's signal, as one signal. */
export class Limit extends Abort {
  /** How far the handshake got. */
  phase: Phase = 'cookies';
  readonly #outer: Abortable;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort = (): void => this.#end('aborted');
  #ended: LimitEnd | undefined;

  /** @param timeout Milliseconds; `0` sets no deadline. */
  constructor(timeout: number, outer: Abortable) {
    super();
    this.#outer = outer;
    if (timeout > 0) this.#timer = setTimeout(() => this.#end('timeout'), timeout);
    outer.addEventListener('abort', this.#abort);
    if (outer.aborted) this.#abort();
  }

  /** Why it ended; `undefined` while it has not. The first reason stands. */
  get ended(): LimitEnd | undefined {
    return this.#ended;
  }

  /** The promise's outcome, or a rejection when the limit ends first. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => reject(this.#ended);
      if (this.aborted) end();
      this.addEventListener('abort', end);
      promise.then(resolve, reject).finally(() => this.removeEventListener('abort', end));
    });
  }

  /** Must be called: undoes timer and listener. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#abort);
  }

  #end(reason: LimitEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.abort(reason);
  }
}
