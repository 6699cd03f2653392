// Runs the tools of the project. Only node: modules: this is used before anything is installed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] Default: the root of the project.
 * @property {Record<string, string | undefined>} [env] Added to the environment; `undefined` removes a variable.
 * @property {boolean} [show] Print the output as it comes instead of keeping it.
 * @property {AbortSignal} [signal] Ends the process.
 */

/**
 * Runs a program to its end. Never rejects: a program that cannot start has code 127.
 *
 * @param {readonly string[]} command
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run([program = '', ...args], { cwd = root, env, show = false, signal } = {}) {
  return new Promise((resolve) => {
    const stdio = show ? 'inherit' : 'pipe';
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio, signal });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Command line of an installed tool, without a shell and without `npx`.
 *
 * @param {string} packageName
 * @param {readonly string[]} args
 * @param {string} [bin] Default: the package's only or namesake program.
 * @returns {string[]}
 */
export function tool(packageName, args, bin = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entry = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  return [process.execPath, join(folder, entry), ...args];
}

/**
 * Command line of npm: the one that runs us when there is one, else the one beside `node`.
 *
 * @param {readonly string[]} args
 * @returns {string[]}
 */
export function npm(args) {
  const cli = process.env['npm_execpath'];
  if (cli?.endsWith('npm-cli.js') === true) return [process.execPath, cli, ...args];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', ...args];
}

/**
 * Writes a line to the terminal.
 *
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`${line}\n`);
}
