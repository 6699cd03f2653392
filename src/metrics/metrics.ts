import type { Measurements } from './measurements.ts';
import type { CounterName } from './metric-names.ts';
import type { CounterMetric, GaugeMetric, MetricSet, RateMetric } from './metric-set.ts';
import type { Trend, TrendMetric } from './trend.ts';

/**
 * Measurements of a client, or of all clients of a test, at the moment at which they were read. Times are milliseconds.
 * Names and meanings are those of k6; `docs/measurements.md` says where they differ, and why.
 */
export interface Metrics {
  /** Opening handshakes that ended in an open connection: DNS, TCP, TLS, proxy, upgrade. */
  readonly ws_connecting: TrendMetric;
  /** From the begin of the opening handshake to the end of the connection. */
  readonly ws_session_duration: TrendMetric;
  /** Round trips of pings, those of `keepAlive` included. */
  readonly ws_ping: TrendMetric;
  /** Of `request`: from the sending to the reply. */
  readonly ws_response_time: TrendMetric;
  /** Opening handshakes that ended in an open connection. */
  readonly ws_sessions: CounterMetric;
  /** Data messages sent; no pings, pongs and close frames. */
  readonly ws_msgs_sent: CounterMetric;
  /** Data messages received, those that `ignore` and `autoReply` hide included. */
  readonly ws_msgs_received: CounterMetric;
  /** Payload bytes of the messages sent. */
  readonly data_sent: CounterMetric;
  /** Payload bytes of the messages received. */
  readonly data_received: CounterMetric;
}

/** Measurements of a load run. */
export interface LoadMetrics extends Metrics {
  /** Iterations that came to their end, passed or failed. */
  readonly iterations: CounterMetric;
  /** How long they took. */
  readonly iteration_duration: TrendMetric;
  /** Checks of all users. */
  readonly checks: RateMetric;
  /** Active users. */
  readonly vus: GaugeMetric;
  /** Users that the profile asks for at most. */
  readonly vus_max: GaugeMetric;
}

/**
 * Key under which metrics keep what they were read from. A registered symbol, so that two copies of the package know each
 * other's.
 */
const measurementsKey: unique symbol = Symbol.for('playwright-ws.measurements');

/** Metrics as a user sees them: values of this moment. */
export function createMetrics(measurements: Measurements): Metrics {
  const metrics: Metrics = connectionMetrics(measurements);
  return keep(metrics, measurements);
}

/** Metrics of a load run: those of its connections, and its own. */
export function createLoadMetrics(measurements: Measurements): LoadMetrics {
  const { duration, total } = measurements;
  const metrics: LoadMetrics = {
    ...connectionMetrics(measurements),
    iterations: counterOf(total, 'iterations', duration),
    iteration_duration: trendOf(total.trend('iteration_duration')),
    checks: total.checks,
    vus: total.gauge('vus'),
    vus_max: total.gauge('vus_max'),
  };
  return keep(metrics, measurements);
}

/** What metrics were read from; `undefined` for everything else. */
export function measurementsOf(value: unknown): Measurements | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const measurements: unknown = Reflect.get(value, measurementsKey);
  return isMeasurements(measurements) ? measurements : undefined;
}

function isMeasurements(value: unknown): value is Measurements {
  return typeof value === 'object' && value !== null;
}

function keep<M extends Metrics>(metrics: M, measurements: Measurements): M {
  return Object.defineProperty(metrics, measurementsKey, { value: measurements });
}

function connectionMetrics({ duration, total }: Measurements): Metrics {
  return {
    ws_connecting: trendOf(total.trend('ws_connecting')),
    ws_session_duration: trendOf(total.trend('ws_session_duration')),
    ws_ping: trendOf(total.trend('ws_ping')),
    ws_response_time: trendOf(total.trend('ws_response_time')),
    ws_sessions: counterOf(total, 'ws_sessions', duration),
    ws_msgs_sent: counterOf(total, 'ws_msgs_sent', duration),
    ws_msgs_received: counterOf(total, 'ws_msgs_received', duration),
    data_sent: counterOf(total, 'data_sent', duration),
    data_received: counterOf(total, 'data_received', duration),
  };
}

/** Values that print well, where a {@link Trend} has methods. */
function trendOf(trend: Trend): TrendMetric {
  const { avg, count, max, med, min } = trend;
  return { count, avg, min, med, max, p: (percentile) => trend.p(percentile) };
}

function counterOf(total: MetricSet, name: CounterName, duration: number): CounterMetric {
  const count = total.count(name);
  return { count, rate: perSecond(count, duration) };
}

/** What comes to so many a second; `0` when nothing was measured yet. */
export function perSecond(count: number, ms: number): number {
  return ms > 0 ? count / (ms / 1000) : 0;
}
