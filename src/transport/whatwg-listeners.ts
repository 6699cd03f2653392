import type { Connection } from '../connection/connection.ts';
import { runUserCode } from '../connection/user-code.ts';
import type { CallSite } from '../support/call-site.ts';
import type { AnyListener, WebSocketListenerOptions } from './whatwg-types.ts';

/** A listener as `addEventListener` got it. */
export interface ListenerRegistration {
  readonly type: string;
  readonly listener: AnyListener;
  readonly options: WebSocketListenerOptions;
  readonly site: CallSite;
}

/** What is registered in place of a listener. */
export type GuardedListener = (event: Event) => void;

interface Entry {
  readonly type: string;
  readonly listener: AnyListener;
  readonly capture: boolean;
  readonly run: GuardedListener;
  /** It was called, or taken away before it could be. */
  readonly settle: () => void;
}

/**
 * Listeners of one socket. Each is registered as a function that makes a finding of what it throws: an `EventTarget` of
 * Node.js would make it an uncaught exception.
 */
export class SocketListeners {
  readonly #connection: Connection;
  readonly #entries: Entry[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The function to register; the same as before when the listener is registered already. */
  guard({ listener, options, site, type }: ListenerRegistration): GuardedListener {
    const { capture = false, once = false, signal } = options;
    const known = this.#find(type, listener, capture);
    if (known !== undefined) return known.run;
    const settle = this.#expectCall(type, options.optional === true, site);
    const code = { label: `handler of "${type}"`, site, sink: this.#connection };
    const run = (event: Event): void => {
      settle();
      if (once) this.#remove(entry);
      runUserCode(code, () => call(listener, event));
    };
    const entry: Entry = { type, listener, capture, run, settle };
    this.#entries.push(entry);
    signal?.addEventListener('abort', () => this.#remove(entry), { once: true });
    return run;
  }

  /** The function that was registered for a listener; it is forgotten. */
  take(type: string, listener: AnyListener, capture: boolean): GuardedListener | undefined {
    const entry = this.#find(type, listener, capture);
    if (entry !== undefined) this.#remove(entry);
    return entry?.run;
  }

  #find(type: string, listener: AnyListener, capture: boolean): Entry | undefined {
    return this.#entries.find(
      (entry) => entry.type === type && entry.listener === listener && entry.capture === capture,
    );
  }

  #remove(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    if (index !== -1) this.#entries.splice(index, 1);
    entry.settle();
  }

  /**
   * A listener of `message` in a test has an assertion in it that must run. A package that was given our class listens in
   * any case, whether the test makes the server speak or not.
   */
  #expectCall(type: string, isOptional: boolean, site: CallSite): () => void {
    if (type !== 'message' || isOptional || !site.isUsers) return () => {};
    return this.#connection.events.add('message', () => {}, { site, once: true });
  }
}

function call(listener: AnyListener, event: Event): unknown {
  return typeof listener === 'function'
    ? Reflect.apply(listener, event.currentTarget, [event])
    : listener.handleEvent(event);
}
