// Starts servers and contenders, each on a processor of its own where the system allows it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
/** Whether processes are bound to processors. With a single one there is nothing to choose. */
export const isPinned = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/**
 * Starts a server and waits for its URL.
 *
 * @param {string} file Below `bench/servers`.
 * @param {readonly (string | number)[]} args
 * @returns {Promise<{ url: string, pid: number, stop: () => void }>}
 */
export async function startServer(file, args = []) {
  const child = start(0, [process.execPath, `${folder}servers/${file}`, ...args.map(String)]);
  const lines = createInterface({ input: child.stdout });
  const [url] = await Promise.race([once(lines, 'line'), exited(child, file)]);
  return { url, pid: child.pid, stop: () => child.kill() };
}

/**
 * Runs a contender to its end.
 *
 * @param {string} file Below `bench/contenders`.
 * @param {readonly (string | number)[]} args
 * @param {{ env?: Record<string, string>, execArgv?: readonly string[], timeoutMs?: number }} [options]
 * @returns {Promise<Record<string, number>>} The figures it reported.
 */
export async function runContender(file, args, { env, execArgv = [], timeoutMs = 120_000 } = {}) {
  const command = [process.execPath, ...execArgv, `${folder}contenders/${file}`, ...args.map(String)];
  const { code, output, errors } = await toEnd(start(1, command, env), timeoutMs);
  if (code !== 0) throw new Error(`${file} ended with ${code}\n${errors}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/**
 * Runs any program on the clients' processor.
 *
 * @param {readonly string[]} command
 * @param {{ env?: Record<string, string> }} [options]
 */
export function runProgram(command, { env } = {}) {
  return toEnd(start(1, command, env), 120_000);
}

function start(processor, command, env = {}) {
  const [program = '', ...args] = isPinned ? ['taskset', '-c', String(processor), ...command] : command;
  const fixed = { WS_NO_BUFFER_UTIL: '1', FORCE_COLOR: '0' };
  return spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...fixed, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function toEnd(child, timeoutMs) {
  const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk.toString()));
  child.stderr.on('data', (chunk) => (errors += chunk.toString()));
  const [code] = await once(child, 'close');
  clearTimeout(limit);
  return { code: code ?? 1, output, errors };
}

async function exited(child, file) {
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk.toString()));
  const [code] = await once(child, 'close');
  throw new Error(`${file} ended with ${code}\n${errors}`);
}
