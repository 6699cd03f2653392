// Runs test files with Playwright Test and reads the figures that they write.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './processes.mjs';

const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');
const contenders = fileURLToPath(new URL('../contenders', import.meta.url));

/**
 * @param {string} file Below `bench/contenders`.
 * @param {{ url?: string, count: number, rounds?: number }} options `rounds`: how often its tests run, in one worker.
 * @returns {Promise<Record<string, any>[]>} Each file of JSON that was written into the folder BENCH_OUTPUT.
 */
export async function runSpec(file, { count, rounds = 1, url = '' }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const env = { BENCH_URL: url, BENCH_COUNT: String(count), BENCH_OUTPUT: join(folder, 'figures') };
  mkdirSync(env.BENCH_OUTPUT);
  try {
    const config = join(contenders, 'playwright.config.mjs');
    const args = ['test', '--config', config, file, `--repeat-each=${rounds}`];
    const { code, errors, output } = await runProgram([process.execPath, cli, ...args], { env });
    if (code !== 0) throw new Error(`${file} ended with ${code}\n${output}${errors}`);
    const names = readdirSync(env.BENCH_OUTPUT);
    return names.map((name) => JSON.parse(readFileSync(join(env.BENCH_OUTPUT, name), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
