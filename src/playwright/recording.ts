import { existsSync } from 'node:fs';
import type { TestInfo } from '@playwright/test';
import type { Connection } from '../connection/connection.ts';
import { numbered } from './evidence-file.ts';
import { reserveTrace, type TraceSlot } from './host.ts';
import { LivePage } from './live-page.ts';
import type { ReportSettings } from './report-option.ts';

/** What a recording needs of a test's `TestInfo`. */
export type RecordedTest = Pick<TestInfo, 'attachments' | 'outputPath' | 'titlePath'>;

/** Name of the page, in reports and on the disk. */
export const pageName = 'websocket.html';
/** By path it opens in a tab of the browser, since Playwright 1.52. */
export const pageType = 'text/html';

/** The evidence of a test that must begin before the test ends: its place in the trace, and the page that survives. */
export class Recording {
  /** Where the frames go into the test's own trace; `undefined` when it has none. */
  readonly trace: TraceSlot | undefined;
  readonly #test: RecordedTest;
  readonly #report: ReportSettings;
  #page: LivePage | undefined;

  constructor(test: RecordedTest, report: ReportSettings) {
    this.#test = test;
    this.#report = report;
    // Early, since Playwright merges traces last first, and shows the facts of the first one that a library made.
    this.trace = this.#wants('trace') ? reserveTrace(test) : undefined;
  }

  /** @param after Sequence number up to which its frames belong to earlier tests; it is written when something comes. */
  watch(connection: Connection, after?: number): void {
    // An attachment cannot be taken back: only a test that gets one in any case has one before its end.
    if (this.#report.mode !== 'on' || !this.#wants('html')) return;
    this.#page ??= this.#createPage();
    this.#page.watch(connection, after);
  }

  /** Ends the page. Returns its path when there is one: it is attached already, and to be written anew. */
  stop(): string | undefined {
    this.#page?.stop();
    return this.#page?.path;
  }

  #wants(format: 'html' | 'trace'): boolean {
    const { formats, mode } = this.#report;
    return mode !== 'off' && (formats === undefined || formats.includes(format));
  }

  #createPage(): LivePage {
    return new LivePage({
      title: titleOf(this.#test),
      report: this.#report,
      newPath: () => freePath(this.#test),
      created: (path) => this.#test.attachments.push({ name: pageName, contentType: pageType, path }),
    });
  }
}

/** `orders.spec.ts › orders › a paid order is announced`. */
export function titleOf({ titlePath }: Pick<TestInfo, 'titlePath'>): string {
  return titlePath.join(' › ');
}

function freePath(test: RecordedTest, number = 1): string {
  const path = test.outputPath(numbered(pageName, number));
  return existsSync(path) ? freePath(test, number + 1) : path;
}
