import type { LoggedMessage } from '../frames/message.ts';

/** One kind of expectation. It may run the user's code, so any method may throw: `GuardedExpectation` sees to it. */
export interface Judge {
  /** Judges the value, which a message that violates the client's schema or codec does not have. */
  readonly needsValue: boolean;
  /** Whose code a throw comes from, for failures: `the predicate`. */
  readonly author: string;
  /** Whether the message cannot meet it, told without decoding the message; `false` says nothing. */
  excludes?(message: LoggedMessage): boolean;
  /** Whether `matches` may return a TypeError. */
  readonly mayBeMisused?: boolean;
  /** A TypeError when the expectation turned out to be misused: it cannot be judged as written. */
  matches(message: LoggedMessage): boolean | TypeError;
  describe(): string;
  explain(message: LoggedMessage): string;
  nearness(message: LoggedMessage): number;
  /** The value that the caller gets of a message that meets it, when it is not the message's own. */
  output?(message: LoggedMessage): unknown;
}
