import type { InlineFiles } from '../helpers/run-inline.ts';
import { type AroundRow, rows } from './around-rows.ts';

/** `the-test-fails`: name of the file of a row. */
export function fileOf({ fault }: Pick<AroundRow, 'fault'>): string {
  return `${fault.replace(/[^a-z0-9]+/gi, '-')}.spec.ts`;
}

/** The files of the run: a file a row, and those of rows that fail for real. */
export function projectFiles(): InlineFiles {
  return { ...Object.fromEntries(rows.map((row) => [fileOf(row), fileText(row)])), 'pids.ts': pids, ...reallyFailing };
}

/** Who runs tests writes its process id down. */
const pids = `
import { appendFileSync } from 'node:fs';
import { test as base } from 'playwright-ws';
export { expect, type WebSocketClient } from 'playwright-ws';
export const test = base.extend<{}, { pid: void }>({
  pid: [async ({}, use) => { appendFileSync('pids.txt', process.pid + '\\n'); await use(); }, { scope: 'worker', auto: true, box: true }],
});`;

/** Each costs a worker. The last one reaches --max-failures. */
const reallyFailing: InlineFiles = {
  'w-serial.spec.ts': `
import { test } from './pids.ts';
test.describe.serial('serial', () => {
  test('leaves a finding', async ({ ws }) => { (await ws.connect('/echo')).on('message', () => {}); });
  test('depends on it', async ({ ws }) => { await ws.connect('/echo/serial'); });
});
test('comes after the group', async ({ ws }) => { await ws.connect('/echo'); });`,
  'x-fails.spec.ts': `
import { test, expect } from './pids.ts';
test('fails for real', async ({ ws }) => { await ws.connect('/echo'); expect(1).toBe(2); });`,
  'y-after.spec.ts': `
import { test } from './pids.ts';
test('is not run any more', async ({ ws }) => { await ws.connect('/echo/stopped'); });`,
};

/** Failures after which the run stops: `test.fail` does not expect a timeout. */
export const maxFailures: number = 2 + rows.filter(({ status }) => status === 'timedOut').length;

function fileText({ before = '', body, fault, fixtures = '{ ws }', status }: AroundRow): string {
  const name = before.includes('const test =') ? 'test as base' : 'test';
  const declare = status === 'failed' || status === 'timedOut' ? 'test.fail' : 'test';
  return [
    `import { ${name}, expect, type WebSocketClient } from './pids.ts';`,
    before,
    `${declare}(${JSON.stringify(fault)}, async (${fixtures}) => {`,
    `  ${body}`,
    '});\n',
  ].join('\n');
}
