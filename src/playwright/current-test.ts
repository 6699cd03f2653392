import type { TestSettings } from './test-scope.ts';

/** The worker's clients, as its tests see them. */
export interface TestedWorker {
  beginTest(test: TestSettings): void;
  endTest(test: TestSettings): Promise<void>;
}

/** The test that runs in this worker now. */
let currentTest: TestSettings | undefined;
/** The worker's clients, once a test asked for `workerWs`. */
let currentWorker: TestedWorker | undefined;

/** The test that runs now; `undefined` between tests. */
export function testOfWorker(): TestSettings | undefined {
  return currentTest;
}

/** Makes the worker's clients known to its tests; `undefined` when they are closed. */
export function setWorker(worker: TestedWorker | undefined): void {
  currentWorker = worker;
}

/** Called by each test before its other fixtures. */
export function beginTestOfWorker(test: TestSettings): void {
  currentTest = test;
  currentWorker?.beginTest(test);
}

/** Called by each test after its other fixtures. */
export async function endTestOfWorker(test: TestSettings): Promise<void> {
  currentTest = undefined;
  await currentWorker?.endTest(test);
}
