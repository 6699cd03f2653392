import { closeCodeName } from '../protocol/close-code.ts';
import type { CloseRecord, ConnectionRecord } from './connection-record.ts';
import type { AttemptRecord, GapRecord } from './gap-record.ts';

/** One opening handshake with what crossed the wire after it: formats of HTTP know no connection that opens twice. */
export interface Session {
  readonly record: ConnectionRecord;
  /** Sequence number up to which the frames are those of this session, or of an earlier one. */
  readonly until: number;
}

/** A connection as its sessions: the first, and one for each attempt to open it again. */
export function sessionsOf(connection: ConnectionRecord, gaps: readonly GapRecord[]): Session[] {
  const own = gaps.filter((gap) => gap.connection === connection.name);
  if (own.length === 0) return [{ record: connection, until: Number.POSITIVE_INFINITY }];
  const first = endedBy(connection, own[0]);
  const rest = own.flatMap(({ attempts, sequence }, index) => {
    const next = own.at(index + 1);
    return attempts.map((attempt) => {
      const opened = openedBy(connection, attempt);
      if (attempt.failure !== undefined) return { record: opened, until: sequence };
      const until = next?.sequence ?? Number.POSITIVE_INFINITY;
      return { record: next === undefined ? opened : endedBy(opened, next), until };
    });
  });
  return [{ record: first, until: own[0].sequence }, ...rest];
}

function endedBy(record: ConnectionRecord, { close, failure }: GapRecord): ConnectionRecord {
  return { ...record, close, failure };
}

function openedBy(connection: ConnectionRecord, attempt: AttemptRecord): ConnectionRecord {
  const { endedMs, failure, handshake, ms, time } = attempt;
  const isOpen = handshake?.accepted === true;
  return {
    ...connection,
    url: handshake?.url ?? connection.url,
    time,
    ms,
    openedMs: isOpen ? endedMs : undefined,
    handshake,
    failure: isOpen ? connection.failure : failure,
    close: isOpen ? connection.close : neverOpened(endedMs ?? ms),
  };
}

/** As a connection ends whose opening handshake failed. */
function neverOpened(ms: number): CloseRecord {
  return { code: 1006, reason: '', wasClean: false, by: 'network', meaning: closeCodeName(1006), ms };
}
