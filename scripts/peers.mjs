// npm run test:peers: the client against servers that others wrote: websockets, aiohttp, autobahn, and nginx between.
// Installs them through apt-get when they are missing. Each listens on a port of 127.0.0.1 and ends with the run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, say, tool } from './process.mjs';
import { ensureDependencies } from './setup.mjs';

const libraries = ['websockets', 'aiohttp', 'autobahn'];
const packages = [...libraries.map((name) => `python3-${name}`), 'nginx-light'];
// The system's own, for which apt-get installs; another one may come first in PATH.
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** @type {import('node:child_process').ChildProcess[]} */
const children = [];
const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-peers-'));
try {
  process.exitCode = await testPeers();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await Promise.all(children.map((child) => end(child)));
  rmSync(folder, { recursive: true, force: true });
}

async function testPeers() {
  await ensureDependencies();
  await ensurePeers();
  /** @type {Record<string, string>} */
  const peers = {};
  for (const name of libraries) peers[name] = `ws://127.0.0.1:${await startPython(name)}`;
  const port = await startNginx(peers['websockets'] ?? '');
  const env = { PEERS: JSON.stringify({ ...peers, nginx: `wss://127.0.0.1:${port}` }) };
  const specs = tool('playwright', ['test', '--project', 'peers', '--reporter', 'list', ...process.argv.slice(2)]);
  const { code } = await run(specs, { show: true, env });
  return code;
}

async function ensurePeers() {
  if (await hasPeers()) return;
  say(`Installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { code, output } = await run(['apt-get', ...args], { env });
    if (code !== 0) throw new Error(`Cannot install the servers: apt-get ${args[0]} ended with ${code}\n${output}`);
  }
  if (!(await hasPeers())) throw new Error(`Cannot use the servers: expected ${packages.join(', ')} to be installed`);
}

async function hasPeers() {
  const imports = await run([python, '-c', `import ${libraries.join(', ')}`]);
  const nginx = await run(['nginx', '-v']);
  return imports.code === 0 && nginx.code === 0;
}

/**
 * @param {string} name
 * @returns {Promise<number>} its port, which it prints.
 */
async function startPython(name) {
  const child = start(name, [python, join(root, 'tests', 'peers', 'servers', `with_${name}.py`)]);
  if (child.stdout === null) throw new Error(`Cannot read what ${name} prints`);
  const [line] = await Promise.race([once(child.stdout, 'data'), ended(name, child)]);
  return Number(String(line));
}

/**
 * Speaks TLS to the client and plain WebSocket to the server behind it.
 *
 * @param {string} behind
 * @returns {Promise<number>} its port.
 */
async function startNginx(behind) {
  // Lazily: nothing but node: modules is there before the dependencies are.
  const { generate } = await import('selfsigned');
  const pems = await generate([{ name: 'commonName', value: 'localhost' }]);
  writeFileSync(join(folder, 'key.pem'), pems.private, { mode: 0o600 });
  writeFileSync(join(folder, 'cert.pem'), pems.cert);
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig(port, behind.replace('ws:', 'http:')));
  const child = start('nginx', ['nginx', '-p', folder, '-c', 'nginx.conf', '-e', 'stderr']);
  await Promise.race([listens(port), ended('nginx', child)]);
  return port;
}

/**
 * @param {number} port
 * @param {string} behind
 */
function nginxConfig(port, behind) {
  const owner = process.getuid?.() === 0 ? 'user root;' : '';
  const proxy = `proxy_pass ${behind}/; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";`;
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  return `${owner}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events {}
http {
  access_log off;
  ${temp.join(' ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate cert.pem;
    ssl_certificate_key key.pem;
    location / { ${proxy} }
    # 60 s by default.
    location /impatient/ { proxy_read_timeout 1s; ${proxy} }
  }
}
`;
}

/**
 * @param {string} name
 * @param {readonly string[]} command
 */
function start(name, [program = '', ...args]) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (text) => process.stderr.write(`${name}: ${text}`));
  children.push(child);
  return child;
}

/**
 * Rejects when a server ends by itself.
 *
 * @param {string} name
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<never>}
 */
function ended(name, child) {
  return new Promise((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Cannot start ${name}: it ended with ${code}`)));
  });
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

/** nginx cannot be told to choose one. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port');
  return address.port;
}

/** @param {number} port */
async function listens(port) {
  for (;;) {
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
