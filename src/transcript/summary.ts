import type { Connection } from '../connection/connection.ts';
import type { WaitRecord } from '../connection/wait-record.ts';
import type { Direction } from '../frames/frame.ts';
import type { Position } from '../frames/mark.ts';
import { connectionSamples, failedOpenings, responseTime, type Sample } from '../metrics/measure.ts';
import { isTrendName, type TrendName } from '../metrics/metric-names.ts';
import { MetricSet } from '../metrics/metric-set.ts';
import type { TrendData } from '../metrics/trend.ts';
import { describeLocation } from '../support/call-site.ts';

/** A reply to a `request`. */
export interface ReplyTime {
  /** Method of the client that waited for it. */
  readonly method: string;
  /** Name of the client. */
  readonly client: string;
  /** From the sending of the request to its reply, in milliseconds. */
  readonly ms: number;
  /** Line of the request, `orders.spec.ts:12`. */
  readonly location: string;
}

/** A count for each direction. */
export type Traffic = Readonly<Record<Direction, number>>;

/** What happened on the connections of a test, as counts: they can be added without loss. */
export interface Summary {
  /** Opening handshakes that ended in an open connection; each reconnection is one. */
  readonly connections: number;
  /** Opening handshakes that did not, attempts of `reconnect` included, whether the test expected that or not. */
  readonly failedHandshakes: number;
  /**
   * Connections that ended with another code than 1000, 1001 or 1005 and were not closed on this side, whether the test
   * expected that or not.
   */
  readonly abnormalCloses: number;
  /** Data messages that crossed the wire, those of `ignore` and `autoReply` included; no control frames. */
  readonly messages: Traffic;
  /** Payload bytes of these messages. */
  readonly bytes: Traffic;
  /** The slowest replies, the slowest first. */
  readonly slowestReplies: readonly ReplyTime[];
  /** Samples of what was measured; a metric without one is not named. */
  readonly trends?: Trends | undefined;
  /** Of a load run. */
  readonly load?: LoadSummary | undefined;
}

/** Samples by metric. */
export type Trends = { readonly [Name in TrendName]?: TrendData };

/** What a load run adds. */
export interface LoadSummary {
  /** Iterations that came to their end, passed or failed. */
  readonly iterations: number;
  readonly failedIterations: number;
  /** Results by the name of a check. */
  readonly checks: Readonly<Record<string, { readonly passes: number; readonly fails: number }>>;
}

/** What a summary is made of. */
export interface SummarySource {
  readonly connections: readonly Connection[];
  readonly waits: readonly WaitRecord[];
  /**
   * Where a test's slice of connections that several tests share begins: what happened up to it was counted before.
   *
   * @default the beginning
   */
  readonly from?: Position | undefined;
}

/** Name of the attachment. Reports do not show attachments whose names begin with `_`. */
export const summaryName = '_websocket-summary.json';
/** Raised when a field changes its meaning or goes away, not for new fields. */
export const summaryVersion = 1;

/** Enough to see where time goes, few enough for the end of a run. */
const shownReplies = 5;

/** Counts what happened on connections, each event in one slice only. */
export function summarize({ connections, from = beginning, waits }: SummarySource): Summary {
  const messages = { sent: 0, received: 0 };
  const bytes = { sent: 0, received: 0 };
  for (const { log } of connections) {
    for (let index = log.length - 1; index >= 0 && log.sequence(index) > from.sequence; index--) {
      const opcode = log.opcode(index);
      if (opcode !== 'text' && opcode !== 'binary') continue;
      messages[log.direction(index)] += 1;
      bytes[log.direction(index)] += log.size(index);
    }
  }
  const ended = connections.filter(({ closing }) => isAfter(closing.finishedAt, from));
  const failed = connections.flatMap((connection) => failedOpenings(connection));
  const samples = samplesOf(connections, waits).filter(({ time }) => isAfter(time, from));
  return {
    connections: samples.filter(({ metric }) => metric === 'ws_connecting').length,
    failedHandshakes: failed.filter((time) => isAfter(time, from)).length,
    abnormalCloses: ended.filter(({ closing, openedAt }) => openedAt !== undefined && !closing.isOrderly).length,
    messages,
    bytes,
    slowestReplies: slowest(waits.filter(({ endedAt }) => isAfter(endedAt, from)).flatMap((wait) => replyTime(wait))),
    ...trendsOf(samples),
  };
}

/** Trends of a set of metrics, as they are written. */
export function writeTrends(set: MetricSet): Trends {
  const names = set.names.filter((name) => isTrendName(name));
  return Object.fromEntries(names.map((name) => [name, set.trend(name).data()]));
}

/** Whether there is nothing to count. */
export function isEmptySummary({ abnormalCloses, connections, failedHandshakes, messages, trends }: Summary): boolean {
  const count = connections + failedHandshakes + abnormalCloses + messages.sent + messages.received;
  return count === 0 && trends === undefined;
}

/** A summary as the text of its attachment. */
export function writeSummary(summary: Summary): string {
  return JSON.stringify({ version: summaryVersion, ...summary });
}

/** The slowest of several replies, the slowest first. */
export function slowest<Reply extends ReplyTime>(replies: readonly Reply[]): Reply[] {
  return replies.toSorted((a, b) => b.ms - a.ms).slice(0, shownReplies);
}

const beginning: Position = { sequence: 0, monotonicTime: Number.NEGATIVE_INFINITY };

/** What happened in the instant of the position belongs to the slice before it. */
function isAfter(moment: number | undefined, from: Position): boolean {
  return moment !== undefined && moment > from.monotonicTime;
}

function samplesOf(connections: readonly Connection[], waits: readonly WaitRecord[]): Sample[] {
  return [
    ...connections.flatMap((connection) => connectionSamples(connection)),
    ...waits.flatMap((wait) => responseTime(wait) ?? []),
  ];
}

function trendsOf(samples: readonly Sample[]): Pick<Summary, 'trends'> {
  if (samples.length === 0) return {};
  const set = new MetricSet();
  for (const { metric, ms } of samples) set.addTime(metric, ms);
  return { trends: writeTrends(set) };
}

function replyTime(wait: WaitRecord): ReplyTime[] {
  const time = responseTime(wait);
  if (time === undefined) return [];
  const { connections, method, site } = wait;
  const [{ name, redactor }] = connections;
  const ms = Math.round(time.ms * 1000) / 1000;
  return [{ method, client: redactor.text(name), ms, location: describeLocation(site?.location) }];
}
