import type { Connection } from '../connection/connection.ts';
import type { WaitRecord } from '../connection/wait-record.ts';
import type { Direction } from '../frames/frame.ts';
import { now } from '../support/clock.ts';
import { Measurements } from './measurements.ts';
import type { ConnectionTrend, CounterName } from './metric-names.ts';
import { Trend } from './trend.ts';

/** One measured duration. Times are monotonic milliseconds. */
export interface Sample {
  readonly metric: ConnectionTrend;
  /** When it was known. */
  readonly time: number;
  readonly ms: number;
}

/** Replies to requests by connection: waits are not kept for ever, and in scripts not at all. */
const replies = new WeakMap<Connection, Trend>();

/** Remembers how long a reply took; nothing of any other wait. */
export function noteReply(wait: WaitRecord): void {
  const sample = responseTime(wait);
  if (sample === undefined) return;
  const [connection] = wait.connections;
  const trend = replies.get(connection) ?? new Trend();
  replies.set(connection, trend);
  trend.add(sample.ms);
}

/** Connections whose measurements the test looked at: they are attached then. */
const read = new WeakSet<Connection>();

/** Remembers that the test looked at the measurements of a connection. */
export function noteReading(connection: Connection): void {
  read.add(connection);
}

/** Whether the test looked at the measurements of a connection; told once, since tests may share it. */
export function takeReading(connection: Connection): boolean {
  return read.delete(connection);
}

/**
 * Measures connections as they are now. Little was measured before: times and frames are facts that connections have in
 * any case.
 */
export function measure(connections: readonly Connection[]): Measurements {
  const measurements = new Measurements();
  for (const connection of connections) {
    const samples = connectionSamples(connection);
    for (const { metric, ms } of samples) measurements.addTime(metric, ms, connection.name);
    const trend = replies.get(connection);
    if (trend !== undefined) measurements.addTrend('ws_response_time', trend, connection.name);
    const sessions = samples.filter(({ metric }) => metric === 'ws_connecting').length;
    measurements.addCount('ws_sessions', sessions, connection.name);
    countFrames(connection, 0, (name, count) => measurements.addCount(name, count, connection.name));
  }
  measurements.duration = spanOf(connections);
  // All connections of a test share one.
  const [first] = connections;
  if (first !== undefined) measurements.maskText = (text) => first.redactor.text(text);
  return measurements;
}

/**
 * Opening handshakes, sessions and pings of one connection so far. Each reconnection is a session of its own.
 *
 * @param from Number of pings that are known already.
 */
export function connectionSamples(
  { closing, createdAt, openedAt, ownPings, reconnection }: Connection,
  from = 0,
): Sample[] {
  const samples: Sample[] = ownPings.roundTrips.slice(from).map(({ ms, time }) => ({ metric: 'ws_ping', time, ms }));
  let begin = createdAt;
  let opened = openedAt;
  const end = (time: number | undefined): void => {
    if (opened === undefined) return;
    samples.push({ metric: 'ws_connecting', time: opened, ms: opened - begin });
    if (time !== undefined) samples.push({ metric: 'ws_session_duration', time, ms: time - begin });
  };
  for (const gap of reconnection?.gaps ?? []) {
    end(gap.lostAt);
    const last = gap.isRecovered ? gap.attempts.at(-1) : undefined;
    begin = last?.startedAt ?? gap.lostAt;
    opened = last?.endedAt;
  }
  end(closing.finishedAt);
  return samples;
}

/** When opening handshakes of a connection failed: its first, or attempts of `reconnect`. Monotonic milliseconds. */
export function failedOpenings({ closing, openedAt, reconnection }: Connection): number[] {
  if (openedAt === undefined) return closing.finishedAt === undefined ? [] : [closing.finishedAt];
  const attempts = reconnection?.gaps.flatMap((gap) => gap.attempts) ?? [];
  return attempts.flatMap(({ endedAt, error }) => (error === undefined || endedAt === undefined ? [] : [endedAt]));
}

/** How long the reply to a request took; `undefined` for every other wait. Only of one that passed: its reply is *the* reply. */
export function responseTime(wait: WaitRecord): Sample | undefined {
  const { endedAt, method, outcome, startedAt, subject } = wait;
  if (method !== 'request' || outcome?.kind !== 'passed' || endedAt === undefined) return undefined;
  return { metric: 'ws_response_time', time: endedAt, ms: endedAt - (subject.after?.monotonicTime ?? startedAt) };
}

/**
 * Counts the data frames from an index of the frame log on: messages and their payload bytes, each direction.
 *
 * @returns the index of the next frame.
 */
export function countFrames(
  { log }: Pick<Connection, 'log'>,
  from: number,
  add: (name: CounterName, count: number) => void,
): number {
  const messages = { sent: 0, received: 0 };
  const bytes = { sent: 0, received: 0 };
  for (let index = from; index < log.length; index++) {
    const opcode = log.opcode(index);
    if (opcode !== 'text' && opcode !== 'binary') continue;
    messages[log.direction(index)] += 1;
    bytes[log.direction(index)] += log.size(index);
  }
  for (const direction of directions) {
    add(`ws_msgs_${direction}`, messages[direction]);
    add(`data_${direction}`, bytes[direction]);
  }
  return log.length;
}

const directions: readonly Direction[] = ['sent', 'received'];

/** From the begin of the first connection to the end of the last one, or until now. */
function spanOf(connections: readonly Connection[]): number {
  const begins = connections.map(({ createdAt }) => createdAt);
  const ends = connections.map(({ closing }) => closing.finishedAt ?? now());
  return connections.length === 0 ? 0 : ends.reduce((a, b) => Math.max(a, b)) - begins.reduce((a, b) => Math.min(a, b));
}
