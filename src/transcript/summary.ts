import type { Connection } from '../connection/connection.ts';
import type { WaitRecord } from '../connection/wait-record.ts';
import type { Direction } from '../frames/frame.ts';
import type { Position } from '../frames/mark.ts';
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
  /** Opening handshakes that ended in an open connection. */
  readonly connections: number;
  /** Opening handshakes that did not, whether the test expected that or not. */
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
  return {
    connections: connections.filter(({ openedAt }) => isAfter(openedAt, from)).length,
    failedHandshakes: ended.filter(({ openedAt }) => openedAt === undefined).length,
    abnormalCloses: ended.filter(({ closing, openedAt }) => openedAt !== undefined && !closing.isOrderly).length,
    messages,
    bytes,
    slowestReplies: slowest(waits.filter(({ endedAt }) => isAfter(endedAt, from)).flatMap((wait) => replyTime(wait))),
  };
}

/** Whether there is nothing to count. */
export function isEmptySummary({ abnormalCloses, connections, failedHandshakes, messages }: Summary): boolean {
  return connections + failedHandshakes + abnormalCloses + messages.sent + messages.received === 0;
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

/** Only of a wait that passed: what `request` resolved to is its reply. */
function replyTime({ connections, endedAt, method, outcome, site, startedAt, subject }: WaitRecord): ReplyTime[] {
  if (method !== 'request' || outcome?.kind !== 'passed' || endedAt === undefined) return [];
  const sentAt = subject.after?.monotonicTime ?? startedAt;
  const ms = Math.round((endedAt - sentAt) * 1000) / 1000;
  return [
    {
      method,
      client: connections[0].redactor.text(connections[0].name),
      ms,
      location: describeLocation(site?.location),
    },
  ];
}
