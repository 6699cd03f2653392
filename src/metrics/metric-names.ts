/** Every metric, and of which kind it is. Names and meanings are those of k6 where k6 has them. */
export const metricKinds = {
  /** Time of opening handshakes that ended in an open connection: DNS, TCP, TLS, upgrade. */
  ws_connecting: 'trend',
  /** Time from the begin of the opening handshake to the end of the connection. */
  ws_session_duration: 'trend',
  /** Time from a ping of ours to its pong. */
  ws_ping: 'trend',
  /** Time from the sending of a `request` to its reply. k6 has no such metric. */
  ws_response_time: 'trend',
  /** Opening handshakes that ended in an open connection. */
  ws_sessions: 'counter',
  /** Data messages; no control frames. */
  ws_msgs_sent: 'counter',
  ws_msgs_received: 'counter',
  /** Payload bytes of these messages. */
  data_sent: 'counter',
  data_received: 'counter',
  /** Iterations of a load run that came to their end. */
  iterations: 'counter',
  /** Time of these iterations. */
  iteration_duration: 'trend',
  /** Checks of a load run: how many of them passed. */
  checks: 'rate',
  /** Virtual users of a load run: now, and at most. */
  vus: 'gauge',
  vus_max: 'gauge',
} as const;

export type MetricKind = 'trend' | 'counter' | 'rate' | 'gauge';

export type MetricName = keyof typeof metricKinds;

type NameOf<Kind extends MetricKind> = {
  [Name in MetricName]: (typeof metricKinds)[Name] extends Kind ? Name : never;
}[MetricName];

export type TrendName = NameOf<'trend'>;
export type CounterName = NameOf<'counter'>;

/** A trend that every connection has. */
export type ConnectionTrend = Exclude<TrendName, 'iteration_duration'>;

/** Whether a name is one of a metric. */
export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metricKinds, name);
}

/** Whether a metric is a trend. */
export function isTrendName(name: MetricName): name is TrendName {
  return metricKinds[name] === 'trend';
}
