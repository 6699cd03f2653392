import type { InlineFiles } from '../helpers/run-inline.ts';

// What the machine does to a test: one run of Playwright for all of it.

/** Connections of one test. */
export const many = 1000;

/** File descriptors, a disk and a thousand connections. `FULL` is the folder of a disk of 64 kB. */
export const machineFiles: InlineFiles = {
  'machine.spec.ts': `
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { test, expect } from 'playwright-ws';

test('opens connections and abandons them', async ({ ws }) => {
  await Promise.all(Array.from({ length: ${many} }, () => ws.connect('/silent/abandoned')));
});
test.fail('opens connections and awaits none', async ({ ws }) => {
  for (let n = 0; n < ${many}; n++) void ws.connect('/silent/unawaited');
});
const files: number[] = [];
const limit = (soft: string) => execFileSync('prlimit', ['--pid', String(process.pid), '--nofile=' + soft + ':']);
test.describe('no file descriptor', () => {
  test.skip(process.env.PRLIMIT !== 'yes');
  test.fail('is left', async ({ ws }) => {
    const client = await ws.connect('/echo/before');
    limit(String(readdirSync('/proc/self/fd').length + 20));
    try {
      for (;;) files.push(openSync('/dev/null'));
    } catch {}
    await client.request('still', 'still');
    await ws.connect('/echo/after');
  });
  test('is missing any more', async ({ ws }) => {
    for (const file of files) closeSync(file);
    limit('4096');
    await (await ws.connect('/echo')).request('again', 'again');
  });
});`,
  'disk.spec.ts': `
import { test } from 'playwright-ws';
test('fills the disk', async ({ ws }) => {
  test.skip(process.env.FULL === '');
  const client = await ws.connect('/echo');
  for (let n = 0; n < 40; n++) await client.request('x'.repeat(4000) + n, new RegExp(n + '$'));
});`,
  'playwright.config.ts': `
export default {
  workers: 1,
  reporter: [['list']],
  use: { baseURL: process.env.SERVER },
  projects: [
    { name: 'machine', testMatch: 'machine.spec.ts' },
    { name: 'disk', testMatch: 'disk.spec.ts', outputDir: process.env.FULL || undefined },
  ],
};`,
};
