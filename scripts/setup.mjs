// Installs what the lock file names and node_modules lacks. Only node: modules.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root, run, say } from './process.mjs';

const wantedNode = [20, 19];

/** Makes node_modules what package-lock.json says; does nothing when it is. Throws when npm fails. */
export async function ensureDependencies() {
  checkNode();
  if (isUpToDate()) return;
  say('Installing dependencies');
  // Not `ci`: it insists on an entry for every optional package of every platform, which not every registry has.
  // Without --no-save npm would write the entries of this platform into the lock file.
  const { code } = await run(npm(['install', '--no-save', '--no-audit', '--no-fund']), { show: true });
  if (code !== 0) throw new Error(`Cannot install dependencies: npm install ended with ${code}`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wantedNode;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(`Cannot run on Node.js ${process.versions.node}: it must be ${wantedNode.join('.')} or newer`);
}

// Compares contents: a time stamp says when git wrote the file, not what is in it.
function isUpToDate() {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const installed = packagesOf(installedLock);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    // Optional packages are those of other platforms; the entry '' is the project itself.
    if (path === '' || wanted.optional === true) return true;
    return installed[path]?.version === wanted.version && existsSync(join(root, path));
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
