import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import { repository } from '../house/sources.ts';
import { renderPage } from '../../src/transcript/html.ts';
import { expect, test as base } from '../helpers/test.ts';

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

const usage = `Usage: npx playwright-ws export-k6 <recording> [--out <script.js>]

Turns the recorded WebSockets of a test into a script for k6.

  <recording>  the websocket.jsonl or the websocket.html of a test; - reads it from the standard input
  --out        where to write the script; the standard output without it

`;

const remedy =
  'Pass the websocket.jsonl or the websocket.html of a test: attachments of its report, also below test-results.';

const recording = [
  { type: 'transcript', version: 1 },
  { type: 'connection', name: 'echo', url: 'ws://127.0.0.1/echo', location: 'a.spec.ts:1', ms: 0, openedMs: 1 },
  { type: 'frame', connection: 'echo', direction: 'sent', opcode: 'text', text: 'hello', ms: 5, sequence: 1 },
  { type: 'request', method: 'GET', url: 'http://127.0.0.1/', startedMs: 0 },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

// Inside of the checkout: it imports packages of its node_modules.
const program = join(repository, 'temp', `cli-${process.pid}.mjs`);

const test = base.extend<{ readonly run: (args: readonly string[], input?: string) => Promise<Ended> }>({
  run: async ({}, use, testInfo) => {
    mkdirSync(testInfo.outputDir, { recursive: true });
    await use(async (args, input = '') => {
      const child = spawn(process.execPath, [program, ...args], { cwd: testInfo.outputDir });
      child.stdin.end(input);
      const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
      return { output, errors, exitCode };
    });
  },
});

test.beforeAll(() => {
  const entryPoints = [join(repository, 'src/cli.ts')];
  buildSync({ entryPoints, outfile: program, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
});

test.afterAll(() => rmSync(program));

test('export-k6 writes the script of a recording, and notes beside it', async ({ run }, testInfo) => {
  writeFileSync(testInfo.outputPath('websocket.jsonl'), recording);
  const { errors, exitCode, output } = await run(['export-k6', 'websocket.jsonl']);

  expect(output).toContain("echo.socket.send('hello');");
  expect(errors).toBe('Note: 1 HTTP request of the test is left out, and so is what it makes the server send\n');
  expect(exitCode).toBe(0);
});

test('export-k6 reads the page of a test, and writes a file', async ({ run }, testInfo) => {
  const page = [...renderPage([Buffer.from(recording)], 'a test')].join('');
  writeFileSync(testInfo.outputPath('websocket.html'), page);
  const fromPage = await run(['export-k6', 'websocket.html', '--out', 'script.js']);
  const fromInput = await run(['export-k6', '-'], recording);

  expect([fromPage.output, fromPage.exitCode]).toEqual(['', 0]);
  expect(readFileSync(testInfo.outputPath('script.js'), 'utf8')).toBe(fromInput.output);
});

for (const [what, args, input, message] of [
  [
    'a file that is missing',
    ['export-k6', 'missing.jsonl'],
    '',
    'Cannot read "missing.jsonl": there is no such file\n',
  ],
  [
    'another file',
    ['export-k6', '-'],
    'not a recording',
    `Cannot read "-": it is no recording of playwright-ws\n  ${remedy}\n`,
  ],
  ['other lines', ['export-k6', '-'], '{}\n', `Cannot read "-": it is no recording of playwright-ws\n  ${remedy}\n`],
  [
    'a line that is broken',
    ['export-k6', '-'],
    `${recording}{"type"`,
    `Cannot read "-": line 5 is no JSON\n  ${remedy}\n`,
  ],
  [
    'another page',
    ['export-k6', '-'],
    '<!doctype html><p>Hello',
    `Cannot read "-": it is a page without the lines of a recording, such as a test leaves whose process ended before it did\n  ${remedy}\n`,
  ],
  [
    'a later version',
    ['export-k6', '-'],
    '{"type":"transcript","version":2}',
    'Cannot read "-": it has version 2, this playwright-ws reads version 1\n  Update playwright-ws, or record the test again.\n',
  ],
  [
    'a recording into a folder that is missing',
    ['export-k6', '-', '--out', 'missing/script.js'],
    recording,
    'Cannot write "missing/script.js": there is no such folder\n',
  ],
  ['no file', ['export-k6'], '', usage],
  ['another command', ['export'], '', `There is no command "export".\n\n${usage}`],
  ['an unknown option', ['export-k6', '-', '--to', 'x'], recording, "Unknown option '--to'"],
] as const) {
  test(`export-k6 of ${what} fails with what is wrong`, async ({ run }) => {
    const { errors, exitCode, output } = await run(args, input);

    expect(errors.slice(0, message.length)).toBe(message);
    expect([output, exitCode]).toEqual(['', 1]);
  });
}

test('playwright-ws --help tells how to use it', async ({ run }) => {
  expect(await run(['--help'])).toEqual({ output: usage.replace(/\n$/, ''), errors: '', exitCode: 0 });
});
