// npm test: every check of the project, in the order in which a mistake is cheapest to hear of.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { npm, root, run, say, tool } from './process.mjs';
import { checkReliability } from './reliability.mjs';
import { ensureDependencies } from './setup.mjs';

/** @typedef {{ code: number, output: string }} Result */
/** @typedef {{ name: string, work: (signal: AbortSignal) => Promise<Result> }} Stage */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const packed = join(root, 'temp', 'packed');
const results = join(root, 'temp', `results-${process.pid}.json`);

process.exitCode = await main();

async function main() {
  const counts = await runAll();
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  say(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`);
  return counts.failed > 0 ? 1 : 0;
}

/** @returns {Promise<Counts>} A check that fails counts as one failure: no spec is run then. */
async function runAll() {
  try {
    await ensureDependencies();
    // Examples import the package by its name: lint and types read dist.
    await runLanes([[command('format', () => tool('oxfmt', ['--check']))], [{ name: 'build', work: build }]]);
    await runLanes(lanes());
    return await runSpecs();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

// Two lanes, side by side, for two cores. A lane runs its stages one by one.
/** @returns {Stage[][]} */
function lanes() {
  const lint = command('lint', () => tool('oxlint', ['--type-aware', '--deny-warnings']));
  const types = command('types', () => tool('typescript', ['-p', 'tsconfig.json'], 'tsc'));
  const scriptTypes = command('types of scripts', () => tool('typescript', ['-p', 'scripts/tsconfig.json'], 'tsc'));
  const unused = command('unused code', () => tool('knip', []));
  const pack = { name: 'pack', work: packTarball };
  const publint = command('publint', () => tool('publint', ['run', tarball(), '--strict']));
  const consumers = command('types for users', () => {
    return tool('@arethetypeswrong/cli', [tarball(), '--profile', 'esm-only'], 'attw');
  });
  // The ratios are of CPU time where that is possible: the other lane does not disturb them.
  const bench = command('bench', () => [process.execPath, 'bench/run.mjs', '--short', '--dist', 'dist']);
  const api = command('public API', () => [process.execPath, 'scripts/api.mjs', '--check']);
  return [
    [lint, types, scriptTypes, unused],
    [api, pack, publint, consumers, bench],
  ];
}

/**
 * @param {string} name
 * @param {() => string[]} line Asked for when the stage starts: what it runs may not be installed or built before.
 * @returns {Stage}
 */
function command(name, line) {
  return { name, work: (signal) => run(line(), { signal }) };
}

/**
 * Runs the lanes; the first stage that fails ends all. Throws what it said.
 *
 * @param {readonly Stage[][]} all
 */
async function runLanes(all) {
  const abort = new AbortController();
  await Promise.all(all.map((lane) => runLane(lane, abort)));
}

/**
 * @param {readonly Stage[]} lane
 * @param {AbortController} abort
 */
async function runLane(lane, abort) {
  for (const stage of lane) {
    const started = performance.now();
    const { code, output } = await stage.work(abort.signal);
    if (abort.signal.aborted) return;
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    if (code !== 0) {
      abort.abort();
      throw new Error(`FAILED  ${stage.name}  ${seconds}\n\n${output}\nStopped at the stage "${stage.name}"`);
    }
    say(`ok  ${stage.name}  ${seconds}`);
  }
}

/** @param {AbortSignal} signal */
function packTarball(signal) {
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  return run(npm(['pack', '--ignore-scripts', '--pack-destination', packed]), { signal });
}

function tarball() {
  const [name = 'missing.tgz'] = readdirSync(packed);
  return join(packed, name);
}

/** @returns {Promise<Counts>} */
async function runSpecs() {
  const env = { CHROMIUM_PATH: await ensureBrowser(), PACKED_TARBALL: tarball(), RESULTS_FILE: results };
  const { code } = await run(tool('playwright', ['test']), { show: true, env });
  if (!existsSync(results))
    throw new Error(`Cannot count the specs: Playwright ended with ${code}, and without results`);
  const json = readFileSync(results, 'utf8');
  const counts = countsOf(json);
  rmSync(results, { force: true });
  // The run itself may fail without a failed test: a config that throws, an error in a worker's teardown.
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return counts.failed > 0 ? counts : withReliability(counts, json);
}

/**
 * The fault matrix says what docs/reliability.md has to say.
 *
 * @param {Counts} counts
 * @param {string} json Playwright's JSON report.
 * @returns {Counts}
 */
function withReliability(counts, json) {
  const complaint = checkReliability(json);
  if (complaint === undefined) return counts;
  say(`\n${complaint}`);
  return { ...counts, failed: 1 };
}

/**
 * @param {string} json Playwright's JSON report.
 * @returns {Counts}
 */
function countsOf(json) {
  const { stats } = JSON.parse(json);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}
