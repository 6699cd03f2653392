import type { ReadyState } from '../connection/connection.ts';
import type { ConnectOptions } from './connect-options.ts';

/**
 * A WHATWG `WebSocket` class whose sockets are clients of a test: recorded, judged and closed with it. Give it to client
 * libraries that take an implementation, or use it for code from a browser or from k6.
 *
 * @example
 * ```ts
 * import { createClient } from 'graphql-ws';
 *
 * const client = createClient({ url: `${baseURL}/graphql`, webSocketImpl: ws.WebSocket });
 * ```
 */
export interface WebSocketClass {
  /**
   * Begins to connect. How that ends is told by the events `open`, or `error` and `close`.
   *
   * @param url Relative to `baseURL`, or absolute with `ws:`, `wss:`, `http:` or `https:`.
   * @param protocols Subprotocols to offer.
   * @param params Options as of `ws.connect`; those of k6 as well.
   * @throws {DOMException} `SyntaxError` for a URL or subprotocols that are not allowed.
   * @throws {TypeError} for an option that is not allowed.
   */
  new (
    url: string | URL,
    protocols?: string | readonly string[] | null,
    params?: WebSocketParams | null,
  ): StandardWebSocket;
  readonly prototype: StandardWebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
}

/** Options of a socket: those of `ws.connect` but `reconnect`, and the `params` of k6. A socket never opens twice. */
export interface WebSocketParams extends Omit<ConnectOptions, 'reconnect'> {
  /**
   * As in k6: `'deflate'` offers compression, as `perMessageDeflate: true` does.
   *
   * @default no compression
   */
  readonly compression?: 'deflate' | '' | undefined;
  /** As in k6; ignored. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Events of a socket. `ping` and `pong` are k6's. */
export interface StandardWebSocketEvents {
  open: Event;
  /** `data` is text, or for a binary message what `binaryType` says. */
  message: MessageEvent;
  error: WebSocketErrorEvent;
  close: WebSocketCloseEvent;
  /** A ping of the server; `data` is its payload as text. */
  ping: MessageEvent;
  /** A pong of the server; `data` is its payload as text. */
  pong: MessageEvent;
}

/** Why a socket could not be opened, or was lost. `close` follows. */
export interface WebSocketErrorEvent extends Event {
  /** What happened; the standard does not tell. `undefined` when the network just ended. */
  readonly error?: Error | undefined;
  /** The text of `error`, or `''`. */
  readonly message?: string;
}

/** How a socket closed. */
export interface WebSocketCloseEvent extends Event {
  /** Close code, RFC 6455 section 7.4. `1005`: the close frame had none. `1006`: there was no close frame. */
  readonly code: number;
  readonly reason: string;
  /** Whether both sides completed the closing handshake. */
  readonly wasClean: boolean;
}

export type WebSocketEventHandler<Type extends keyof StandardWebSocketEvents> =
  | ((event: StandardWebSocketEvents[Type]) => unknown)
  | null;

/** A function or an object with `handleEvent`. */
export type WebSocketListener<Type extends keyof StandardWebSocketEvents> =
  | ((this: StandardWebSocket, event: StandardWebSocketEvents[Type]) => unknown)
  | { handleEvent(event: StandardWebSocketEvents[Type]): unknown };

/** Options of `addEventListener`. */
export interface WebSocketListenerOptions {
  readonly capture?: boolean;
  /** Takes the listener away when it was called. */
  readonly once?: boolean;
  readonly passive?: boolean;
  /** Takes the listener away when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * Whether a listener of `message` may stay uncalled. Otherwise it fails the test: the assertion in it did not run.
   * Listeners of packages always may.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/**
 * A socket of `ws.WebSocket`: the WHATWG interface, and k6's `ping`. The matchers take it like a client; its client is in
 * `ws.clients`. What a handler throws is a finding, and so is data that was sent after the close: the standard drops it.
 */
export interface StandardWebSocket extends EventTarget {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  readonly url: string;
  readonly readyState: ReadyState;
  /** Bytes that are queued and not yet handed to the kernel, and those that were dropped after the close. */
  readonly bufferedAmount: number;
  /** The negotiated subprotocol, or `''`. */
  readonly protocol: string;
  /** The negotiated extensions, or `''`. */
  readonly extensions: string;
  /**
   * What the data of binary messages is.
   *
   * @default 'blob'
   */
  binaryType: 'blob' | 'arraybuffer';
  onopen: WebSocketEventHandler<'open'>;
  onmessage: WebSocketEventHandler<'message'>;
  onerror: WebSocketEventHandler<'error'>;
  onclose: WebSocketEventHandler<'close'>;
  onping: WebSocketEventHandler<'ping'>;
  onpong: WebSocketEventHandler<'pong'>;
  /**
   * Sends a text or binary message. After the close it is dropped, as the standard has it, and a finding.
   *
   * @throws {DOMException} `InvalidStateError` before `open`.
   */
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void;
  /**
   * Begins to close.
   *
   * @param code 1000, or 3000 to 4999.
   * @param reason At most 123 bytes.
   * @throws {DOMException} `InvalidAccessError` for another code, `SyntaxError` for a longer reason.
   */
  close(code?: number, reason?: string): void;
  /**
   * Sends a ping; `pong` tells of its answer.
   *
   * @throws {DOMException} `InvalidStateError` when the socket is not open.
   */
  ping(): void;
  addEventListener<Type extends keyof StandardWebSocketEvents>(
    type: Type,
    listener: WebSocketListener<Type>,
    options?: WebSocketListenerOptions | boolean,
  ): void;
  addEventListener(type: string, listener: AnyListener | null, options?: WebSocketListenerOptions | boolean): void;
  removeEventListener<Type extends keyof StandardWebSocketEvents>(
    type: Type,
    listener: WebSocketListener<Type>,
    options?: Pick<WebSocketListenerOptions, 'capture'> | boolean,
  ): void;
  removeEventListener(
    type: string,
    listener: AnyListener | null,
    options?: Pick<WebSocketListenerOptions, 'capture'> | boolean,
  ): void;
}

/** A listener of any event. */
export type AnyListener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };
