// The package, which imports Playwright Test.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measure } from '../../lib/contender.mjs';

const entry = pathToFileURL(join(process.env['BENCH_PACKAGE'] ?? '.', 'dist', 'index.js')).href;
await measure(async () => {
  await import(entry);
  return 1;
});
