import type { Message } from '../frames/message.ts';
import type { CallSite } from '../support/call-site.ts';
import type { CloseInfo } from '../support/errors.ts';
import { misuse } from '../support/errors.ts';
import type { FindingSink } from './findings.ts';
import { runUserCode } from './user-code.ts';

/** How a lost connection was opened again. */
export interface ReconnectInfo {
  /** Which of the attempts succeeded, from 1. */
  readonly attempt: number;
  /** How the connection was lost. */
  readonly closeInfo: CloseInfo;
  /** Milliseconds without a connection. */
  readonly duration: number;
}

/** Events of a client and what their handlers get. */
export interface ClientEvents<Value = unknown> {
  /** Every data message, also those that `ignore` and `autoReply` hide from waits. */
  message: [message: Message<Value>];
  /** A ping of the server; it is answered already unless `autoPong` is `false`. */
  ping: [payload: Buffer];
  pong: [payload: Buffer];
  /** The end; not a close that `reconnect` recovers from. */
  close: [info: CloseInfo];
  /** A protocol error, a failed opening handshake, or why reconnecting was given up. */
  error: [error: Error];
  /** The connection is open again; what is sent here goes out before anything is received. Subscribe again here. */
  reconnect: [info: ReconnectInfo];
}

export type ClientEvent = keyof ClientEvents;
export type ClientEventHandler<Event extends ClientEvent, Value = unknown> = (
  ...args: ClientEvents<Value>[Event]
) => unknown;

export interface HandlerOptions {
  /**
   * Whether the handler may stay uncalled. A handler of `message` that was never called fails the test otherwise: the
   * assertion in it did not run.
   *
   * @default false
   */
  readonly optional?: boolean | undefined;
}

const eventNames: readonly string[] = [
  'message',
  'ping',
  'pong',
  'close',
  'error',
  'reconnect',
] satisfies ClientEvent[];

interface Handler {
  readonly call: (...args: never[]) => unknown;
  readonly site: CallSite;
  readonly once: boolean;
  readonly optional: boolean;
  calls: number;
}

export interface HandlerRegistration extends HandlerOptions {
  readonly site: CallSite;
  readonly once?: boolean;
}

/** The user's handlers of one connection: several an event, called in order of registration. */
export class Events {
  readonly #sink: FindingSink;
  #handlers: Map<ClientEvent, Set<Handler>> | undefined;
  /** Handlers of `message` since the last judgement. */
  #judged: Handler[] | undefined;

  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** Returns a function that takes the handler away. */
  add<Event extends ClientEvent>(
    event: Event,
    call: ClientEventHandler<Event>,
    registration: HandlerRegistration,
  ): () => void {
    checkHandler(event, call);
    const { site, once = false, optional = false } = registration;
    const handler: Handler = { call, site, once, optional, calls: 0 };
    this.#handlers ??= new Map();
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    if (event === 'message') (this.#judged ??= []).push(handler);
    return () => {
      handlers.delete(handler);
      handler.calls += 1;
    };
  }

  has(event: ClientEvent): boolean {
    return (this.#handlers?.get(event)?.size ?? 0) > 0;
  }

  emit<Event extends ClientEvent>(event: Event, ...args: ClientEvents[Event]): void {
    const handlers = this.#handlers?.get(event);
    if (handlers === undefined) return;
    for (const handler of [...handlers]) {
      handler.calls += 1;
      if (handler.once) handlers.delete(handler);
      const code = { label: `handler of "${event}"`, site: handler.site, sink: this.#sink };
      runUserCode(code, () => Reflect.apply(handler.call, undefined, args));
    }
  }

  /** Handlers of `message` that were never called although nobody said that this is all right; each is told once. */
  takeUncalled(): readonly CallSite[] {
    const uncalled = (this.#judged ?? []).filter(({ calls, optional }) => calls === 0 && !optional);
    this.#judged = undefined;
    return uncalled.map(({ site }) => site);
  }
}

function checkHandler(event: unknown, call: unknown): void {
  if (typeof event !== 'string' || !eventNames.includes(event)) {
    const names = eventNames.join(', ');
    throw misuse('WS_INVALID_ARGUMENT', `Cannot listen to "${String(event)}": the events of a client are ${names}`);
  }
  if (typeof call !== 'function') {
    throw misuse('WS_INVALID_ARGUMENT', `Cannot listen to "${event}": expected a function, found ${typeof call}`);
  }
}
