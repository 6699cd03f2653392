import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/process.mjs';
import { hasPeer, peerVersion } from './peers.mjs';

/** Processors, memory and system in a line. */
export function machine() {
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  return `${cpus().length} x ${model.trim()}, ${memory}, ${type()} ${release()}`;
}

/** What was measured, in a line. */
export function versions() {
  const own = ['ws', '@playwright/test', 'zod'].map((name) => `${name} ${installed(name)}`);
  const peers = ['superwstest', 'undici', 'artillery'].filter((name) => hasPeer(name));
  return [
    `playwright-ws ${versionOf(join(root, 'package.json'))}`,
    `Node.js ${process.versions.node}`,
    ...own,
    ...peers.map((name) => `${name} ${peerVersion(name)}`),
  ].join(', ');
}

function installed(name) {
  return versionOf(join(root, 'node_modules', name, 'package.json'));
}

function versionOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
