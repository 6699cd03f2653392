import type { LoggedMessage } from '../frames/message.ts';
import { anyMessage } from './any-message.ts';
import { isBinary } from './binary.ts';
import { PredicateJudge, SchemaJudge, type UncheckedPredicate } from './code-judges.ts';
import { isAsymmetricMatcher } from './equality.ts';
import { isFlat } from './flat.ts';
import { GuardedExpectation } from './guarded.ts';
import type { Judge } from './judge.ts';
import { AnyMessageJudge, BytesJudge, RegExpJudge, TextJudge } from './payload-judges.ts';
import { refuseOptionsAlone, refuseUnusable } from './refusals.ts';
import { isStandardSchema } from './schema.ts';
import { ValueJudge } from './value-judge.ts';

/** Where an expectation was written. */
export interface CompileContext {
  /** Shown in errors: `toReceiveMessage`. */
  readonly method: string;
  /** What an options object of the method may contain: an expectation of nothing else is a mistake. */
  readonly optionNames: readonly string[];
}

/** An expectation that was checked once, to be held against many messages. */
export interface CompiledExpectation {
  /**
   * Set once a predicate returned a promise or no boolean, or a schema validated asynchronously: the TypeError with
   * which the caller ends its wait. From then on nothing matches.
   */
  readonly misuse: TypeError | undefined;
  /** Whether it is code of the user's, so that judging a message may show its misuse. */
  readonly mayBeMisused: boolean;
  /** Never throws, whatever the user's code does. */
  matches(message: LoggedMessage): boolean;
  /** What the user's code threw at this message, when it did. */
  thrownAt(message: LoggedMessage): { readonly error: unknown } | undefined;
  /** One line, for `Expected: …`. */
  describe(): string;
  /** Why this message does not meet it; one or more lines that continue "message #2 …". Never throws. */
  explain(message: LoggedMessage): string;
  /** How near a message that does not meet it comes, 0 to 1. Ranks; does not judge. Never throws. */
  nearness(message: LoggedMessage): number;
}

/**
 * Checks an expectation, and prepares to judge messages by it.
 *
 * @throws TypeError `WS_INVALID_EXPECTATION` for what could never be met, or would be met by accident.
 */
export function compileExpectation(expected: unknown, context: CompileContext): CompiledExpectation {
  if (expected === anyMessage) return compiledAnyMessage;
  if (isFlat(expected)) {
    refuseOptionsAlone(expected, context);
    return new GuardedExpectation(new ValueJudge(expected, expected));
  }
  refuseUnusable(expected, context);
  return new GuardedExpectation(judgeFor(expected, context));
}

/** The message as a wait returns it: with a schema as the expectation, its value is the schema's output. */
export function matchedMessage(expectation: CompiledExpectation, message: LoggedMessage): LoggedMessage {
  return expectation instanceof GuardedExpectation ? expectation.result(message) : message;
}

/** It remembers nothing of a message: one for all. */
const compiledAnyMessage = new GuardedExpectation(new AnyMessageJudge());

/** A value may be several of these (some schemas are functions): the first decides. */
function judgeFor(expected: unknown, context: CompileContext): Judge {
  if (isAsymmetricMatcher(expected)) return new ValueJudge(expected);
  if (isStandardSchema(expected)) return new SchemaJudge(expected, context);
  if (isFunction(expected)) return new PredicateJudge(expected, context);
  if (expected instanceof RegExp) return new RegExpJudge(expected);
  if (isBinary(expected)) return new BytesJudge(expected);
  if (typeof expected === 'string') return new TextJudge(expected);
  return new ValueJudge(expected);
}

function isFunction(value: unknown): value is UncheckedPredicate {
  return typeof value === 'function';
}
