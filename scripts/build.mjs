// npm run build: the page of websocket.html, then src/ -> dist/, bundled JavaScript, types and maps.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntries } from './bundle.mjs';
import { root, run, tool } from './process.mjs';
import { ensureViewer } from './viewer.mjs';

const dist = join(root, 'dist');

/**
 * Compiles into a new folder and swaps it in at the end: who reads dist meanwhile finds the old one, whole.
 *
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function build() {
  // Beside dist, as deep: the maps hold relative paths.
  const fresh = join(root, `dist.${process.pid}`);
  try {
    ensureViewer();
    const result = await run(tool('typescript', ['-p', 'tsconfig.build.json', '--outDir', fresh], 'tsc'));
    if (result.code !== 0) return result;
    bundleEntries(fresh);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
    return result;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Whether dist is older than the newest source file, or missing. */
export function isStale() {
  return newest(join(root, 'src')) > newest(join(dist, 'index.js'));
}

/**
 * Latest modification below a path; 0 when there is nothing.
 *
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, output } = await build();
  process.stdout.write(output);
  process.exitCode = code;
}
