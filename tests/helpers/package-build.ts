import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntries } from '../../scripts/bundle.mjs';
import { ensureViewer } from '../../scripts/viewer.mjs';

/** The checkout. */
export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** Builds of the sources as they are now and were, each in a folder named by their hash: never a half-written one. */
const builds = join(repository, 'node_modules', '.cache', 'playwright-ws-builds');

/** Copies the package into `<folder>/playwright-ws` as npm would install it: what `files` of package.json lists. */
export function installPackage(folder: string): void {
  const target = join(folder, 'playwright-ws');
  mkdirSync(target, { recursive: true });
  cpSync(join(repository, 'package.json'), join(target, 'package.json'));
  cpSync(join(repository, 'src'), join(target, 'src'), { recursive: true });
  cpSync(builtPackage(), join(target, 'dist'), { recursive: true });
}

/**
 * Folder with the bundled sources. `npm run build` makes the same and the types; this one is apart from `dist`, so that tests see the
 * sources of the moment, and workers that build at the same time do not disturb each other.
 */
function builtPackage(): string {
  ensureViewer();
  const build = join(builds, sourceHash());
  if (existsSync(build)) return build;
  const own = `${build}.${process.pid}`;
  // No declarations: types are checked by `npm test`, here the code counts.
  bundleEntries(own);
  try {
    renameSync(own, build);
  } catch {
    rmSync(own, { recursive: true }); // Another worker was faster with the same sources.
  }
  removeOldBuilds();
  return build;
}

function sourceHash(): string {
  const hash = createHash('sha1');
  for (const file of ['package.json', 'scripts/bundle.mjs', ...sources()]) {
    hash.update(file).update(readFileSync(join(repository, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function sources(): string[] {
  const entries = readdirSync(join(repository, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(repository.length)).sort();
}

/** One hour: longer than any run that could still copy from one. */
const oldBuildMs = 3_600_000;

function removeOldBuilds(): void {
  for (const name of readdirSync(builds)) {
    const build = join(builds, name);
    const age = Date.now() - (statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > oldBuildMs) rmSync(build, { recursive: true, force: true });
  }
}
