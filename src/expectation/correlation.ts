import type { LoggedMessage, Message } from '../frames/message.ts';
import { misuse } from '../support/errors.ts';
import { describeFunction } from './user-function.ts';
import type { CompiledExpectation } from './compile.ts';
import { GuardedExpectation } from './guarded.ts';
import type { Judge } from './judge.ts';
import { print } from './print.ts';

/** How the reply to a request is recognised. */
export type Correlation<Value = unknown> =
  /** A path of keys that has the same value in the request and in its reply: `'id'`, `'meta.id'`. */
  string | { readonly sent: string; readonly reply: string } | ((sent: unknown, message: Message<Value>) => boolean);

/**
 * Turns `correlate` into the selector of the reply to what is sent.
 *
 * @throws TypeError `WS_INVALID_OPTION` for another form; `WS_INVALID_ARGUMENT` when what is sent lacks the key.
 */
export function compileCorrelation(correlate: Correlation, sent: unknown): CompiledExpectation {
  if (typeof correlate === 'function') {
    return new GuardedExpectation(
      new FunctionJudge(describeFunction(correlate), (message) => correlate(sent, message)),
    );
  }
  const paths = typeof correlate === 'string' ? { sent: correlate, reply: correlate } : correlate;
  checkPaths(paths);
  const key = valueAt(sent, paths.sent);
  if (key !== undefined) return new GuardedExpectation(new KeyJudge(paths.reply, key));
  throw misuse('WS_INVALID_ARGUMENT', `Cannot correlate: what request() sends has no value at "${paths.sent}"`);
}

/** Messages whose value has the request's key at a path. */
class KeyJudge implements Judge {
  readonly needsValue = true;
  readonly author = 'correlate';
  readonly #path: string;
  readonly #key: unknown;

  constructor(path: string, key: unknown) {
    this.#path = path;
    this.#key = key;
  }

  matches(message: LoggedMessage): boolean {
    return Object.is(valueAt(message.value, this.#path), this.#key);
  }

  describe(): string {
    return `the reply with ${this.#path}: ${print(this.#key)}`;
  }

  explain(message: LoggedMessage): string {
    return `${this.#path} is ${print(valueAt(message.value, this.#path))}, not ${print(this.#key)}`;
  }

  nearness(message: LoggedMessage): number {
    return valueAt(message.value, this.#path) === undefined ? 0 : 0.5;
  }
}

class FunctionJudge implements Judge {
  readonly needsValue = false;
  readonly mayBeMisused = true;
  readonly author = 'correlate';
  readonly #label: string;
  readonly #selects: (message: LoggedMessage) => unknown;

  constructor(label: string, selects: (message: LoggedMessage) => unknown) {
    this.#label = label;
    this.#selects = selects;
  }

  matches(message: LoggedMessage): boolean | TypeError {
    const verdict = this.#selects(message);
    if (typeof verdict === 'boolean') return verdict;
    return misuse(
      'WS_INVALID_OPTION',
      `Cannot correlate by ${this.#label}: it returned ${print(verdict, 60)}, expected true or false`,
    );
  }

  describe(): string {
    return `the reply that ${this.#label} selects`;
  }

  explain(): string {
    return 'correlate returned false';
  }

  nearness(): number {
    return 0;
  }
}

function checkPaths(paths: { readonly sent: unknown; readonly reply: unknown }): void {
  if (typeof paths === 'object' && typeof paths.sent === 'string' && typeof paths.reply === 'string') return;
  throw misuse(
    'WS_INVALID_OPTION',
    `Invalid option "correlate" of request: expected a path ('id'), { sent: path, reply: path } or a function (sent, message) => boolean`,
  );
}

/** The value behind a path of keys: `meta.id`, `items.0.id`; a leading `$.` is accepted. */
function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path.replace(/^\$\./, '').split('.')) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
