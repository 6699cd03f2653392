import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { count, finish, url } from './contender.mjs';

/**
 * Runs a k6 script with one virtual user; the script prints its own time, so that the start of k6 is not counted.
 *
 * @param {URL} script Prints a line `ms=12.3`.
 */
export function runK6(script) {
  const args = ['run', '--quiet', '--no-summary', '--no-usage-report', '--log-format=raw', '--log-output=stdout'];
  const env = { ...process.env, BENCH_URL: url, BENCH_COUNT: String(count) };
  const output = execFileSync('k6', [...args, fileURLToPath(script)], { env, encoding: 'utf8', timeout: 100_000 });
  const ms = Number(/ms=([\d.]+)/.exec(output)?.[1]);
  if (Number.isNaN(ms)) throw new Error(`k6 printed no time\n${output}`);
  finish({ ms });
}
