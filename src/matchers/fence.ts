import type { Claimer } from '../connection/claim-queue.ts';
import type { Connection } from '../connection/connection.ts';
import type { Wait } from '../connection/waits.ts';
import type { StartedFence, StartFence } from '../connection/watch-quiet.ts';
import { compileExpectation, type CompiledExpectation } from '../expectation/compile.ts';
import type { Expectation } from '../expectation/types.ts';
import type { LoggedMessage } from '../frames/message.ts';
import { lastSequence } from '../frames/sequence.ts';
import { errorMessage } from '../support/errors.ts';

/** A round trip of the application: what is answered was sent after everything the server sent before. */
export interface Fence {
  /** Data as for `client.send`. */
  readonly send: unknown;
  /** The answer; it is claimed. */
  readonly expect: Expectation;
}

/** Returns what makes the round trip on a connection. */
export function compileFence(fence: true | Fence): StartFence {
  if (fence === true) return startPing;
  const expectation = compileExpectation(fence.expect, { method: 'fence', optionNames: [] });
  return (wait, connection, answered) => {
    const answer = new FenceAnswer(wait, connection, { after: lastSequence(), expectation, answered });
    connection.messages.register(answer);
    try {
      send(wait, connection, fence.send);
    } catch (error) {
      answer.giveUp();
      throw error;
    }
    return answer;
  };
}

/** Its pong stays ours, also when the window has failed meanwhile: it is not offered to `toReceivePong`. */
function startPing(_wait: Wait, { ownPings, sender }: Connection, answered: () => void): StartedFence {
  sender.probe(ownPings.nextPayload(), answered);
  return { giveUp: () => {} };
}

function send(wait: Wait, connection: Connection, data: unknown): void {
  const failed = (error: unknown): void =>
    wait.end({ kind: 'fence', text: `could not be sent: ${errorMessage(error)}` });
  const ended = (error?: Error): void => {
    if (error !== undefined) failed(error);
  };
  const sent = connection.sender.send(data);
  if (sent instanceof Promise) sent.then(({ flush }) => flush.onEnd(ended), failed);
  else sent.flush.onEnd(ended);
}

interface FenceAnswerOptions {
  /** Sequence of the newest frame before the fence was sent. */
  readonly after: number;
  readonly expectation: CompiledExpectation;
  readonly answered: () => void;
}

/** Claims the first later message that answers the fence, in the turn in which it arrives. */
class FenceAnswer implements Claimer<LoggedMessage>, StartedFence {
  readonly #wait: Wait;
  readonly #connection: Connection;
  readonly #options: FenceAnswerOptions;
  #held: LoggedMessage | undefined;
  /** Of the newest message at which the user's code threw. */
  remark: string | undefined;

  constructor(wait: Wait, connection: Connection, options: FenceAnswerOptions) {
    this.#wait = wait;
    this.#connection = connection;
    this.#options = options;
  }

  offer(message: LoggedMessage): void {
    const { after, answered, expectation } = this.#options;
    if (this.#held !== undefined || message.sequence <= after) return;
    const isAnswer = expectation.matches(message);
    if (expectation.misuse !== undefined) this.#wait.end({ kind: 'misuse', error: expectation.misuse });
    if (expectation.thrownAt(message) !== undefined) {
      this.remark = `#${message.index + 1}: ${expectation.explain(message)}`;
    }
    if (!isAnswer) return;
    this.#held = message;
    this.#connection.messages.hold(message, this.#wait.record);
    answered();
  }

  returned(messages: readonly LoggedMessage[]): void {
    for (const message of messages) this.offer(message);
  }

  /** A wait that failed claims nothing. */
  giveUp(): void {
    const { messages } = this.#connection;
    messages.unregister(this);
    if (this.#held !== undefined && this.#wait.record.outcome?.kind !== 'passed') messages.giveBack([this.#held], this);
  }
}
