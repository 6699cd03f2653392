import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type InlineFiles, type InlineOptions, type InlineResult, runPlaywright } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { peer } from '../playwright/peer.ts';

test.describe.configure({ timeout: slowTestMs });

let baseURL: string;

test.beforeEach(async ({ startServer }) => {
  baseURL = (await startServer(peer)).httpUrl;
});

/** A test file of statements; `request` is on line 4 of a test of `requestTest`. */
function spec(...statements: readonly string[]): string {
  return `import { test, expect } from 'playwright-ws';\n${statements.join('\n')}\n`;
}

/** A test that sends 7 bytes and gets them back. */
function requestTest(title: string): string {
  return `test('${title}', async ({ ws }) => {
  const echo = await ws.connect('/echo');
  await echo.request({ id: 1 }, { id: 1 });
});`;
}

function configOf(options: object = {}): InlineOptions {
  return { ...slowRun, config: { reporter: [['list'], ['playwright-ws/reporter']], use: { baseURL }, ...options } };
}

/** What was printed from the end of the tests on, times as `N ms`. */
function endOf({ output }: Printed): string[] {
  const lines = linesOf(output);
  return lines.slice(lines.findIndex((line) => /^ {2}\d+ passed \(/.test(line)) + 1);
}

/** The table and what was printed after it, times as `N ms`. */
function tableOf({ output }: Printed): string[] {
  const lines = linesOf(output);
  const start = lines.findIndex((line) => line.startsWith('  WebSockets of '));
  expect(start, output).not.toBe(-1);
  return lines.slice(start);
}

type Printed = Pick<InlineResult, 'output'>;

function linesOf(output: string): string[] {
  return output.replaceAll(/ *\b\d[\d. ]* ms\b/g, ' N ms').split('\n');
}

test('reporter prints one table at the end of the run', async ({ runInline }) => {
  const file = spec(
    requestTest('replies'),
    `test.describe('ends', () => {
      test('is refused', async ({ ws }) => {
        expect((await ws.handshake('/refuse')).status).toBe(401);
        await expect(ws.connect('/refuse')).rejects.toThrow('401');
      });
      test('is kicked', async ({ ws }) => {
        const client = await ws.connect('/close');
        await client.send('4001');
        await expect(client).toBeClosed({ code: 4001 });
      });
      test('is greeted', async ({ ws }) => {
        await expect(await ws.connect('/greet')).toReceiveMessage({ type: 'hello' });
      });
    });`,
  );
  const result = await runInline({ 'orders.spec.ts': file }, configOf());

  expect(endOf(result)).toEqual([
    '',
    '  WebSockets of 4 tests',
    '    Connections        3',
    '    Failed handshakes  2',
    '    Abnormal closes    1',
    '    Messages           2 sent, 2 received',
    `    Bytes              12 sent, 24 received`,
    '    Slowest replies N ms  /echo  orders.spec.ts:4  replies',
    '',
  ]);
  expect(result.exitCode).toBe(0);
});

test('reporter adds up the tests of several workers and projects', async ({ runInline }) => {
  const files = { 'a.spec.ts': spec(requestTest('first'), requestTest('second')), 'b.spec.ts': spec(requestTest('b')) };
  const projects = [{ name: 'one' }, { name: 'two' }];
  const result = await runInline(files, configOf({ projects, workers: 2, fullyParallel: true }));

  const table = endOf(result);
  expect(table.slice(0, 7)).toEqual([
    '',
    '  WebSockets of 6 tests',
    '    Connections        6',
    '    Failed handshakes  0',
    '    Abnormal closes    0',
    '    Messages           6 sent, 6 received',
    '    Bytes              48 sent, 48 received',
  ]);
  // Which five of the six were the slowest differs from run to run.
  expect(table.slice(7)).toHaveLength(6);
  for (const row of table.slice(7, -1)) expect(row).toMatch(/ N ms {2}\/echo {2}[ab]\.spec\.ts:\d {2}\[(one|two)\] › /);
});

test('reporter counts every attempt of a retried test', async ({ runInline }) => {
  const file = spec(`test('flaky', async ({ ws }, { retry }) => {
  const echo = await ws.connect('/echo');
  if (retry === 0) throw new Error('not yet');
  await echo.request({ id: 1 }, { id: 1 });
});`);
  const result = await runInline({ 'orders.spec.ts': file }, configOf({ retries: 1 }));

  expect(tableOf(result)).toEqual([
    '  WebSockets of 1 test, 1 retry included',
    '    Connections        2',
    '    Failed handshakes  0',
    '    Abnormal closes    0',
    '    Messages           1 sent, 1 received',
    '    Bytes              8 sent, 8 received',
    '    Slowest replies N ms  /echo  orders.spec.ts:5  flaky (retry #1)',
    '',
  ]);
});

test('reporter adds up shards in merge-reports', async ({ runInline }) => {
  const files = {
    'a.spec.ts': spec(requestTest('a')),
    'b.spec.ts': spec(`test('b', async ({ ws }) => {
      const client = await ws.connect('/close');
      await client.send('4001');
      await expect(client).toBeClosed();
    });`),
  };
  const reporters = configOf({ reporter: [['list'], ['blob'], ['playwright-ws/reporter']] });
  const shard = (number: number): { args: string[]; env: Record<string, string> } => ({
    args: [`--shard=${number}/2`],
    env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: join('blobs', `${number}.zip`) },
  });
  const first = await runInline(files, { ...reporters, ...shard(1) });
  const { args, env } = shard(2);
  const second = await runPlaywright(first.folder, { ...slowRun, args: ['test', ...args], env });
  const merge = ['merge-reports', '--reporter=playwright-ws/reporter', 'blobs'];
  const merged = await runPlaywright(first.folder, { ...slowRun, args: merge });

  expect(tableOf(first).slice(0, 2)).toEqual(['  WebSockets of 1 test', '    Connections        1']);
  expect(tableOf(second).slice(0, 2)).toEqual(['  WebSockets of 1 test', '    Connections        1']);
  expect(tableOf(merged).slice(0, 7)).toEqual([
    '  WebSockets of 2 tests',
    '    Connections        2',
    '    Failed handshakes  0',
    '    Abnormal closes    1',
    '    Messages           2 sent, 1 received',
    '    Bytes              12 sent, 8 received',
    '    Slowest replies N ms  /echo  a.spec.ts:4  a',
  ]);
  expect(merged.exitCode).toBe(0);
});

test('reporter is silent when no test has a client', async ({ runInline }) => {
  const file = spec(
    `test('without', () => {});`,
    `test('with a fixture that it does not use', ({ ws }) => { expect(ws.clients).toEqual([]); });`,
  );
  const result = await runInline({ 'orders.spec.ts': file }, configOf());

  expect(endOf(result)).toEqual(['']);
});

test('reporter says which summary it could not read, and counts the others', async ({ runInline }) => {
  const breakOne = `test.info().attachments.push({
    name: '_websocket-summary.json', contentType: 'application/json', body: Buffer.from('{"version":'),
  });`;
  const file = spec(
    requestTest('whole'),
    `test.describe('broken', () => { test('half', () => { ${breakOne} }); });`,
    `test('half again', () => { ${breakOne} });`,
  );
  const result = await runInline({ 'orders.spec.ts': file }, configOf());

  expect(endOf(result)).toEqual([
    '',
    '  WebSockets of 1 test',
    '    Connections        1',
    '    Failed handshakes  0',
    '    Abnormal closes    0',
    '    Messages           1 sent, 1 received',
    '    Bytes              8 sent, 8 received',
    '    Slowest replies N ms  /echo  orders.spec.ts:4  whole',
    '  WebSockets: left out 2 summaries, first of "broken › half": it is no JSON',
    '',
  ]);
  expect(result.exitCode).toBe(0);
});

test('reporter without a summary that it can read prints one line', async ({ runInline }) => {
  const file = spec(`test('from a file', () => {
    test.info().attachments.push({ name: '_websocket-summary.json', contentType: 'application/json', path: import.meta.filename });
  });`);
  const result = await runInline({ 'orders.spec.ts': file }, configOf());

  expect(endOf(result)).toEqual(['', '  WebSockets: left out 1 summary, of "from a file": it has no body', '']);
  expect(result.exitCode).toBe(0);
});

test('reporter that fails says so in one line, and leaves the run as it is', async ({ runInline }) => {
  const files = {
    'orders.spec.ts': spec(requestTest('replies')),
    'spoil.ts': `export default class Spoil {
      #results = [];
      onTestEnd(_test, result) {
        this.#results.push([result, result.attachments]);
        Object.defineProperty(result, 'attachments', { configurable: true, get: () => { throw new Error('spoilt'); } });
      }
      onEnd() {
        for (const [result, value] of this.#results) Object.defineProperty(result, 'attachments', { value });
      }
    }`,
  };
  const reporter = [['list'], ['./spoil.ts'], ['playwright-ws/reporter']];
  const result = await runInline(files, configOf({ reporter }));

  expect(endOf(result)).toEqual(['', '  playwright-ws/reporter failed: spoilt', '']);
  expect(result.exitCode).toBe(0);
});

test('reporter alone leaves the report of tests to Playwright', async ({ runInline }) => {
  const result = await runInline(
    { 'orders.spec.ts': spec(requestTest('replies')) },
    configOf({ reporter: [['playwright-ws/reporter']] }),
  );

  expect(result.output).toContain('[1/1] orders.spec.ts:2:1 › replies');
  expect(tableOf(result)[0]).toBe('  WebSockets of 1 test');
});

test('reporter works before the list and beside the HTML report', async ({ runInline }) => {
  const reporter = [['playwright-ws/reporter'], ['html', { open: 'never' }], ['list']];
  const files: InlineFiles = { 'orders.spec.ts': spec(requestTest('replies')) };
  const result = await runInline(files, configOf({ reporter }));

  expect(tableOf(result).slice(0, 8)).toEqual([
    '  WebSockets of 1 test',
    '    Connections        1',
    '    Failed handshakes  0',
    '    Abnormal closes    0',
    '    Messages           1 sent, 1 received',
    '    Bytes              8 sent, 8 received',
    '    Slowest replies N ms  /echo  orders.spec.ts:4  replies',
    '',
  ]);
  expect(result.passed).toBe(1);
  expect(existsSync(join(result.htmlReport, 'index.html'))).toBe(true);
});

test('reporter in a CommonJS project', async ({ runInline }) => {
  const result = await runInline(
    { 'orders.spec.ts': spec(requestTest('replies')) },
    { ...configOf(), layout: 'commonjs' },
  );

  expect(tableOf(result)[0]).toBe('  WebSockets of 1 test');
});
