import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { errorMessage } from './support/errors.ts';
import { readSummary } from './transcript/read-summary.ts';
import { oneLine, RunSummary } from './transcript/run-summary.ts';
import { summaryName } from './transcript/summary.ts';

/**
 * Prints one table at the end of a run: what crossed the WebSockets of all its tests, and the slowest replies. Silent
 * when no test used `ws`. It never fails a run.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@playwright/test';
 *
 * export default defineConfig({
 *   reporter: [['list'], ['playwright-ws/reporter']],
 * });
 * ```
 */
// oxlint-disable-next-line import/no-default-export -- Playwright loads a reporter by its default export.
export default class WebSocketReporter implements Reporter {
  readonly #run = new RunSummary();
  /** Summaries that could not be read, and the first of them. */
  #leftOut = 0;
  #firstLeftOut = '';
  #failure: string | undefined;

  /** The table is no report of the tests: Playwright adds one when no other reporter prints. */
  printsToStdio(): boolean {
    return false;
  }

  /** Adds what the test attached. */
  onTestEnd(test: TestCase, result: TestResult): void {
    this.#guard(() => {
      for (const { body, name } of result.attachments) {
        if (name === summaryName) this.#add(test, result, body);
      }
    });
  }

  /** Prints the table, below the counts of tests: Playwright 1.61 prints those after the `onEnd` of all reporters. */
  onExit(): Promise<void> {
    this.#guard(() => print([...this.#run.lines(), ...this.#warning()]));
    this.#guard(() => print(this.#failure === undefined ? [] : [`playwright-ws/reporter failed: ${this.#failure}`]));
    return Promise.resolve();
  }

  #add(test: TestCase, { retry }: TestResult, body: Buffer | undefined): void {
    const title = describeTest(test);
    try {
      if (body === undefined) throw new Error('it has no body');
      this.#run.add({ id: test.id, title, retry }, readSummary(body.toString('utf8')));
    } catch (error) {
      this.#leftOut += 1;
      this.#firstLeftOut ||= `of "${title}": ${errorMessage(error)}`;
    }
  }

  #warning(): string[] {
    if (this.#leftOut === 0) return [];
    const which = this.#leftOut === 1 ? '1 summary,' : `${this.#leftOut} summaries, first`;
    return [`WebSockets: left out ${which} ${this.#firstLeftOut}`];
  }

  /** What a reporter throws would fail the run. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failure ??= errorMessage(error);
    }
  }
}

/** As Playwright prints it, without the file: each line of the table has one. */
function describeTest(test: TestCase): string {
  const [, project = '', , ...titles] = test.titlePath();
  return oneLine([...(project === '' ? [] : [`[${project}]`]), ...titles].join(' › '));
}

/** Lines in the layout of Playwright's own reporters. */
function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`\n${lines.map((line) => `  ${line}\n`).join('')}`);
}
