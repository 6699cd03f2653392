// Other tools, installed once into temp/bench/peers; k6 is used where it is installed. What is missing is left out and named.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, run } from '../../scripts/process.mjs';

export const peersFolder = fileURLToPath(new URL('../../temp/bench/peers', import.meta.url));

/** The newest that run on Node 20. */
const versions = { superwstest: '3.0.0', undici: '7.30.2', artillery: '2.0.21' };

/** @param {string} name */
export function hasPeer(name) {
  if (name === 'k6') return spawnSync('k6', ['version']).status === 0;
  return existsSync(join(peersFolder, 'node_modules', name, 'package.json'));
}

/**
 * @param {string} name
 * @returns {Promise<boolean>} Whether it is there now.
 */
export async function ensurePeer(name) {
  if (hasPeer(name)) return true;
  if (!(name in versions)) return false;
  mkdirSync(peersFolder, { recursive: true });
  const manifest = join(peersFolder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${versions[name]}`];
  await run(npm(install), { cwd: peersFolder, signal: AbortSignal.timeout(120_000) });
  return hasPeer(name);
}

/**
 * A peer's exports, for contenders.
 *
 * @param {string} name
 */
export function loadPeer(name) {
  return createRequire(join(peersFolder, 'package.json'))(name);
}

/** @param {string} name */
export function peerVersion(name) {
  return JSON.parse(readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8')).version;
}
