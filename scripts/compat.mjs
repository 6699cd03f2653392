// npm run test:compat [version...]: the specs on several versions of Playwright, each in a copy of its own.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { npm, root, run, say } from './process.mjs';
import { ensureDependencies } from './setup.mjs';

/** The oldest of the peer range, the first with messages in the trace viewer, the newest. */
const defaultVersions = ['1.58.2', '1.61', 'latest'];
/** What git ignores. */
const notCopied = new Set(['node_modules', 'dist', 'temp', 'test-results', 'playwright-report', 'blob-report']);

await ensureDependencies();
const browser = await ensureBrowser();
const versions = process.argv.length > 2 ? process.argv.slice(2) : defaultVersions;
const rows = [];
// One after the other: each run uses all cores.
for (const version of versions) rows.push(await runOn(version));

say('\nPlaywright   passed  failed  skipped  problem');
for (const row of rows) say(rowText(row));
process.exitCode = rows.every((row) => row.problem === '' && row.failed === 0) ? 0 : 1;

/**
 * @typedef {{ version: string, passed: number, failed: number, skipped: number, problem: string }} Row
 * @param {string} wanted
 * @returns {Promise<Row>}
 */
async function runOn(wanted) {
  const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-compat-'));
  try {
    say(`\n@playwright/test ${wanted}`);
    cpSync(root, folder, { recursive: true, filter: (path) => isCopied(path) });
    // Built and typed as it is published, against the newest Playwright; only then the older one takes its place.
    const newest = await run(npm(['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline']), {
      cwd: folder,
    });
    const built = newest.code === 0 ? await run([process.execPath, 'scripts/build.mjs'], { cwd: folder }) : newest;
    if (built.code !== 0) return failedRow(wanted, 'the build failed', built.output);
    const installed = await install(folder, wanted);
    if (installed.code !== 0) return failedRow(wanted, 'npm install failed', installed.output);
    return await runSpecs(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} path */
function isCopied(path) {
  const [top = ''] = relative(root, path).split(/[\\/]/);
  return !notCopied.has(top) && !basename(path).endsWith('.tgz');
}

/**
 * @param {string} folder
 * @param {string} version
 */
function install(folder, version) {
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline', `@playwright/test@${version}`];
  return run(npm(args), { cwd: folder });
}

/**
 * @param {string} folder
 * @returns {Promise<Row>}
 */
async function runSpecs(folder) {
  const cli = join(folder, 'node_modules', '@playwright', 'test');
  const { version } = JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8'));
  const results = join(folder, 'results.json');
  const env = { CHROMIUM_PATH: browser, RESULTS_FILE: results };
  // Types and packing are those of the newest.
  const command = [process.execPath, join(cli, 'cli.js'), 'test', 'tests/(?!house|types)', 'examples'];
  const { code } = await run(command, { cwd: folder, env: env, show: true });
  if (!existsSync(results)) return failedRow(version, `the run ended with ${code}, and without results`, '');
  const { stats } = JSON.parse(readFileSync(results, 'utf8'));
  const problem = code !== 0 && stats.unexpected === 0 ? `the run ended with ${code}` : '';
  return { version, passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped, problem };
}

/**
 * @param {string} version
 * @param {string} problem
 * @param {string} output
 * @returns {Row}
 */
function failedRow(version, problem, output) {
  say(output);
  return { version, passed: 0, failed: 0, skipped: 0, problem };
}

/** @param {Row} row */
function rowText({ version, passed, failed, skipped, problem }) {
  const numbers = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)];
  return `${version.padEnd(11)}  ${numbers.join('  ')}  ${problem}`.trimEnd();
}
