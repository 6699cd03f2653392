import { writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import type { FullConfig, Reporter, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';

/** What `runInline` reads back: more than the JSON reporter tells, e.g. every step with its place and subtitle. */
export interface InlineRecord {
  readonly tests: readonly InlineTest[];
  /** Errors outside of any test: of the config, of a file that cannot be loaded, of a worker's end. */
  readonly errors: readonly InlineError[];
}

/** One test, as its last attempt left it. */
export interface InlineTest {
  /** `describe > title`. */
  readonly title: string;
  readonly project: string;
  readonly status: TestResult['status'];
  /** Whether `status` is the expected one: `'unexpected'` fails the run. */
  readonly outcome: ReturnType<TestCase['outcome']>;
  /** Attempts, the first included. */
  readonly attempts: number;
  readonly errors: readonly InlineError[];
  /** Top-level steps of all categories, hooks and fixtures included. */
  readonly steps: readonly InlineStep[];
  readonly attachments: readonly InlineAttachmentRecord[];
  readonly annotations: readonly { readonly type: string; readonly description?: string }[];
  /** What the test printed, without ANSI codes. */
  readonly stdout: string;
  /** Milliseconds. */
  readonly duration: number;
}

export interface InlineError {
  /** Without ANSI codes. */
  readonly message: string;
  /** `file.spec.ts:3:7`, the file relative to the project; `''` when the error has no place. */
  readonly location: string;
  readonly snippet: string;
  readonly stack: string;
}

export interface InlineStep {
  readonly title: string;
  readonly subtitle: string;
  readonly category: string;
  readonly location: string;
  readonly error: string;
  readonly params: unknown;
  readonly attachments: readonly string[];
  readonly steps: readonly InlineStep[];
}

export interface InlineAttachmentRecord {
  readonly name: string;
  readonly contentType: string;
  /** The file, when attached by path. */
  readonly path?: string;
  /** Base64, when attached by body. */
  readonly body?: string;
}

// oxlint-disable-next-line import/no-default-export -- Playwright loads a reporter by its default export.
export default class InlineReporter implements Reporter {
  readonly #errors: TestError[] = [];
  readonly #file: string = process.env['INLINE_RECORD_FILE'] ?? '';
  #root: Suite | undefined;

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: FullConfig, root: Suite): void {
    this.#root = root;
  }

  onError(error: TestError): void {
    this.#errors.push(error);
  }

  onEnd(): void {
    const tests = this.#root?.allTests().map((test) => this.#test(test)) ?? [];
    const record: InlineRecord = { tests, errors: this.#errors.map((error) => this.#error(error)) };
    writeFileSync(this.#file, JSON.stringify(record));
  }

  #test(test: TestCase): InlineTest {
    const result = test.results.at(-1);
    const [, project = '', , ...titles] = test.titlePath();
    return {
      title: titles.join(' > '),
      project,
      status: result?.status ?? 'skipped',
      outcome: test.outcome(),
      attempts: test.results.length,
      errors: result?.errors.map((error) => this.#error(error)) ?? [],
      steps: result?.steps.map((step) => this.#step(step)) ?? [],
      attachments: result?.attachments.map(attachmentRecord) ?? [],
      annotations: result?.annotations ?? test.annotations,
      stdout: plain(result?.stdout.map(String).join('')),
      duration: result?.duration ?? 0,
    };
  }

  #error(error: TestError): InlineError {
    return {
      message: plain(error.message ?? error.value),
      location: this.#place(error.location),
      snippet: plain(error.snippet),
      stack: plain(error.stack),
    };
  }

  #step(step: TestStep): InlineStep {
    return {
      title: step.title,
      subtitle: step.subtitle ?? '',
      category: step.category,
      location: this.#place(step.location),
      error: plain(step.error?.message),
      params: step.params,
      attachments: step.attachments.map((attachment) => attachment.name),
      steps: step.steps.map((child) => this.#step(child)),
    };
  }

  #place(location: TestError['location']): string {
    if (location === undefined) return '';
    return `${relative(dirname(this.#file), location.file)}:${location.line}:${location.column}`;
  }
}

function attachmentRecord(attachment: TestResult['attachments'][number]): InlineAttachmentRecord {
  const { name, contentType, path, body } = attachment;
  if (path !== undefined) return { name, contentType, path };
  return { name, contentType, body: (body ?? Buffer.alloc(0)).toString('base64') };
}

function plain(text = ''): string {
  return stripVTControlCharacters(text);
}
