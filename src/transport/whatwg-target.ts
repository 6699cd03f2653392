import { setMaxListeners } from 'node:events';
import type { Connection } from '../connection/connection.ts';
import { SocketListeners } from './whatwg-listeners.ts';
import { userLine } from './whatwg-opening.ts';
import type {
  AnyListener,
  StandardWebSocketEvents,
  WebSocketEventHandler,
  WebSocketListenerOptions,
} from './whatwg-types.ts';

type EventName = keyof StandardWebSocketEvents;
type Handlers = { [Type in EventName]: WebSocketEventHandler<Type> };

/** Where the listeners of a socket are: an `EventTarget` that guards user code, and the `on…` attributes. */
export class SocketTarget extends EventTarget {
  readonly #listeners: SocketListeners;
  readonly #handlers: Handlers = { open: null, message: null, error: null, close: null, ping: null, pong: null };
  /** What is registered for the handlers above. */
  readonly #registered = new Map<EventName, AnyListener>();

  constructor(connection: Connection) {
    super();
    this.#listeners = new SocketListeners(connection);
    // As in a browser. Node.js would warn of the eleventh listener.
    setMaxListeners(0, this);
  }

  get onopen(): WebSocketEventHandler<'open'> {
    return this.#handlers.open;
  }

  set onopen(handler: WebSocketEventHandler<'open'>) {
    this.#handlers.open = this.#handle('open', handler);
  }

  get onmessage(): WebSocketEventHandler<'message'> {
    return this.#handlers.message;
  }

  set onmessage(handler: WebSocketEventHandler<'message'>) {
    this.#handlers.message = this.#handle('message', handler);
  }

  get onerror(): WebSocketEventHandler<'error'> {
    return this.#handlers.error;
  }

  set onerror(handler: WebSocketEventHandler<'error'>) {
    this.#handlers.error = this.#handle('error', handler);
  }

  get onclose(): WebSocketEventHandler<'close'> {
    return this.#handlers.close;
  }

  set onclose(handler: WebSocketEventHandler<'close'>) {
    this.#handlers.close = this.#handle('close', handler);
  }

  get onping(): WebSocketEventHandler<'ping'> {
    return this.#handlers.ping;
  }

  set onping(handler: WebSocketEventHandler<'ping'>) {
    this.#handlers.ping = this.#handle('ping', handler);
  }

  get onpong(): WebSocketEventHandler<'pong'> {
    return this.#handlers.pong;
  }

  set onpong(handler: WebSocketEventHandler<'pong'>) {
    this.#handlers.pong = this.#handle('pong', handler);
  }

  override addEventListener(
    type: string,
    listener: AnyListener | null,
    given: WebSocketListenerOptions | boolean = {},
  ): void {
    const options = typeof given === 'boolean' ? { capture: given } : given;
    if (listener === null || options.signal?.aborted === true) return;
    if (!isListener(listener)) return super.addEventListener(type, listener); // Which refuses it.
    super.addEventListener(type, this.#listeners.guard({ type, listener, options, site: userLine() }), options);
  }

  override removeEventListener(
    type: string,
    listener: AnyListener | null,
    given: Pick<WebSocketListenerOptions, 'capture'> | boolean = {},
  ): void {
    if (listener === null) return;
    const capture = typeof given === 'boolean' ? given : given.capture === true;
    // Node.js calls this itself when a signal is aborted, with the function that it knows.
    super.removeEventListener(type, this.#listeners.take(type, listener, capture) ?? listener, { capture });
  }

  /** What is no function is `null`, as the standard has it. */
  #handle<Type extends EventName>(type: Type, handler: WebSocketEventHandler<Type>): WebSocketEventHandler<Type> {
    this.removeEventListener(type, this.#registered.get(type) ?? null);
    if (typeof handler !== 'function') return null;
    // A function of its own: the same one may also be added with `addEventListener`.
    const listener = (event: Event): unknown => Reflect.apply(handler, this, [event]);
    this.#registered.set(type, listener);
    this.addEventListener(type, listener);
    return handler;
  }
}

function isListener(listener: unknown): boolean {
  return typeof listener === 'function' || (typeof listener === 'object' && listener !== null);
}
