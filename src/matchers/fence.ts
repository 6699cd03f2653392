import type { Connection } from '../connection/connection.ts';
import { waitForOneMessage } from '../connection/wait-for-messages.ts';
import type { Wait, WaitSettings } from '../connection/waits.ts';
import { compileExpectation } from '../expectation/compile.ts';
import type { Expectation } from '../expectation/types.ts';
import { Mark } from '../frames/mark.ts';
import { errorMessage } from '../support/errors.ts';

/** A round trip of the application: what is answered was sent after everything the server sent before. */
export interface Fence {
  /** Data as for `client.send`. */
  readonly send: unknown;
  /** The answer; it is claimed. */
  readonly expect: Expectation;
}

/** Returns what sends the fence on each connection and passes the wait when all answers came. */
export function compileFence(fence: true | Fence, settings: WaitSettings): (wait: Wait) => void {
  if (fence === true) return (wait) => startAll(wait, (connection, answered) => startPing(connection, answered));
  const expectation = compileExpectation(fence.expect, { method: 'fence', optionNames: [] });
  return (wait) =>
    startAll(wait, (connection, answered) => {
      const after = new Mark();
      void connection.sender.send(fence.send);
      const answer = waitForOneMessage({ ...settings, method: 'fence', connections: [connection] }, expectation, {
        after,
      });
      void whenPassed(answer.wait, answered);
    });
}

type StartFence = (connection: Connection, answered: () => void) => void;

function startAll(wait: Wait, start: StartFence): void {
  let missing = wait.record.connections.length;
  const answered = (): void => {
    missing -= 1;
    if (missing === 0) wait.pass();
  };
  try {
    for (const connection of wait.record.connections) start(connection, answered);
  } catch (error) {
    wait.end({ kind: 'fence', text: `could not be sent: ${errorMessage(error)}` });
  }
}

async function whenPassed(wait: Wait, answered: () => void): Promise<void> {
  const { outcome } = await wait.ended;
  if (outcome?.kind === 'passed') answered();
}

function startPing(connection: Connection, answered: () => void): void {
  connection.sender.probe(connection.ownPings.nextPayload(), answered);
}
