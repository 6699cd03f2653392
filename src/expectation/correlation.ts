import type { LoggedMessage, Message } from '../frames/message.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { describeFunction, isPromiseLike } from './user-function.ts';
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
 * @throws TypeError `WS_INVALID_OPTION` for another form; `WS_INVALID_ARGUMENT` when what is sent lacks the key, or has an
 *   object there.
 */
export function compileCorrelation(correlate: Correlation, sent: unknown): CompiledExpectation {
  if (typeof correlate === 'function') {
    return new GuardedExpectation(
      new FunctionJudge(describeFunction(correlate), (message) => correlate(sent, message)),
    );
  }
  const paths = typeof correlate === 'string' ? { sent: correlate, reply: correlate } : correlate;
  checkPaths(paths);
  return new GuardedExpectation(new KeyJudge(paths.reply, keyAt(sent, paths.sent)));
}

function keyAt(sent: unknown, path: string): unknown {
  const key = valueAt(sent, path);
  if (key === undefined) {
    throw misuse('WS_INVALID_ARGUMENT', `Cannot correlate: what request() sends has no value at "${path}"`);
  }
  if (typeof key !== 'object' || key === null) return key;
  throw misuse(
    'WS_INVALID_ARGUMENT',
    `Cannot correlate: what request() sends has ${describeFound(key)} at "${path}", expected text or a number\n  Give the path of a member of it, such as '${path}.id'.`,
  );
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
    // The rejection of a promise is nobody's: the misuse is what the user has to hear of.
    if (isPromiseLike(verdict)) Promise.resolve(verdict).catch(() => {});
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

function checkPaths(paths: unknown): void {
  if (isPaths(paths)) return;
  throw misuse(
    'WS_INVALID_OPTION',
    `Invalid option "correlate" of request: expected a path ('id'), { sent: path, reply: path } or a function (sent, message) => boolean, found ${describeFound(paths)}`,
  );
}

function isPaths(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('sent' in value) || !('reply' in value)) return false;
  return typeof value.sent === 'string' && typeof value.reply === 'string';
}

/** The value behind a path of keys: `meta.id`, `items.0.id`; a leading `$.` is accepted. */
function valueAt(value: unknown, path: string): unknown {
  let current = value;
  for (const key of keysOf(path)) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** Paths that are kept: a test correlates by the same one again and again. */
const mostRecent = 100;
const recent = new Map<string, readonly string[]>();

function keysOf(path: string): readonly string[] {
  const known = recent.get(path);
  if (known !== undefined) return known;
  const keys = path.replace(/^\$\./, '').split('.');
  if (recent.size === mostRecent) recent.clear();
  recent.set(path, keys);
  return keys;
}
