import type { Connection } from './connection.ts';
import type { StepFacts } from './observer.ts';

/** Runs the operations of a test's clients: shows each as a step, and remembers what was not awaited. */
export interface OperationRunner {
  /**
   * @param connection Its client must still belong to a running test.
   * @param start Called in this turn; what it throws or rejects with points at the user's line. What it returns in place
   *   of a promise is the result of an operation that is over.
   */
  run<T>(facts: StepFacts, connection: Connection, start: () => T | Promise<T>): Promise<T>;
}
