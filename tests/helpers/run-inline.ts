import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import type { JSONReport } from '@playwright/test/reporter';

import { type InlineFiles, type ProjectOptions, writeProject } from './inline-project.ts';
import type { InlineAttachmentRecord, InlineError, InlineRecord, InlineTest } from './inline-reporter.ts';

export type { InlineError, InlineTest } from './inline-reporter.ts';
export type { InlineFiles } from './inline-project.ts';

const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js');
const reporter = fileURLToPath(new URL('inline-reporter.ts', import.meta.url));

export interface RunOptions {
  /** Arguments of `playwright`. `runInline` adds them to `test`. */
  readonly args?: readonly string[];
  /** Variables to add, e.g. the URL of a server of the outer test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGINT, as Ctrl+C does, as soon as this text is printed. */
  readonly interruptAt?: string;
  /** Milliseconds after which the run is killed. Default: 25 000, below the outer test's own timeout. */
  readonly timeout?: number;
}

export interface InlineOptions extends ProjectOptions, RunOptions {}

/** A finished process. */
export interface ProcessResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** What it printed, both streams, without ANSI codes. */
  readonly output: string;
}

export interface InlineAttachment {
  readonly name: string;
  readonly contentType: string;
  /** The file, when attached by path. */
  readonly path: string | undefined;
  readonly body: Buffer;
  readonly text: string;
}

/** What became of an inline project. */
export class InlineResult {
  /** The project's folder. `remove` deletes it. */
  readonly folder: string;
  readonly exitCode: number | null;
  readonly output: string;
  /** All tests, in the order of the files. */
  readonly tests: readonly InlineTest[];
  /** Errors outside of any test. */
  readonly errors: readonly InlineError[];

  constructor(folder: string, { exitCode, output }: ProcessResult, { tests, errors }: InlineRecord) {
    this.folder = folder;
    this.exitCode = exitCode;
    this.output = output;
    this.tests = tests;
    this.errors = errors;
  }

  /** Tests that ended as expected, and were not skipped. */
  get passed(): number {
    return this.#count('expected');
  }

  get failed(): number {
    return this.#count('unexpected');
  }

  get skipped(): number {
    return this.#count('skipped');
  }

  get flaky(): number {
    return this.#count('flaky');
  }

  /** The report of Playwright's JSON reporter; a config of the project's own must ask for it. */
  get report(): JSONReport {
    return JSON.parse(readFileSync(join(this.folder, 'report.json'), 'utf8'));
  }

  /** Folder of the HTML report, with the option `html`. */
  get htmlReport(): string {
    return join(this.folder, 'playwright-report');
  }

  /** The one test of this title (`describe > title`); the only test, without a title. */
  test(title?: string): InlineTest {
    const found = this.tests.filter((test) => title === undefined || test.title === title);
    return only(found, `a test "${title ?? ''}"`, () => this.tests.map((test) => test.title));
  }

  /** The one attachment of this name, among those of all tests or of the given one. */
  attachment(name: string, tests: readonly InlineTest[] = this.tests): InlineAttachment {
    const all = tests.flatMap((test) => test.attachments);
    const record = only(
      all.filter((one) => one.name === name),
      `an attachment "${name}"`,
      () => all.map((one) => one.name),
    );
    return readAttachment(record);
  }

  /** Deletes the project. */
  async remove(): Promise<void> {
    await rm(dirname(this.folder), { recursive: true, force: true });
  }

  #count(outcome: InlineTest['outcome']): number {
    return this.tests.filter((test) => test.outcome === outcome).length;
  }
}

/**
 * Writes a Playwright project with the package installed, runs its tests in a process of their own, and reads what came
 * of it.
 */
export async function runInline(files: InlineFiles, options: InlineOptions = {}): Promise<InlineResult> {
  const folder = writeProject(files, options);
  const record = join(folder, 'record.json');
  const result = await runPlaywright(folder, {
    ...options,
    args: ['test', ...(options.args ?? [])],
    env: {
      ...options.env,
      PW_TEST_REPORTER: reporter,
      INLINE_RECORD_FILE: record,
      PLAYWRIGHT_JSON_OUTPUT_FILE: join(folder, 'report.json'),
    },
  });
  return new InlineResult(folder, result, readRecord(record));
}

/** Runs Playwright's command line in a folder, e.g. `['merge-reports', …]` in that of an earlier run. */
export async function runPlaywright(folder: string, options: RunOptions = {}): Promise<ProcessResult> {
  const { args = [], env = {}, timeout = 25_000 } = options;
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { ...cleanEnvironment(), ...env },
    timeout,
  });
  const output = collectOutput(child, options.interruptAt);
  return { exitCode: await exitOf(child), output: output() };
}

/** Set by Playwright for its workers, or by a user for the outer run: not for the inner one. */
const outerVariable =
  /^(PLAYWRIGHT_|PW_|PWTEST|PWDEBUG|PWPAUSE|TEST_|DEBUG|FORCE_COLOR$|NO_COLOR$|NODE_OPTIONS$|CI$|npm_)/;

/** Where the browsers are is the same for both. */
const keptVariable = /^PLAYWRIGHT_BROWSERS_PATH$/;

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !outerVariable.test(name) || keptVariable.test(name));
  return { ...Object.fromEntries(kept), PLAYWRIGHT_HTML_OPEN: 'never' };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve); // Not 'exit': output may still come after it.
  });
}

function collectOutput(child: ChildProcess, interruptAt: string | undefined): () => string {
  let output = '';
  let isInterrupted = false;
  const collect = (text: string): void => {
    output += text;
    if (interruptAt === undefined || isInterrupted || !output.includes(interruptAt)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  };
  child.stdout?.setEncoding('utf8').on('data', collect);
  child.stderr?.setEncoding('utf8').on('data', collect);
  return () => stripVTControlCharacters(output);
}

function readRecord(file: string): InlineRecord {
  // A run that was killed wrote none.
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { tests: [], errors: [] };
}

function readAttachment({ name, contentType, path, body }: InlineAttachmentRecord): InlineAttachment {
  const bytes = path === undefined ? Buffer.from(body ?? '', 'base64') : readFileSync(path);
  return { name, contentType, path, body: bytes, text: bytes.toString('utf8') };
}

function only<T>(found: readonly T[], what: string, names: () => string[]): T {
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new Error(`Cannot choose ${what}: found ${found.length} among ${JSON.stringify(names())}`);
}
