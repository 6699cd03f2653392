import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type InlineOptions,
  type InlineResult,
  type ProcessResult,
  runInline as run,
  runPlaywright,
} from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { peer } from '../playwright/peer.ts';

test.describe.configure({ timeout: slowTestMs });

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

function configOf({ httpUrl }: { readonly httpUrl: string }, options: object = {}): InlineOptions {
  const reporter = [['list'], ['playwright-ws/reporter']];
  return { ...slowRun, config: { reporter, use: { baseURL: httpUrl }, ...options } };
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
  return output
    .replaceAll(/ *\b\d[\d. ]* ms\b/g, ' N ms')
    .replaceAll(/(?<= ws_\w+) +avg=.*/g, '')
    .split('\n');
}

/**
 * The reporter as it is in a run of one file: it hears of this file's tests only, and what it prints stands between
 * `<file>` and `</file>`. So one run shows several.
 */
const ofOneFile = `
  import WebSocketReporter from 'playwright-ws/reporter';

  export default class OfOneFile extends WebSocketReporter {
    #options;
    constructor(options) {
      super();
      this.#options = options;
    }
    onTestEnd(test, result) {
      if (!test.location.file.endsWith(this.#options.file)) return;
      super.onTestEnd(test, this.#options.isSpoilt ? { get attachments() { throw new Error('spoilt'); } } : result);
    }
    onExit() {
      console.log('<' + this.#options.file + '>');
      super.onExit();
      console.log('</' + this.#options.file + '>');
    }
  }`;

const breakSummary = `test.info().attachments.push({
  name: '_websocket-summary.json', contentType: 'application/json', body: Buffer.from('{"version":'),
});`;

const files = {
  'orders.spec.ts': spec(
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
  ),
  'retried.spec.ts': spec(
    `test('flaky', async ({ ws }, { retry }) => {
  const echo = await ws.connect('/echo');
  if (retry === 0) throw new Error('not yet');
  await echo.request({ id: 1 }, { id: 1 });
});`,
    `test.describe.configure({ retries: 1 });`,
  ),
  'silent.spec.ts': spec(
    `test('without', () => {});`,
    `test('with a fixture that it does not use', ({ ws }) => { expect(ws.clients).toEqual([]); });`,
  ),
  'broken.spec.ts': spec(
    requestTest('whole'),
    `test.describe('broken', () => { test('half', () => { ${breakSummary} }); });`,
    `test('half again', () => { ${breakSummary} });`,
  ),
  'bodiless.spec.ts': spec(`test('from a file', () => {
    test.info().attachments.push({ name: '_websocket-summary.json', contentType: 'application/json', path: import.meta.filename });
  });`),
  'spoilt.spec.ts': spec(requestTest('replies')),
} as const;

test.describe('reporter', () => {
  test.describe.configure({ mode: 'default' }); // One run for all of them.

  let result: InlineResult;

  test.beforeAll(async ({ runInline, startServer }) => {
    const ofFiles = Object.keys(files).map((file) => [
      './of-one-file.ts',
      { file, isSpoilt: file === 'spoilt.spec.ts' },
    ]);
    const reporter = [['playwright-ws/reporter'], ['list'], ...ofFiles];
    result = await runInline(
      { ...files, 'of-one-file.ts': ofOneFile },
      configOf(await startServer(peer), { reporter }),
    );
  });

  /** What was printed at the end of a run of this file, times as `N ms`. */
  function printedFor(file: keyof typeof files): string[] {
    const lines = linesOf(result.output);
    expect(lines).toContain(`<${file}>`);
    return lines.slice(lines.indexOf(`<${file}>`) + 1, lines.indexOf(`</${file}>`));
  }

  test('prints one table at the end of the run', () => {
    expect(printedFor('orders.spec.ts')).toEqual([
      '',
      '  WebSockets of 4 tests',
      '    Connections        3',
      '    Failed handshakes  2',
      '    Abnormal closes    1',
      '    Messages           2 sent, 2 received',
      '    Bytes              12 sent, 24 received',
      '    Slowest replies N ms  /echo  orders.spec.ts:4  replies',
      '    ws_connecting',
      '    ws_session_duration',
      '    ws_response_time',
    ]);
  });

  test('prints after the list, though it stands before it, once', () => {
    const lines = linesOf(result.output);
    const end = lines.findIndex((line) => /^ {2}\d+ passed \(/.test(line));
    expect(lines.slice(end + 1, end + 4)).toEqual([
      '',
      '  WebSockets of 7 tests, 1 retry included',
      '    Connections        7',
    ]);
    expect(lines.slice(0, end).filter((line) => line.includes('WebSockets of'))).toEqual([]);
    expect(lines.filter((line) => line.includes('WebSockets of 7 tests'))).toHaveLength(1);
  });

  test('counts every attempt of a retried test', () => {
    expect(printedFor('retried.spec.ts')).toEqual([
      '',
      '  WebSockets of 1 test, 1 retry included',
      '    Connections        2',
      '    Failed handshakes  0',
      '    Abnormal closes    0',
      '    Messages           1 sent, 1 received',
      '    Bytes              8 sent, 8 received',
      '    Slowest replies N ms  /echo  retried.spec.ts:5  flaky (retry #1)',
      '    ws_connecting',
      '    ws_session_duration',
      '    ws_response_time',
    ]);
  });

  test('is silent when no test has a client', () => {
    expect(printedFor('silent.spec.ts')).toEqual([]);
  });

  test('says which summary it could not read, and counts the others', () => {
    expect(printedFor('broken.spec.ts')).toEqual([
      '',
      '  WebSockets of 1 test',
      '    Connections        1',
      '    Failed handshakes  0',
      '    Abnormal closes    0',
      '    Messages           1 sent, 1 received',
      '    Bytes              8 sent, 8 received',
      '    Slowest replies N ms  /echo  broken.spec.ts:4  whole',
      '    ws_connecting',
      '    ws_session_duration',
      '    ws_response_time',
      '  WebSockets: left out 2 summaries, first of "broken › half": it is no JSON',
    ]);
  });

  test('without a summary that it can read prints one line', () => {
    expect(printedFor('bodiless.spec.ts')).toEqual([
      '',
      '  WebSockets: left out 1 summary, of "from a file": it has no body',
    ]);
  });

  test('that fails says so in one line', () => {
    expect(printedFor('spoilt.spec.ts')).toEqual(['', '  playwright-ws/reporter failed: spoilt']);
  });

  test('that fails or cannot read leaves the run as it is', () => {
    expect([result.exitCode, result.errors, result.failed, result.flaky]).toEqual([0, [], 0, 1]);
  });
});

test.describe('reporter as the only one that prints, in a CommonJS project, in shards', () => {
  test.describe.configure({ mode: 'default' }); // Their runs serve all of them.

  let first: InlineResult;
  let second: ProcessResult;
  let merged: ProcessResult;

  test.beforeAll(async ({ startServer }) => {
    const sharded = {
      'a.spec.ts': spec(requestTest('a')),
      'b.spec.ts': spec(`test('b', async ({ ws }) => {
        const client = await ws.connect('/close');
        await client.send('4001');
        await expect(client).toBeClosed();
      });`),
    };
    // A project has a worker of its own.
    const projects = [{ name: 'one' }, { name: 'two' }];
    const reporter = [['blob'], ['playwright-ws/reporter']];
    const reporters = configOf(await startServer(peer), { projects, reporter });
    const shard = (number: number): { args: string[]; env: Record<string, string> } => ({
      args: [`--shard=${number}/2`],
      env: { PLAYWRIGHT_BLOB_OUTPUT_FILE: join('blobs', `${number}.zip`) },
    });
    first = await run(sharded, { ...reporters, ...shard(1), layout: 'commonjs' });
    const { args, env } = shard(2);
    second = await runPlaywright(first.folder, { ...slowRun, args: ['test', ...args], env });
    const merge = ['merge-reports', '--reporter=playwright-ws/reporter,html', 'blobs'];
    merged = await runPlaywright(first.folder, { ...slowRun, args: merge });
  });

  test.afterAll(() => first.remove());

  test('leaves the report of tests to Playwright', () => {
    // Playwright before 1.63 names the column of the title.
    expect(first.output).toMatch(/\[1\/2\] \[one\] › a\.spec\.ts:2:\d+ › a/);
    expect(second.output).toMatch(/\[2\/2\] \[two\] › b\.spec\.ts:2:\d+ › b/);
  });

  test('prints a table for each shard', () => {
    expect(tableOf(first).slice(0, 2)).toEqual(['  WebSockets of 2 tests', '    Connections        2']);
    expect(tableOf(second).slice(0, 2)).toEqual(['  WebSockets of 2 tests', '    Connections        2']);
  });

  test('adds up shards and projects in merge-reports, beside the HTML report', () => {
    const table = tableOf(merged);
    expect([...table.slice(0, 6), ...table.slice(8, 11)]).toEqual([
      '  WebSockets of 4 tests',
      '    Connections        4',
      '    Failed handshakes  0',
      '    Abnormal closes    2',
      '    Messages           4 sent, 2 received',
      '    Bytes              24 sent, 16 received',
      '    ws_connecting',
      '    ws_session_duration',
      '    ws_response_time',
    ]);
    // Which of the two was the slowest differs from run to run.
    const slowest = table.slice(6, 8).map((row) => row.replace(/^.* N ms/, 'N ms'));
    expect(slowest.toSorted()).toEqual(['one', 'two'].map((name) => `N ms  /echo  a.spec.ts:4  [${name}] › a`));
    expect(merged.exitCode).toBe(0);
    expect(existsSync(join(first.htmlReport, 'index.html'))).toBe(true);
  });
});
