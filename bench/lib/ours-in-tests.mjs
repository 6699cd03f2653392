// The package under measure, for test files.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `test` and `expect` of `playwright-ws`. */
export const { expect, test } = await import(
  pathToFileURL(join(process.env['BENCH_PACKAGE'] ?? '', 'dist', 'index.js')).href
);
