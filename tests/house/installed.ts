import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { bundleEntries } from '../../scripts/bundle.mjs';
import { ensureViewer } from '../../scripts/viewer.mjs';
import { repository } from './sources.ts';

const require = createRequire(import.meta.url);
const execute = promisify(execFile);

/** A packed package, unpacked. */
export interface Packed {
  /** Folder of the unpacked package. */
  readonly folder: string;
  /** Its files, as users get them. */
  readonly files: readonly string[];
  remove(): void;
}

/** What became of a process. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** Unpacks what `npm test` packed (`PACKED_TARBALL`); else builds and packs it in a folder of its own. */
export async function pack(): Promise<Packed> {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'playwright-ws-pack-')));
  const tarball = process.env['PACKED_TARBALL'] ?? (await packInto(parent));
  await execute('tar', ['-xzf', tarball], { cwd: parent });
  const folder = join(parent, 'package');
  return { folder, files: filesBelow(folder), remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/**
 * Writes a project that has the package installed, with the dependencies that its package.json names and no other.
 * `also` names packages of the project's own.
 */
export function install(packed: Packed, files: Readonly<Record<string, string>>, also: readonly string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'playwright-ws-user-')));
  const modules = join(folder, 'node_modules');
  cpSync(packed.folder, join(modules, 'playwright-ws'), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), ...also]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(repository, 'node_modules', name), join(modules, name), 'junction');
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

/** Runs Node in a project, without what the outer run has set for itself. */
export async function runNode(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const outer = /^(PLAYWRIGHT_|PW_|TEST_|FORCE_COLOR|NODE_OPTIONS|npm_|CI$)/;
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
  try {
    const { stdout, stderr } = await execute(process.execPath, args, { cwd: folder, env: { ...kept, ...env } });
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    return { exitCode: 1, output: outputOf(error) };
  }
}

/** Path of a program of this checkout. */
export function program(packageName: string, file: string): string {
  return join(dirname(require.resolve(`${packageName}/package.json`)), file);
}

/** With npm, as a release does. */
async function packInto(parent: string): Promise<string> {
  const stage = join(parent, 'stage');
  mkdirSync(stage);
  ensureViewer();
  for (const name of ['package.json', 'src', 'README.md', 'CHANGELOG.md', 'LICENSE', 'tests', 'scripts']) {
    cpSync(join(repository, name), join(stage, name), { recursive: true });
  }
  await compile(join(stage, 'dist'));
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', parent], stage);
  const [{ filename }]: [{ filename: string }] = JSON.parse(stdout);
  return join(parent, filename);
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
  return files.map((file) => relative(folder, file).replaceAll('\\', '/'));
}

async function compile(outDir: string): Promise<void> {
  const tsc = program('typescript', 'bin/tsc');
  await execute(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], { cwd: repository });
  bundleEntries(outDir);
}

function npm(args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  const cli = process.env['npm_execpath'];
  if (cli?.endsWith('npm-cli.js') === true) return execute(process.execPath, [cli, ...args], { cwd });
  return execute(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd });
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts = ['stdout', 'stderr'].map((name): unknown => Reflect.get(error, name));
  return parts.join('') || error.message;
}
