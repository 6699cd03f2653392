export { anyMessage } from './expectation/any-message.ts';
export type { Correlation } from './expectation/correlation.ts';
export type { AsymmetricMatcher, Expectation, MatchedValue, MessagePredicate } from './expectation/types.ts';
export type { Codec, EncodedMessage } from './frames/codec.ts';
export type { Direction, Frame } from './frames/frame.ts';
export type { Mark, Position } from './frames/mark.ts';
export type { Message } from './frames/message.ts';
export type { Handshake } from './protocol/handshake.ts';
export type { Opcode } from './protocol/opcode.ts';
export type { ReadyState } from './connection/connection.ts';
export type {
  ClientEvent,
  ClientEventHandler,
  ClientEvents,
  HandlerOptions,
  ReconnectInfo,
} from './connection/events.ts';
export type { FindingKind, FindingSwitches } from './connection/findings.ts';
export type { Frames } from './connection/frame-history.ts';
export type { Messages } from './connection/messages.ts';
export type { AutoReply } from './connection/options.ts';
export type { MessageOrder } from './connection/selection.ts';
export type { MessagesWaitOptions, MessageWaitOptions, WaitOptions } from './connection/wait-options.ts';
export type {
  ExtractOptions,
  Extraction,
  RequestOptions,
  SendUntilOptions,
  WebSocketClient,
} from './connection/web-socket-client.ts';
export type { Duration } from './load/duration.ts';
export type { LoadFailure } from './load/load-failures.ts';
export { LoadError } from './load/load-error.ts';
export type { LoadCheck, LoadResult } from './load/load-result.ts';
export type { LoadProfile, LoadStage } from './load/profile.ts';
export type { VirtualUser } from './load/virtual-user.ts';
export type { Fence } from './matchers/fence.ts';
export type { ToBeClosedOptions } from './matchers/to-be-closed.ts';
export type { ToBeOpenOptions } from './matchers/to-be-open.ts';
export type { HistoryOptions } from './matchers/to-have-messages.ts';
export type { NotToReceiveControlOptions } from './matchers/to-receive-control.ts';
export type { NotToReceiveMessageOptions, ToReceiveMessageOptions } from './matchers/to-receive-message.ts';
export type {
  AssertedClients,
  ClientAssertions,
  HistoryAssertions,
  MeasuredSubject,
  MetricsAssertions,
  NotClientAssertions,
} from './matchers/types.ts';
export type { MetricName } from './metrics/metric-names.ts';
export type { ThresholdResult } from './metrics/judge-thresholds.ts';
export type { CounterMetric, GaugeMetric, RateMetric } from './metrics/metric-set.ts';
export type { LoadMetrics, Metrics } from './metrics/metrics.ts';
export type { Threshold, ThresholdObject, Thresholds } from './metrics/threshold.ts';
export type { TrendMetric } from './metrics/trend.ts';
export { expect, matchers, type LooseMatchers, type WsExpect } from './playwright/expect.ts';
export {
  fixtures,
  test,
  type WsTestFixtures,
  type WsTestOptions,
  type WsWorkerFixtures,
} from './playwright/fixtures.ts';
export type { WsReport, WsReportFormat, WsReportMode, WsReportOptions } from './playwright/report-option.ts';
export type { RedactOptions } from './support/redact-options.ts';
export type { WebSockets } from './playwright/web-sockets.ts';
export {
  ConnectionClosedError,
  HandshakeError,
  WaitAbortedError,
  WaitTimeoutError,
  WebSocketError,
  type CloseInfo,
  type ErrorCode,
} from './support/errors.ts';
export type { EvidenceLimits } from './transcript/limits.ts';
export type { ConnectOptions } from './transport/connect-options.ts';
export type { CookieSource } from './transport/cookies.ts';
export type { TransportOptions } from './transport/options.ts';
export type { ReconnectOptions, ReconnectTarget } from './transport/reconnect.ts';
export type {
  StandardWebSocket,
  StandardWebSocketEvents,
  WebSocketClass,
  WebSocketCloseEvent,
  WebSocketErrorEvent,
  WebSocketEventHandler,
  WebSocketListener,
  WebSocketListenerOptions,
  WebSocketParams,
} from './transport/whatwg-types.ts';
