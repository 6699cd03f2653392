import { compileExtraction, type CompiledExtraction, type Extracted } from '../expectation/json-path.ts';
import type { LoggedMessage } from '../frames/message.ts';
import type { Connection } from './connection.ts';
import type { Outcome } from './wait-record.ts';
import { passed } from './wait-error.ts';
import { Wait, type WaitSettings } from './waits.ts';
import { StateWatch } from './watch-state.ts';

/** Evaluates the expression over the newest messages until it yields a value. */
export async function extractValue(settings: WaitSettings, expression: unknown, last: number): Promise<unknown> {
  const extraction = compileExtraction(expression, {
    method: settings.method,
    optionNames: ['last', 'timeout', 'signal'],
  });
  const attempt = new Attempt(extraction, last);
  const watch = new StateWatch({
    subject: {
      expected: () => `${extraction.describe()} over ${last === 1 ? 'the last message' : `the last ${last} messages`}`,
      received: () => attempt.describe(),
    },
    judge: (connection) => attempt.judge(connection),
  });
  await passed(Wait.start(settings, watch).ended);
  return attempt.value;
}

/** The newest result of an extraction; it is evaluated again only when a message came. */
class Attempt {
  readonly #extraction: CompiledExtraction;
  readonly #last: number;
  #seen = -1;
  #result: Extracted = { found: false, reason: 'no message yet' };

  constructor(extraction: CompiledExtraction, last: number) {
    this.#extraction = extraction;
    this.#last = last;
  }

  get value(): unknown {
    return this.#result.found ? this.#result.value : undefined;
  }

  describe(): string {
    return this.#result.found ? 'a value' : this.#result.reason;
  }

  judge({ messages }: Connection): Outcome | undefined {
    if (messages.length === this.#seen || messages.length === messages.floor) return undefined;
    this.#seen = messages.length;
    const newest: LoggedMessage[] = [];
    for (let index = Math.max(messages.floor, messages.length - this.#last); index < messages.length; index++) {
      newest.push(messages.at(index));
    }
    this.#result = this.#extraction.extract(newest, this.#last === 1);
    if (this.#extraction.misuse !== undefined) return { kind: 'misuse', error: this.#extraction.misuse };
    return this.#result.found ? { kind: 'passed' } : undefined;
  }
}
