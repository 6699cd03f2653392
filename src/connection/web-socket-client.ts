import type { Correlation } from '../expectation/correlation.ts';
import type { Expectation, MatchedValue } from '../expectation/types.ts';
import type { Frame } from '../frames/frame.ts';
import type { Mark } from '../frames/mark.ts';
import type { Message } from '../frames/message.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Handshake } from '../protocol/handshake.ts';
import type { CloseInfo } from '../support/errors.ts';
import type { ReadyState } from './connection.ts';
import type { ClientEvent, ClientEventHandler, HandlerOptions } from './events.ts';
import type { Frames } from './frame-history.ts';
import type { Messages } from './messages.ts';
import type { MessagesWaitOptions, MessageWaitOptions, WaitOptions } from './wait-options.ts';

/** What `extract` evaluates: JSONPath (RFC 9535), a RegExp, or a function over the value or values. */
export type Extraction<Result = unknown> = string | RegExp | ((value: unknown) => Result | undefined);

export interface RequestOptions<Value = unknown> extends WaitOptions {
  /** Selects the reply among later messages; the expectation then judges it. */
  readonly correlate?: Correlation<Value> | undefined;
}

export interface SendUntilOptions extends WaitOptions {
  /**
   * Milliseconds between two sends.
   *
   * @default 500
   */
  readonly interval?: number | undefined;
  /**
   * How often it is sent at most. The wait ends one interval after the last.
   *
   * @default 10
   */
  readonly maxAttempts?: number | undefined;
}

export interface ExtractOptions extends WaitOptions {
  /**
   * How many of the newest messages are looked at: `1` gives the expression one value, more give it an array.
   *
   * @default 1
   */
  readonly last?: number | undefined;
}

/**
 * A managed WebSocket connection of one test. It records every frame from the first byte on, keeps messages until a wait
 * claims them, and is closed, checked and attached when its test ends.
 *
 * @typeParam Value What the messages' `value` is: the output of the client's `schema`, else `unknown`.
 */
export interface WebSocketClient<Value = unknown> extends AsyncIterable<Message<Value>>, AsyncDisposable {
  /** Label in errors and evidence. */
  readonly name: string;
  /** URL of the connection, redirects followed. */
  readonly url: string;
  /** 0 connecting, 1 open, 2 closing, 3 closed, as in the WHATWG standard. */
  readonly readyState: ReadyState;
  /** The negotiated subprotocol, or `''`. */
  readonly protocol: string;
  /** The negotiated extensions, or `''`. */
  readonly extensions: string;
  /** Bytes that are queued and not yet handed to the kernel. */
  readonly bufferedAmount: number;
  /** The server's answer to the opening handshake. */
  readonly handshake: Handshake;
  /** Received messages from the first byte on. */
  readonly messages: Messages<Value>;
  /** All frames, both directions, control frames and close included. */
  readonly frames: Frames;
  /** Resolves when the connection has closed. Awaiting it asserts nothing: an abnormal close still fails the test. */
  readonly closed: Promise<CloseInfo>;
  /**
   * Measurements of this client as they are now, with k6's names: `client.metrics.ws_ping.p(95)`. Once a test reads them
   * its report has an attachment with them.
   */
  readonly metrics: Metrics;
  /** Stops and resumes the answers of the option `autoReply`. */
  readonly autoReply: { pause(): void; resume(): void };

  /**
   * Sends a message. Text and bytes go as they are; objects, arrays, numbers, booleans and null are encoded by the codec
   * (JSON text). Calls go out in call order.
   *
   * @returns its frame, when the bytes were handed to the socket.
   * @throws {ConnectionClosedError} when the connection is not open.
   * @throws {WebSocketError} when the connection ended before the bytes were handed to the socket.
   * @throws {TypeError} for data that cannot be sent.
   */
  send(data: unknown): Promise<Frame>;

  /**
   * Waits for the first unclaimed message that meets the expectation, looks at the buffer first, and claims it.
   *
   * @throws {WaitTimeoutError} after `timeout`; {@link ConnectionClosedError} at once when the connection closes.
   * @example
   * ```ts
   * const order = await orders.waitForMessage({ type: 'order.updated' });
   * ```
   */
  waitForMessage(): Promise<Message<Value>>;
  waitForMessage<const Expected extends Expectation<Value>>(
    expected: Expected,
    options?: MessageWaitOptions<Value>,
  ): Promise<Message<MatchedValue<Value, Expected>>>;

  /**
   * Waits for several messages under one deadline: any `n`, or one for each expectation. Claims all or none.
   */
  waitForMessages(
    expected: number | readonly Expectation<Value>[],
    options?: MessagesWaitOptions,
  ): Promise<Message<Value>[]>;

  /**
   * Sends and waits for the reply among later messages. `correlate` selects the reply, the expectation judges it; without
   * `correlate` the expectation selects. Parallel requests are safe.
   *
   * @throws {TypeError} when neither an expectation nor `correlate` is given.
   * @example
   * ```ts
   * const reply = await orders.request({ id: 7, op: 'get' }, { ok: true }, { correlate: 'id' });
   * ```
   */
  request<const Expected extends Expectation<Value>>(
    data: unknown,
    expected: Expected,
    options?: RequestOptions<Value>,
  ): Promise<Message<MatchedValue<Value, Expected>>>;

  /** Sends again and again until a later message meets the expectation. */
  sendUntil<const Expected extends Expectation<Value>>(
    data: unknown,
    expected: Expected,
    options?: SendUntilOptions,
  ): Promise<Message<MatchedValue<Value, Expected>>>;

  /**
   * Evaluates an expression over the newest messages until it yields a value. JSONPath: a singular path gives its value,
   * another the list, an empty list is "not yet". RegExp: its first group. Claims nothing.
   *
   * @example
   * ```ts
   * const mine = await feed.extract(`$[?(@.user_id == "42")]`, { last: 10 });
   * ```
   */
  extract<Result = unknown>(expression: Extraction<Result>, options?: ExtractOptions): Promise<Result>;

  /** A position: `after: client.mark()` looks only at what comes later, on any client. */
  mark(): Mark;

  /** Sends a ping and waits for its pong. Resolves with the round trip in milliseconds. At most 125 bytes. */
  ping(data?: string | ArrayBufferView | ArrayBuffer): Promise<number>;

  /** Sends a pong nobody asked for, or by hand with `autoPong: false`. At most 125 bytes. */
  pong(data?: string | ArrayBufferView | ArrayBuffer): Promise<void>;

  /**
   * Closes: closing handshake, at most `closeTimeout`, then terminate.
   *
   * @param code 1000 to 1014 but for 1004, 1005 and 1006, or 3000 to 4999. Default 1000.
   * @param reason At most 123 bytes of UTF-8.
   */
  close(code?: number, reason?: string): Promise<CloseInfo>;

  /** Ends the connection at once, without a closing handshake. */
  terminate(): void;

  /** Waits until the connection has closed, whoever closes it; the close counts as expected then. */
  waitForClose(options?: WaitOptions): Promise<CloseInfo>;

  /** Stays connected for so many milliseconds; rejects when the connection closes. */
  stay(ms: number): Promise<void>;

  /** Calls a handler on every event until unsubscribed. Several handlers are called in order. */
  on<Event extends ClientEvent>(
    event: Event,
    handler: ClientEventHandler<Event, Value>,
    options?: HandlerOptions,
  ): () => void;

  /** Calls a handler on the next event. */
  once<Event extends ClientEvent>(
    event: Event,
    handler: ClientEventHandler<Event, Value>,
    options?: HandlerOptions,
  ): () => void;

  /** Like the global one, but ends with the client. Returns a function that stops it. */
  setInterval(run: () => unknown, ms: number): () => void;

  /** Like the global one, but ends with the client; not having fired fails the test unless `optional`. */
  setTimeout(run: () => unknown, ms: number, options?: HandlerOptions): () => void;

  /** Stops reading from the socket: nothing is received, no close either, until `resume()`, `close()` or the test's end. */
  pause(): void;
  resume(): void;
}
