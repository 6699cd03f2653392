import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { peer } from '../playwright/peer.ts';
import { fileOf, maxFailures, projectFiles } from './around-project.ts';
import { type AroundRow, rows, testTimeout } from './around-rows.ts';
import { atOnce, record, within } from './matrix.ts';

// What happens to the test around a connection, seen in the report of a run: the right test fails, and no other; every
// connection is closed, and the workers end by themselves.

test.describe.configure({ mode: 'default' }); // One run for all of them.

const stage = 'The test around it';

let result: InlineResult;
let server: TestServer;
let workers: readonly number[] = [];
/** Codes of the connections that were not closed by a closing handshake. */
let otherCodes: readonly number[] = [];

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  server = await startServer(peer);
  result = await runInline(projectFiles(), {
    ...slowRun,
    args: [`--max-failures=${maxFailures}`],
    config: { timeout: testTimeout, use: { baseURL: server.httpUrl } },
  });
  // Here, where the project and the server still are.
  workers = workersOf(result);
  expect(await server.leftOpen()).toEqual([]);
  const closes = await Promise.all(server.connections.map(({ closed }) => closed));
  otherCodes = closes.map(({ code }) => code).filter((code) => code !== 1000);
});

for (const row of rows) {
  test(`${stage}: ${row.fault}`, async ({}, testInfo) => {
    const { errors, outcome, status } = result.test(row.fault);
    const found = errors.map(({ message }) => steady(message, row));
    expect(found).toEqual(row.errors);
    expect(outcome === 'flaky' ? outcome : status).toBe(row.status);
    const gets = { test: row.status, ...(found.length === 0 ? {} : { report: found.map((text) => shown(text)) }) };
    await record(testInfo, { stage, fault: row.fault, gets, within: row.within ?? atOnce });
  });
}

test(`${stage}: a test of a serial group leaves a finding`, async ({}, testInfo) => {
  const gets = {
    'the test': result.test('serial > leaves a finding').status,
    'the rest of the group': result.test('serial > depends on it').status,
    'the test behind the group': result.test('comes after the group').status,
  };
  expect(Object.values(gets)).toEqual(['failed', 'skipped', 'passed']);
  expect(server.connections.map(({ path }) => path)).not.toContain('/echo/serial');
  await record(testInfo, { stage, fault: 'A test of a serial group leaves a finding', gets, within: atOnce });
});

test(`${stage}: --max-failures is reached`, async ({}, testInfo) => {
  const gets = { 'the next test': result.test('is not run any more').status };
  expect(Object.values(gets)).toEqual(['skipped']);
  expect(result.failed).toBe(maxFailures);
  expect(server.connections.map(({ path }) => path)).not.toContain('/echo/stopped');
  await record(testInfo, { stage, fault: '`--max-failures` is reached', gets, within: atOnce });
});

test('no fault around a test fails another test, or the run', () => {
  const unexpected = result.tests.filter(({ outcome }) => outcome === 'unexpected').map(({ title }) => title);
  const timedOut = rows.filter(({ status }) => status === 'timedOut').map(({ fault }) => fault);
  expect(unexpected.toSorted()).toEqual([...timedOut, 'fails for real', 'serial > leaves a finding'].toSorted());
  expect(result.errors.map(({ message }) => message)).toEqual([
    `Testing stopped early after ${maxFailures} maximum allowed failures.`,
  ]);
});

test('no fault around a test leaves a connection open, or a worker', async () => {
  expect(server.connections.length).toBeGreaterThanOrEqual(rows.length - 3);
  expect(server.openConnections).toEqual([]);
  // A worker that ends would close what its tests left open, but not like that. One row aborts its client.
  expect(otherCodes).toEqual([1006]);
  expect(workers.length).toBeGreaterThan(2);
  await expect.poll(() => workers.filter(isRunning)).toEqual([]);
});

test(`${stage}: SIGINT ends a run of two workers`, async ({ runInline, startServer }, testInfo) => {
  test.setTimeout(slowTestMs);
  const own = await startServer(peer);
  own.onConnection((connection) => {
    // The second one tells that both are there.
    if (own.connections.length === 2) void connection.send('both');
  });
  const hang = (name: string): string => `
import { test } from './pids.ts';
test('${name}', async ({ ws }) => {
  const client = await ws.connect('/silent', { on: { message: () => console.log('both hang now') } });
  void client.waitForMessage('never', { timeout: 0 });
  await new Promise(() => {});
});`;
  const files = { 'pids.ts': projectFiles()['pids.ts'] ?? '', 'a.spec.ts': hang('first'), 'b.spec.ts': hang('second') };
  const run = await runInline(files, {
    ...slowRun,
    config: { workers: 2, use: { baseURL: own.httpUrl } },
    interruptAt: 'both hang now',
  });
  const gets = { 'each test': run.test('first').status, errors: run.test('first').errors.length, 'exit code': 130 };
  expect(gets).toEqual({ 'each test': 'interrupted', errors: 0, 'exit code': run.exitCode });
  expect(run.test('second')).toMatchObject({ status: 'interrupted', errors: [] });
  expect(run.attachment('websocket.jsonl', [run.test('first')]).text).toContain('/silent');
  expect(run.errors).toEqual([]);
  const closes = await Promise.all(own.connections.map(({ closed }) => closed));
  expect(closes.map(({ code }) => code)).toEqual([1000, 1000]);
  expect(workersOf(run)).toHaveLength(2);
  await expect.poll(() => workersOf(run).filter(isRunning)).toEqual([]);
  const bound = within('`closeTimeout` + 250 ms', 1250);
  await record(testInfo, {
    stage,
    fault: 'The run is interrupted (SIGINT), two workers have connections open',
    gets,
    within: bound,
  });
});

function steady(message: string, row: AroundRow): string {
  return message
    .replaceAll(server.url, 'URL')
    .replaceAll(fileOf(row), 'FILE')
    .replaceAll(/ +\+\d[\d ]* ms +(\w+) +(\d+ B)/g, '  +N ms  $1 $2')
    .replaceAll(/\b\d[\d ]*(\.\d+)? ms\b/g, 'N ms');
}

/** As the page shows it: of a file that is not there only the line. */
function shown(text: string): string {
  return text.replaceAll('URL', 'ws://127.0.0.1:PORT').replaceAll('FILE', 'orders.spec.ts');
}

function workersOf({ folder }: InlineResult): number[] {
  return readFileSync(join(folder, 'pids.txt'), 'utf8').trim().split('\n').map(Number);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
