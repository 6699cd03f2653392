import { nextSequence } from '../frames/sequence.ts';
import { describeClose } from '../protocol/close-code.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { now } from '../support/clock.ts';
import { errorMessage, WebSocketError, type CloseInfo } from '../support/errors.ts';

/** One attempt to open a lost connection again. Times are monotonic milliseconds. */
export interface ReconnectAttempt {
  /** Its number among those of the client, from 1. */
  readonly number: number;
  readonly startedAt: number;
  endedAt: number | undefined;
  /** Why it failed. */
  error: Error | undefined;
  /** What the server answered, accepted or refused. */
  handshake: Handshake | undefined;
}

/** A time without a connection, between a close and the reconnection. Times are monotonic milliseconds. */
export interface Gap {
  /** Its place in the order of frames of all clients. */
  readonly sequence: number;
  readonly lostAt: number;
  /** How the connection was lost. */
  readonly closeInfo: CloseInfo;
  /** A protocol error that ended it. */
  readonly failure: Error | undefined;
  /** Opening handshake of the connection that was lost. */
  readonly handshake: Handshake | undefined;
  readonly attempts: ReconnectAttempt[];
  /** When it was open again, or given up. */
  endedAt: number | undefined;
  isRecovered: boolean;
}

/** A gap that begins now. */
export function createGap(lost: Pick<Gap, 'closeInfo' | 'failure' | 'handshake'>): Gap {
  return {
    ...lost,
    sequence: nextSequence(),
    lostAt: now(),
    attempts: [],
    endedAt: undefined,
    isRecovered: false,
  };
}

/** Attempts that one error lists. */
const shownAttempts = 10;

/**
 * Why a connection that was to be opened again stays closed, with what became of each attempt.
 *
 * @param end What ended it, beside the attempts: `3 of 3 attempts are used up`.
 */
export function reconnectError(
  { gaps, name }: { readonly gaps: readonly Gap[]; readonly name: string },
  closeInfo: CloseInfo,
  end: { readonly text: string; readonly cause?: unknown },
): WebSocketError {
  const lines = gaps.flatMap((gap, index) => describeAttempts(gap, gaps[index + 1]?.closeInfo ?? closeInfo));
  const shown = lines.slice(-shownAttempts);
  const earlier = lines.length - shown.length;
  if (earlier > 0) shown.unshift(`… ${earlier} earlier`);
  const text = [`Cannot reconnect "${name}": ${end.text}`, ...shown].join('\n  ');
  return new WebSocketError('WS_RECONNECT_FAILED', text, { cause: end.cause ?? gaps.at(-1)?.attempts.at(-1)?.error });
}

/** `attempt 2: opened, then closed with 4001 "kicked", by the server`. */
function describeAttempts({ attempts }: Gap, next: CloseInfo): string[] {
  const ended = attempts.filter(({ endedAt }) => endedAt !== undefined);
  return ended.map(({ error, number }) => {
    const what = error === undefined ? `opened, then closed with ${describeClose(next)}` : firstLine(error);
    return `attempt ${number}: ${what}`;
  });
}

function firstLine(error: Error): string {
  return errorMessage(error).split('\n', 1)[0];
}
