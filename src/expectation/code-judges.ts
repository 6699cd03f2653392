import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { LoggedMessage } from '../frames/message.ts';
import type { CompileContext } from './compile.ts';
import type { Judge } from './judge.ts';
import { refuseAsynchronous, refuseResult } from './refusals.ts';
import { describeIssues, validateNow, vendorOf } from './schema.ts';
import { describeFunction, isPromiseLike } from './user-function.ts';

/** What a predicate is before its result is looked at. */
export type UncheckedPredicate = (message: LoggedMessage) => unknown;

/** A message for which the user's function returns `true`. */
export class PredicateJudge implements Judge {
  readonly needsValue = false;
  readonly mayBeMisused = true;
  readonly author = 'the predicate';
  readonly #predicate: UncheckedPredicate;
  readonly #context: CompileContext;

  constructor(predicate: UncheckedPredicate, context: CompileContext) {
    this.#predicate = predicate;
    this.#context = context;
  }

  matches(message: LoggedMessage): boolean | TypeError {
    const result = this.#predicate(message);
    if (typeof result === 'boolean') return result;
    if (!isPromiseLike(result)) return refuseResult(this.describe(), result, this.#context);
    // Its rejection is nobody's: the misuse is what the user has to hear of.
    Promise.resolve(result).catch(() => {});
    return refuseAsynchronous('predicate', this.describe(), this.#context);
  }

  describe(): string {
    return describeFunction(this.#predicate);
  }

  explain(): string {
    // Not "returned false": of the throws only the latest are remembered.
    return 'the predicate did not return true';
  }

  nearness(): number {
    return 0;
  }
}

/** A message whose value a Standard Schema accepts. */
export class SchemaJudge implements Judge {
  readonly needsValue = true;
  readonly mayBeMisused = true;
  readonly author = 'the schema';
  readonly #schema: StandardSchemaV1;
  readonly #context: CompileContext;

  constructor(schema: StandardSchemaV1, context: CompileContext) {
    this.#schema = schema;
    this.#context = context;
  }

  matches(message: LoggedMessage): boolean | TypeError {
    const result = validateNow(this.#schema, message.value);
    if (result === 'asynchronous') return refuseAsynchronous('schema', this.describe(), this.#context);
    return result.ok;
  }

  describe(): string {
    return `schema (${vendorOf(this.#schema)})`;
  }

  explain(message: LoggedMessage): string {
    const lines = describeIssues(this.#issues(message)).map((line) => `  ${line}`);
    return [`does not validate (${vendorOf(this.#schema)})`, ...lines].join('\n');
  }

  nearness(message: LoggedMessage): number {
    const issues = this.#issues(message);
    // An issue without a path concerns the whole value: nothing of it is known to fit.
    if (issues.some((issue) => (issue.path ?? []).length === 0)) return 0.1;
    return 1 / (1 + issues.length);
  }

  output(message: LoggedMessage): unknown {
    const result = validateNow(this.#schema, message.value);
    return result !== 'asynchronous' && result.ok ? result.value : message.value;
  }

  #issues(message: LoggedMessage): readonly StandardSchemaV1.Issue[] {
    const result = validateNow(this.#schema, message.value);
    return result === 'asynchronous' || result.ok ? [] : result.issues;
  }
}
