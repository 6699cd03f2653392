import type { Connection } from '../connection/connection.ts';
import type { Gap, ReconnectAttempt } from '../connection/gap.ts';
import type { Position } from '../frames/mark.ts';
import { closeCodeName } from '../protocol/close-code.ts';
import { wallTime } from '../support/clock.ts';
import { errorMessage } from '../support/errors.ts';
import { describeHandshake, type CloseRecord, type HandshakeRecord } from './connection-record.ts';

/** A time without a connection: it was lost, and opened again or given up. */
export interface GapRecord {
  /** Name of the connection. */
  readonly connection: string;
  /** Its place in the order of frames of all connections. */
  readonly sequence: number;
  /** Wall-clock milliseconds since the epoch at which the connection was lost. */
  readonly time: number;
  /** Milliseconds since the first connection began. */
  readonly ms: number;
  /** When it was open again, or given up; `undefined` while it lasts. */
  readonly endedMs: number | undefined;
  /** Whether it was opened again. */
  readonly recovered: boolean;
  /** How the connection was lost. */
  readonly close: CloseRecord;
  /** A protocol error, or what the network reported. */
  readonly failure: string | undefined;
  readonly attempts: readonly AttemptRecord[];
}

/** One attempt to open a connection again. */
export interface AttemptRecord {
  /** Its number among those of the client, from 1. */
  readonly number: number;
  /** Wall-clock milliseconds since the epoch at which its opening handshake began. */
  readonly time: number;
  readonly ms: number;
  readonly endedMs: number | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
  readonly handshake: HandshakeRecord | undefined;
}

/** The gaps of connections that had not ended before a position, in the order in which they began. */
export function describeGaps(connections: readonly Connection[], startedAt: number, from: Position): GapRecord[] {
  const records = connections.flatMap((connection) =>
    gapsFrom(connection, from).map((gap) => describeGap(connection, gap, startedAt)),
  );
  return records.sort((a, b) => a.sequence - b.sequence);
}

function gapsFrom({ reconnection }: Connection, from: Position): Gap[] {
  const gaps = reconnection?.gaps ?? [];
  return gaps.filter(({ endedAt }) => endedAt === undefined || endedAt >= from.monotonicTime);
}

/** @param startedAt Monotonic milliseconds at which the first connection began. */
export function describeGap(connection: Connection, gap: Gap, startedAt: number): GapRecord {
  const { attempts, closeInfo, endedAt, failure, isRecovered, lostAt, sequence } = gap;
  const ms = lostAt - startedAt;
  return {
    connection: connection.name,
    sequence,
    time: wallTime(lostAt),
    ms,
    endedMs: endedAt === undefined ? undefined : endedAt - startedAt,
    recovered: isRecovered,
    close: { ...closeInfo, meaning: closeCodeName(closeInfo.code), ms },
    failure: failure === undefined ? undefined : errorMessage(failure),
    attempts: attempts.map((attempt) => describeAttempt(connection, attempt, startedAt)),
  };
}

function describeAttempt({ redactor }: Connection, attempt: ReconnectAttempt, startedAt: number): AttemptRecord {
  const { endedAt, error, handshake, number, startedAt: began } = attempt;
  return {
    number,
    time: wallTime(began),
    ms: began - startedAt,
    endedMs: endedAt === undefined ? undefined : endedAt - startedAt,
    failure: error === undefined ? undefined : errorMessage(error),
    handshake: handshake === undefined ? undefined : describeHandshake(handshake, redactor),
  };
}
