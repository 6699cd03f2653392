import { compileExpectation, matchedMessage } from '../expectation/compile.ts';
import { Mark } from '../frames/mark.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { errorMessage } from '../support/errors.ts';
import { passed } from './wait-error.ts';
import type { Outcome } from './wait-record.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { MessageWatch } from './watch-messages.ts';
import type { SendUntilOptions } from './web-socket-client.ts';

const defaultIntervalMs = 500;
const defaultMaxAttempts = 10;

/** Sends now and again after each interval until a later message meets the expectation. */
export async function sendRepeatedly(
  settings: WaitSettings,
  data: unknown,
  options: SendUntilOptions & { readonly expected: unknown },
): Promise<LoggedMessage> {
  const { expected, interval = defaultIntervalMs, maxAttempts = defaultMaxAttempts } = options;
  const optionNames = ['interval', 'maxAttempts', 'timeout', 'signal'];
  const expectation = compileExpectation(expected, { method: 'sendUntil', optionNames });
  const [connection] = settings.connections;
  connection.sender.assertOpen('send');
  let attempts = 0;
  const watch = new MessageWatch({
    expectations: [expectation],
    attempts: options.timeout === undefined ? () => `${attempts} sends, ${interval}ms apart` : undefined,
    after: new Mark(),
  });
  // The attempts are the limit, whatever time they take; `timeout` is one more when it is given.
  const wait = Wait.start({ ...settings, timeout: options.timeout ?? 0 }, watch);
  const attempt = (): void => {
    // In a gap nothing can be sent; the attempts to reconnect are the limit then.
    if (!wait.isPending || connection.gap !== undefined) return;
    if (attempts === maxAttempts) {
      wait.end({ kind: 'timeout' });
      return;
    }
    attempts += 1;
    trySend(wait, () => connection.sender.send(data));
  };
  attempt();
  const timer = setInterval(attempt, interval);
  try {
    await passed(wait.ended);
  } finally {
    clearInterval(timer);
  }
  return matchedMessage(expectation, watch.take()[0]);
}

function trySend(wait: Wait, send: () => unknown): void {
  try {
    const sent = send();
    if (sent instanceof Promise) sent.catch((error: Error) => wait.end(failed(error)));
  } catch (error) {
    wait.end(failed(error instanceof Error ? error : new Error(errorMessage(error))));
  }
}

function failed(error: Error): Outcome {
  return { kind: 'failed', error };
}
