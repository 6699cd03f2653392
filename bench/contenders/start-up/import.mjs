// What a test file imports: the runner has loaded Playwright Test by then. In one process, since two of them differ by more
// than the package takes.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { finish } from '../../lib/contender.mjs';

const entry = pathToFileURL(join(process.env['BENCH_PACKAGE'] ?? '.', 'dist', 'index.js')).href;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const playwright = await timed(() => import('@playwright/test'));
const ours = await timed(() => import(entry));
const peers = await timed(async () => {
  await import('ws');
  await import('zod');
});
finish({ playwright, ours, peers });

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  // What was imported before left garbage: who crosses the threshold would pay for all of it, 50 ms.
  collect();
  const start = performance.now();
  await work();
  return { ms: performance.now() - start };
}
