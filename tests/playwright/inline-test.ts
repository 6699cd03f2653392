import type { InlineError, InlineFiles, InlineResult } from '../helpers/run-inline.ts';

/**
 * Milliseconds for a test or hook with a run, and for the run in it: far above the 5 s that it takes, for a machine that is
 * busy with something else.
 */
export const slowTestMs = 90_000;
export const slowRun: { readonly timeout: number } = { timeout: 80_000 };

export interface InlineTestOptions {
  /** Parameter of the test function. Default: `{ ws }`. */
  readonly fixtures?: string;
  /** `fails` expects the test to fail, so that the run keeps its worker. */
  readonly kind?: 'passes' | 'fails';
  /** Code on line 2, before the test. */
  readonly before?: string;
}

/**
 * A file `<title>.spec.ts` with one test of this title. Its import is on line 1, its `test(` on line 3, the body's first
 * line is line 4 of the file.
 */
export function inlineTest(title: string, body: string, options: InlineTestOptions = {}): InlineFiles {
  const { before = '', fixtures = '{ ws }', kind = 'passes' } = options;
  const declare = kind === 'fails' ? 'test.fail' : 'test';
  const lines = [
    `import { test, expect, type WebSocketClient, type WebSockets } from 'playwright-ws';`,
    before.replaceAll('\n', ' '),
    `${declare}(${JSON.stringify(title)}, async (${fixtures}) => {`,
    body.replace(/^\n/, '').trimEnd(),
    '});\n',
  ];
  return { [`${fileName(title)}.spec.ts`]: lines.join('\n') };
}

export function fileName(title: string): string {
  return title.replace(/[^a-z0-9]+/gi, '-');
}

/** Whole messages of a test's errors with their places, without times: `open for 12 ms` is `open for N ms`. */
export function errorsOf(result: InlineResult, title: string): string[] {
  return result.test(title).errors.map((error) => describeError(error));
}

export function describeError({ location, message }: InlineError): string {
  return `${location} ${message.replaceAll(/\b\d[\d ]*(\.\d+)? ms\b/g, 'N ms')}`;
}

/** Lines of a test's `websocket.jsonl` of one kind. */
export function evidence(result: InlineResult, title: string, type: string): unknown[] {
  const { text } = result.attachment('websocket.jsonl', [result.test(title)]);
  const lines: unknown[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.filter((line) => typeof line === 'object' && line !== null && 'type' in line && line.type === type);
}
