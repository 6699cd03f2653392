// The package under measure: a copy, so that a build meanwhile changes nothing. Contenders and generated tests use it.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, isStale } from '../../scripts/build.mjs';
import { bundleEntries } from '../../scripts/bundle.mjs';
import { root } from '../../scripts/process.mjs';
import { ensureViewer } from '../../scripts/viewer.mjs';

/**
 * Makes the copy and tells contenders of it by BENCH_PACKAGE.
 *
 * @param {{ dist?: string, fromSource?: boolean }} options `dist`: another build. `fromSource`: bundled without types.
 * @returns {Promise<{ folder: string, remove: () => void }>}
 */
export async function preparePackage({ dist, fromSource = false }) {
  const folder = join(root, 'temp', 'bench', `package-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  if (fromSource) {
    ensureViewer();
    bundleEntries(join(folder, 'dist'));
  } else {
    if (dist === undefined && isStale()) await buildOrThrow();
    cpSync(resolve(dist ?? join(root, 'dist')), join(folder, 'dist'), { recursive: true });
  }
  process.env['BENCH_PACKAGE'] = folder;
  return { folder, remove };
}

async function buildOrThrow() {
  const { code, output } = await build();
  if (code !== 0) throw new Error(`Cannot build the package\n${output}`);
}
