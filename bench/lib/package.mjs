// The package under measure: a copy, so that a build meanwhile changes nothing, in a folder node_modules, as users have
// it: Playwright compiles what is elsewhere.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, isStale } from '../../scripts/build.mjs';
import { bundleEntries } from '../../scripts/bundle.mjs';
import { root } from '../../scripts/process.mjs';
import { ensureViewer } from '../../scripts/viewer.mjs';

/**
 * Makes the copy and tells contenders of it by BENCH_PACKAGE. It is removed when the process ends.
 *
 * @param {{ dist?: string, fromSource?: boolean }} options `dist`: another build. `fromSource`: bundled without types.
 */
export async function preparePackage({ dist, fromSource = false }) {
  const parent = join(root, 'temp', 'bench', `package-${process.pid}`);
  const folder = join(parent, 'node_modules', 'playwright-ws');
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(parent, { recursive: true, force: true }));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  if (fromSource) {
    ensureViewer();
    bundleEntries(join(folder, 'dist'));
  } else {
    if (dist === undefined && isStale()) await buildOrThrow();
    cpSync(resolve(dist ?? join(root, 'dist')), join(folder, 'dist'), { recursive: true });
  }
  const isWhole = ['index.js', 'client.js'].every((name) => existsSync(join(folder, 'dist', name)));
  if (!isWhole) throw new Error('Cannot copy the package: its build changed meanwhile, or there is none');
  process.env['BENCH_PACKAGE'] = folder;
}

async function buildOrThrow() {
  const { code, output } = await build();
  if (code !== 0) throw new Error(`Cannot build the package\n${output}`);
}
