// npm run soak [seconds]: thousands of connects, waits and faults in one process, first through `playwright-ws/client`,
// then as tests in one worker of Playwright. Fails when a process does not return to what it held at its beginning.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, isStale } from './build.mjs';
import { root, say, tool } from './process.mjs';
import { startServer } from './soak/server.mjs';
import { heapSlope } from './soak/probe.mjs';

/** @typedef {import('./soak/probe.mjs').Sample} Sample */

/** Seconds of both parts together. */
const defaultSeconds = 60;
/**
 * Bytes a round or test by which the heap may grow over the last two thirds. A test that somebody still holds costs
 * five times as much; code that is compiled late costs 500 to 1500, Playwright's own worker 200.
 */
const mostHeapGrowth = 4000;
/** Clients and fixtures may be held by what just ran. */
const mostAlive = 8;
const temp = join(root, 'temp', 'soak');

const seconds = Number(process.argv[2] ?? defaultSeconds);
if (!(seconds >= 10)) throw new TypeError(`Cannot soak for "${process.argv[2]}" seconds: expected 10 or more`);
if (isStale()) {
  say('Building');
  const { code, output } = await build();
  if (code !== 0) throw new Error(output);
}
rmSync(temp, { recursive: true, force: true });
mkdirSync(temp, { recursive: true });
// A test takes longer than a round of the client.
const found = [...(await soakClient(seconds / 3)), ...(await soakTests((2 * seconds) / 3))];
for (const problem of found) say(`FAILED  ${problem}`);
if (found.length === 0) say(`\nNothing is left. Heap growth allowed: ${mostHeapGrowth} bytes a round`);
process.exitCode = found.length === 0 ? 0 : 1;

/**
 * @param {number} duration
 * @returns {Promise<string[]>}
 */
async function soakClient(duration) {
  const server = await startServer();
  const child = spawn(process.execPath, [join(root, 'scripts', 'soak', 'client.mjs'), server.url, String(duration)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await read(child);
  return conclude('playwright-ws/client', { samples: parse(output.text), server, ended: output.code === 0 });
}

/**
 * @param {number} duration
 * @returns {Promise<string[]>}
 */
async function soakTests(duration) {
  const server = await startServer();
  const file = join(temp, 'samples.jsonl');
  const results = join(temp, 'results.json');
  const [program = '', ...args] = tool('playwright', ['test', '-c', join(root, 'scripts', 'soak')]);
  const child = spawn(program, args, {
    env: {
      ...process.env,
      SOAK_URL: server.url.replace('ws:', 'http:'),
      SOAK_TESTS: String(Math.ceil(duration * 100)),
      SOAK_SAMPLES: file,
      SOAK_RESULTS: results,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {string | undefined} */
  let sampled;
  const timer = setTimeout(() => {
    // What is measured while the run stops is not what tests leave.
    sampled = existsSync(file) ? readFileSync(file, 'utf8') : '';
    child.kill('SIGINT');
  }, duration * 1000);
  const { text } = await read(child);
  clearTimeout(timer);
  if (!existsSync(results)) throw new Error(`Cannot run the tests\n${text}`);
  const { unexpected } = JSON.parse(readFileSync(results, 'utf8')).stats;
  const samples = parse(sampled ?? readFileSync(file, 'utf8'));
  return conclude('tests of one worker', { samples, server, ended: unexpected === 0 });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: unknown, text: string }>}
 */
async function read(child) {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, text };
}

/**
 * @param {string} text
 * @returns {Sample[]}
 */
function parse(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/**
 * Prints the samples and says what is wrong with them.
 *
 * @param {string} name
 * @param {{ samples: readonly Sample[], server: Awaited<ReturnType<typeof startServer>>, ended: boolean }} soaked
 * @returns {string[]}
 */
function conclude(name, { samples, server, ended }) {
  const open = server.open();
  server.close();
  say(`\n${name}: ${samples.at(-1)?.rounds} rounds, ${server.seen()} opening handshakes`);
  say('  rounds   heap MB    RSS MB  handles  files  listeners  alive');
  for (const one of samples) say(row(one));
  const growth = heapSlope(samples);
  say(`  heap over the last two thirds: ${growth.toFixed(0)} bytes a round`);
  const problems = [...differences(samples)];
  if (!ended) problems.push('it did not end as it should');
  if (open > 0) problems.push(`${open} connections are open at the server`);
  if (growth > mostHeapGrowth) problems.push(`the heap grows by ${growth.toFixed(0)} bytes a round`);
  return problems.map((problem) => `${name}: ${problem}`);
}

/** @param {readonly Sample[]} samples */
function* differences(samples) {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 6) {
    yield `${samples.length} samples are too few: give it more seconds`;
    return;
  }
  for (const key of /** @type {const} */ (['handles', 'files', 'listeners'])) {
    if (last[key] > first[key]) yield `${last[key]} ${key} at the end, ${first[key]} at the beginning`;
  }
  if (last.alive > mostAlive) yield `${last.alive} clients and fixtures are still held at the end`;
}

/** @param {Sample} sample */
function row({ alive, files, handles, heap, listeners, rounds, rss }) {
  const cells = [rounds, (heap / 1e6).toFixed(2), (rss / 1e6).toFixed(1), handles, files, listeners, alive];
  const widths = [8, 9, 9, 8, 6, 10, 6];
  return cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join(' ');
}
