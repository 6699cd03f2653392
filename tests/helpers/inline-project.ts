import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { installPackage, repository } from './package-build.ts';

/** Files of a project: path below its folder -> text. */
export type InlineFiles = Readonly<Record<string, string>>;

export interface ProjectOptions {
  /** Whether the project's own files are ECMAScript modules or CommonJS. Default: `'esm'`. */
  readonly layout?: 'esm' | 'commonjs';
  /** Options of the Playwright config, as JSON; for more, write a `playwright.config.ts` among the files. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Writes the HTML report too. Default: false. */
  readonly html?: boolean;
}

/**
 * Writes a project that has the package installed. Its other packages, Playwright above all, are those of this checkout:
 * Node finds them one folder up, so that there is one copy of each.
 *
 * ```
 * <temp>/node_modules -> those of the checkout
 * <temp>/project/node_modules/playwright-ws
 * <temp>/project/<files>
 * ```
 */
export function writeProject(files: InlineFiles, options: ProjectOptions = {}): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'playwright-ws-inline-')));
  symlinkSync(join(repository, 'node_modules'), join(parent, 'node_modules'), 'junction');
  const folder = join(parent, 'project');
  for (const [path, text] of Object.entries({ ...scaffold(files, options), ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  installPackage(join(folder, 'node_modules'));
  return folder;
}

function scaffold(files: InlineFiles, { layout = 'esm', config, html = false }: ProjectOptions): InlineFiles {
  const manifest = JSON.stringify({ name: 'inline', private: true, type: layout === 'esm' ? 'module' : 'commonjs' });
  const own = Object.keys(files).find((path) => path.startsWith('playwright.config.'));
  if (own === undefined) return { 'package.json': manifest, 'playwright.config.ts': configText(config, html) };
  if (config !== undefined || html) throw new Error(`Set the options in "${own}": the project has a config of its own`);
  return { 'package.json': manifest };
}

function configText(config: Readonly<Record<string, unknown>> = {}, html: boolean): string {
  const reporter = [['list'], ['json', { outputFile: 'report.json' }], ...(html ? [['html', { open: 'never' }]] : [])];
  return `export default ${JSON.stringify({ workers: 1, reporter, ...config }, undefined, 2)};\n`;
}
