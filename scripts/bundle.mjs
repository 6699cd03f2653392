// The JavaScript of the package: a file per entry and few shared ones. Node loads 10 files sooner than 190.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './process.mjs';

const sources = join(root, 'src');

/**
 * Bundles each file of `src/` itself, an entry of the package, into a folder; packages stay imports. What entries share
 * goes to `internal/`, as deep as a room of `src/`.
 *
 * @param {string} outDir
 */
export function bundleEntries(outDir) {
  // A dependency: it may not be installed when this file is loaded.
  /** @type {typeof import('esbuild')} */
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  for (const group of groups())
    buildSync({
      entryPoints: group.map((name) => join(sources, name)),
      outdir: outDir,
      bundle: true,
      splitting: true,
      chunkNames: 'internal/[name]-[hash]',
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      packages: 'external',
      logLevel: 'silent',
    });
}

/** What tests import, and what runs beside them: with all of them in one group each would be in more files. */
function groups() {
  const entries = readdirSync(sources).filter((name) => name.endsWith('.ts'));
  const isBeside = (name) => besideTests.includes(name);
  return [entries.filter((name) => !isBeside(name)), entries.filter((name) => isBeside(name))];
}

const besideTests = ['cli.ts', 'reporter.ts'];
