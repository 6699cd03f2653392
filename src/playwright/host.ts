import type { TestInfo } from '@playwright/test';

/** One macrotask: what was rejected by now has been reported by the host to the test that still runs. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Whether findings may still fail the test: its code ran to its end and nothing has failed so far. */
export function hasPassedSoFar({ status }: TestInfo): boolean {
  return status === 'passed';
}

/** Whether the test ran into its own timeout. */
export function hasTimedOut({ status }: TestInfo): boolean {
  return status === 'timedOut';
}
