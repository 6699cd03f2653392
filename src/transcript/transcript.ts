import type { Connection } from '../connection/connection.ts';
import type { Finding, FindingKind } from '../connection/findings.ts';
import type { WaitRecord } from '../connection/wait-record.ts';
import type { Position } from '../frames/mark.ts';
import { now, wallTime } from '../support/clock.ts';
import { describeConnection, type ConnectionRecord } from './connection-record.ts';
import { describeGaps, type GapRecord } from './gap-record.ts';
import { describeRequest, type HttpRequest, type RequestRecord } from './http-request.ts';
import { describeWait, nearestFrames, type WaitEntry } from './wait-entry.ts';
import { TranscriptFrames } from './transcript-frames.ts';
import { describeLocation } from '../support/call-site.ts';

/** What a transcript is made of. */
export interface TranscriptSource {
  readonly connections: readonly Connection[];
  readonly waits: readonly WaitRecord[];
  /** What fails the test at its end. */
  readonly findings: readonly Finding[];
  /** Findings that fail nothing, since the test had failed already. */
  readonly notes?: readonly Finding[] | undefined;
  /** HTTP requests of the test, in the order in which they began. */
  readonly requests?: readonly HttpRequest[] | undefined;
  /**
   * Where a slice of connections that several tests share begins. Frames up to it are left out; with a mark also the
   * waits and the connections that had ended before it, which a sequence number alone cannot tell.
   *
   * @default the beginning
   */
  readonly from?: Position | number | undefined;
}

/** A finding as a transcript keeps it. */
export interface FindingEntry {
  readonly kind: FindingKind;
  readonly text: string;
  /** `orders.spec.ts:12`. */
  readonly location: string;
}

/**
 * The serialisable form of a test's connections. Headers and URLs are masked by their names; what else is written goes
 * through the mask of the writer.
 */
export interface Transcript {
  /** Wall-clock milliseconds since the epoch at which the first connection began: every `ms` counts from it. */
  readonly startedAt: number;
  /** Whether nothing happened: no connection, or none that did anything in the slice. */
  readonly isEmpty: boolean;
  readonly connections: readonly ConnectionRecord[];
  /** In the order of their sequence numbers. Payloads are views of the frame logs. */
  readonly frames: TranscriptFrames;
  /** Times without a connection, in the order in which they began. */
  readonly gaps: readonly GapRecord[];
  readonly waits: readonly WaitEntry[];
  /** HTTP requests of the test in the order in which they began. */
  readonly requests: readonly RequestRecord[];
  readonly findings: readonly FindingEntry[];
  readonly notes: readonly FindingEntry[];
}

/** Describes the connections of a test, or the slice of them that belongs to one test. */
export function createTranscript(source: TranscriptSource): Transcript {
  const { findings, notes = [], requests = [] } = source;
  const from = toPosition(source.from);
  const connections = source.connections.filter(({ closing }) => !isBefore(closing.finishedAt, from));
  const startedAt = connections.reduce((first, { createdAt }) => Math.min(first, createdAt), now());
  const frames = new TranscriptFrames(connections, { after: from.sequence, startedAt });
  const claimed = frames.claimed();
  const waits = source.waits.filter((wait) => !isBefore(wait.endedAt, from) && !isPlainSend(wait));
  const nearest = nearestFrames(waits);
  const gaps = describeGaps(connections, startedAt, from);
  const isQuiet = frames.length + gaps.length + waits.length + findings.length + notes.length === 0;
  return {
    startedAt: wallTime(startedAt),
    isEmpty: isQuiet && connections.every((connection) => isUnchanged(connection, from)),
    connections: connections.map((connection) => describeConnection(connection, startedAt)),
    frames,
    gaps,
    waits: waits.map((wait) => {
      return describeWait(wait, { claimed: claimed.get(wait) ?? [], nearest: nearest.get(wait) }, startedAt);
    }),
    requests: requests.map((request) => describeRequest(request, startedAt)),
    findings: findings.map((finding) => describeFinding(finding)),
    notes: notes.map((note) => describeFinding(note)),
  };
}

function toPosition(from: Position | number | undefined): Position {
  if (typeof from === 'object') return from;
  return { sequence: from ?? 0, monotonicTime: Number.NEGATIVE_INFINITY };
}

function isBefore(moment: number | undefined, from: Position): boolean {
  return moment !== undefined && moment < from.monotonicTime;
}

/** Whether a connection was open before the slice began and still is. */
function isUnchanged({ closeInfo, createdAt, openedAt }: Connection, from: Position): boolean {
  return isBefore(createdAt, from) && isBefore(openedAt, from) && closeInfo === undefined;
}

/** A `send` that went through: its frame tells all, and a flood has as many of them. */
function isPlainSend({ method, outcome }: WaitRecord): boolean {
  return method === 'send' && outcome?.kind === 'passed';
}

function describeFinding({ kind, site, text }: Finding): FindingEntry {
  return { kind, text, location: describeLocation(site?.location) };
}
