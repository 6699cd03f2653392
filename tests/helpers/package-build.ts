import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntries } from '../../scripts/bundle.mjs';
import { ensureViewer } from '../../scripts/viewer.mjs';

/** The checkout. */
export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** Builds of the sources as they are now and were, each in a folder named by their hash: never a half-written one. */
const builds = join(repository, 'node_modules', '.cache', 'playwright-ws-builds');

let built: string | undefined;

/**
 * Links the package into `<folder>/playwright-ws`, as a package manager with a store does: it is what `files` of
 * package.json lists, in a folder that is its own. Copies would cost each project a second.
 */
export function installPackage(folder: string): void {
  built ??= builtPackage();
  mkdirSync(folder, { recursive: true });
  symlinkSync(built, join(folder, 'playwright-ws'), 'junction');
}

/**
 * Folder with the package. `npm run build` makes the same JavaScript, and the types; this one is apart from `dist`, so
 * that tests see the sources of the moment, and workers that build at the same time do not disturb each other.
 */
function builtPackage(): string {
  ensureViewer();
  const build = join(builds, sourceHash());
  if (!existsSync(build)) makeBuild(build);
  const now = new Date();
  utimesSync(build, now, now); // In use, not old.
  removeOldBuilds();
  return build;
}

function makeBuild(build: string): void {
  const own = `${build}.${process.pid}`;
  // No declarations: types are checked by `npm test`, here the code counts.
  bundleEntries(join(own, 'dist'));
  cpSync(join(repository, 'src'), join(own, 'src'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(own, 'package.json'));
  try {
    renameSync(own, build);
  } catch {
    rmSync(own, { recursive: true }); // Another worker was faster with the same sources.
  }
}

function sourceHash(): string {
  const hash = createHash('sha1');
  for (const file of ['package.json', 'scripts/bundle.mjs', 'tests/helpers/package-build.ts', ...sources()]) {
    hash.update(file).update(readFileSync(join(repository, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function sources(): string[] {
  const entries = readdirSync(join(repository, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(repository.length)).sort();
}

/** One hour: longer than any worker that could still run with one. */
const oldBuildMs = 3_600_000;

function removeOldBuilds(): void {
  for (const name of readdirSync(builds)) {
    const build = join(builds, name);
    const age = Date.now() - (statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > oldBuildMs) rmSync(build, { recursive: true, force: true });
  }
}
