import type { MessagesWaitOptions, WaitOptions } from '../connection/wait-options.ts';
import type { WebSocketClient } from '../connection/web-socket-client.ts';
import type { Expectation } from '../expectation/types.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Thresholds } from '../metrics/threshold.ts';
import type { StandardWebSocket } from '../transport/whatwg-types.ts';
import type { ToBeClosedOptions } from './to-be-closed.ts';
import type { ToBeOpenOptions } from './to-be-open.ts';
import type { HistoryOptions } from './to-have-messages.ts';
import type { ControlPayload, NotToReceiveControlOptions } from './to-receive-control.ts';
import type { NotToReceiveMessageOptions, ToReceiveMessageOptions } from './to-receive-message.ts';

/**
 * Assertions on a client, or on each client of a list under one deadline. A matcher waits; `.not` judges this instant,
 * but for `not.toReceiveMessage`, `not.toReceivePing` and `not.toReceivePong`, which watch a window.
 *
 * @typeParam Value What the messages' `value` is.
 */
export interface ClientAssertions<Value = unknown> extends HistoryAssertions<Value> {
  /** The contrary. */
  readonly not: NotClientAssertions<Value>;
  /**
   * Passes when an unclaimed message meets the expectation, and claims it. Looks at the buffer first, then waits.
   *
   * @example
   * ```ts
   * await expect(orders).toReceiveMessage({ type: 'order.updated', status: 'PAID' });
   * ```
   */
  toReceiveMessage(): Promise<void>;
  toReceiveMessage(expected: Expectation<Value>, options?: ToReceiveMessageOptions<Value>): Promise<void>;
  /** Passes when each expectation is met by a message of its own; claims all of them or none. */
  toReceiveMessages(expected: readonly Expectation<Value>[], options?: MessagesWaitOptions): Promise<void>;
  /** Passes when the connection is open; with `for`, when it stays open that long. */
  toBeOpen(options?: ToBeOpenOptions): Promise<void>;
  /** Passes when the connection has closed as described; such a close is expected then. */
  toBeClosed(options?: ToBeClosedOptions): Promise<void>;
  /** Passes when a ping of the server came, and claims it. */
  toReceivePing(data?: ControlPayload, options?: WaitOptions): Promise<void>;
  /** Passes when a pong came that answers none of our pings, and claims it. */
  toReceivePong(data?: ControlPayload, options?: WaitOptions): Promise<void>;
}

/** Assertions under `.not`. */
export interface NotClientAssertions<Value = unknown> extends HistoryAssertions<Value> {
  /** The contrary of the contrary. */
  readonly not: ClientAssertions<Value>;
  /** Passes when no unclaimed message met the expectation until the window has ended on an open connection. */
  toReceiveMessage(): Promise<void>;
  toReceiveMessage(expected: Expectation<Value>, options?: NotToReceiveMessageOptions): Promise<void>;
  /** Passes when the connection is not open now. */
  toBeOpen(): Promise<void>;
  /** Passes when the connection has not closed, or not as described, by now. */
  toBeClosed(options?: ToBeClosedOptions): Promise<void>;
  /** Passes when no such ping came until the window has ended. */
  toReceivePing(data?: ControlPayload, options?: NotToReceiveControlOptions): Promise<void>;
  /** Passes when no such pong came until the window has ended. */
  toReceivePong(data?: ControlPayload, options?: NotToReceiveControlOptions): Promise<void>;
}

/** Assertions on what crossed the wire, claimed or not; they claim nothing. */
export interface HistoryAssertions<Value = unknown> {
  /** Passes when a received message meets the expectation; with `times`, exactly so many. */
  toHaveReceivedMessage(expected: Expectation<Value>, options?: HistoryOptions): Promise<void>;
  /** Passes when exactly so many messages were received. */
  toHaveReceivedMessageCount(count: number, options?: WaitOptions): Promise<void>;
  /** Passes when a sent message meets the expectation. */
  toHaveSentMessage(expected: Expectation, options?: HistoryOptions): Promise<void>;
  /** Passes when the server chose this subprotocol; `''` for none. */
  toHaveSubprotocol(name: string, options?: WaitOptions): Promise<void>;
  /** Passes when the measurements meet every threshold at this moment. */
  toMeetThresholds(thresholds: Thresholds): Promise<void>;
}

/** Assertions on what has measurements: on `ws`, on `metrics`, on the result of `ws.load`. */
export interface MetricsAssertions {
  /** The contrary. */
  readonly not: MetricsAssertions;
  /**
   * Passes when the measurements meet every threshold at this moment; the syntax is k6's.
   *
   * @example
   * ```ts
   * await expect(ws).toMeetThresholds({ ws_connecting: ['p(95)<500'], ws_msgs_received: ['count>=3'] });
   * ```
   */
  toMeetThresholds(thresholds: Thresholds): Promise<void>;
}

/** What has measurements: `ws`, its metrics or those of a client, the result of `ws.load`. */
export type MeasuredSubject = Metrics | { readonly metrics: Metrics };

/** Who may be asserted on: a client or a socket of `ws.WebSocket`, or a list of them. */
export type AssertedClients<Value = unknown> = AssertedClient<Value> | readonly AssertedClient<Value>[];

type AssertedClient<Value> = WebSocketClient<Value> | StandardWebSocket;
