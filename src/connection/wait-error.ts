import { explainWait } from '../explain/explain.ts';
import { ConnectionClosedError, WaitAbortedError, WaitTimeoutError, WebSocketError } from '../support/errors.ts';
import type { WaitRecord } from './wait-record.ts';
import type { Wait } from './waits.ts';

/** The error with which a client's method reports a wait that failed. */
export function waitError(record: WaitRecord): Error {
  const error = errorOf(record);
  for (const redactor of new Set(record.connections.map((connection) => connection.redactor))) redactor.error(error);
  return error;
}

/** Resolves when the wait has passed, rejects with why it did not. */
export async function passed(ended: Promise<WaitRecord>): Promise<void> {
  const record = await ended;
  if (record.outcome?.kind !== 'passed') throw waitError(record);
}

/** What a wait is for: at once when it has passed already, else when it has ended. */
export function resultOf<T>(wait: Wait, result: () => T): T | Promise<T> {
  if (wait.hasPassed) return result();
  return new Promise((resolve, reject) => {
    wait.onEnd((record) => {
      try {
        if (record.outcome?.kind === 'passed') resolve(result());
        else reject(waitError(record));
      } catch (error) {
        // Describing an expectation may run the user's code: a getter of a predicate's name.
        reject(error);
      }
    });
  });
}

function errorOf(record: WaitRecord): Error {
  const { outcome } = record;
  switch (outcome?.kind) {
    case 'misuse':
    case 'failed':
      return outcome.error;
    case 'timeout':
      return new WaitTimeoutError(explainWait(record), record.timeout);
    case 'closed':
      return new ConnectionClosedError('WS_CONNECTION_CLOSED', explainWait(record), outcome.closeInfo);
    case 'aborted':
      return new WaitAbortedError(explainWait(record), outcome.reason);
    case 'ended':
      return new ConnectionClosedError('WS_TEST_ENDED', explainWait(record));
    default:
      return new WebSocketError('WS_WAIT_FAILED', explainWait(record));
  }
}
