// Builds the page of websocket.html, without data, into src/transcript/viewer/page.generated.ts. `npm run build` does so,
// and so do the tests that compile the package; git ignores it. Only node: modules until it builds.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from './process.mjs';

const folder = join(root, 'src', 'transcript', 'viewer');
const target = join(folder, 'page.generated.ts');
/** As in the browsers that have DecompressionStream, light-dark() and the other parts of the page. */
const browsers = ['chrome123', 'firefox120', 'safari17.5'];
/** What the page is made of beside its own folder. */
const packages = ['@tanstack/virtual-core', 'json-p3', 'esbuild'];

/** Builds the page unless it is there already, made from the same sources. */
export function ensureViewer() {
  const hash = sourceHash();
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(firstLine(hash))) return;
  const page = buildPage();
  const fresh = `${target}.${process.pid}`;
  writeFileSync(fresh, `${firstLine(hash)}${moduleOf(page)}`);
  // In one step: another process may be reading the old one.
  renameSync(fresh, target);
}

/** @param {string} hash */
function firstLine(hash) {
  return `// Made by scripts/viewer.mjs from sources with the hash ${hash}. Do not edit.\n`;
}

/** @param {string} page */
function moduleOf(page) {
  return `/** The page without a transcript; \`html.ts\` fills its places. */\nexport const page: string = ${JSON.stringify(page)};\n`;
}

function sourceHash() {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of sources()) hash.update(file.slice(root.length)).update(readFileSync(file));
  for (const name of packages) hash.update(readFileSync(join(root, 'node_modules', name, 'package.json')));
  return hash.digest('hex').slice(0, 16);
}

/** The files of the folder, and what they import of other rooms. */
function sources() {
  const names = readdirSync(folder).filter((name) => !name.includes('.generated.'));
  const found = new Set(names.sort().map((name) => join(folder, name)));
  // A set is iterated in order of insertion: what is added meanwhile is visited too.
  for (const file of found) {
    if (!file.endsWith('.ts')) continue;
    const imports = readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]* from '(\.[^']+)';/gm);
    for (const [, path = ''] of imports) found.add(join(dirname(file), path));
  }
  return found;
}

function buildPage() {
  const [app, loader, style] = ['main.ts', 'loader.ts', 'page.css'].map((entry) => bundle(entry));
  const scripts = [loader, app].map((code) => `'sha256-${sha256(code)}'`).join(' ');
  const policy = [
    `default-src 'none'`,
    `script-src ${scripts}`,
    `style-src 'sha256-${sha256(style)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types viewer`,
  ].join('; ');
  const packed = gzipSync(app, { level: 9 }).toString('base64');
  return fill(readFileSync(join(folder, 'page.html'), 'utf8').replace(/^\s+/gm, ''), {
    '{{policy}}': policy,
    '<!-- {{style}} -->': `<style>${style}</style>`,
    '<!-- {{loader}} -->': `<script>${loader}</script>`,
    '<!-- {{app}} -->': `<script type="application/gzip;base64" id="app">${packed}</script>`,
  });
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('base64');
}

/**
 * Fills the places of a template in one pass: what is filled in may look like a place.
 *
 * @param {string} template
 * @param {Record<string, string>} values
 */
function fill(template, values) {
  return template.replace(/<!-- \{\{\w+\}\} -->|\{\{\w+\}\}/g, (place) => values[place] ?? place);
}

/** @param {string} entry */
function bundle(entry) {
  // A dependency: it may not be installed when this file is loaded.
  /** @type {import('esbuild')} */
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: browsers,
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    write: false,
    outdir: 'out',
  });
  const [text = ''] = outputFiles.map((file) => file.text.trim());
  // It would end the element that it stands in.
  if (/<\/(script|style)|<!--/i.test(text))
    throw new Error(`Cannot put ${entry} into the page: it has "</script", "</style" or "<!--" in it`);
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(target, { force: true });
  ensureViewer();
}
