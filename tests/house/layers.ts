import type { RuntimeImport, SourceFile } from './sources.ts';

/** Rows of the house, lowest first. A file imports its own row and lower ones only. Files of `src` itself are the roof. */
const rows: readonly (readonly string[])[] = [
  ['frames', 'protocol', 'support'],
  ['expectation', 'explain', 'metrics'],
  ['connection'],
  ['transport'],
  ['transcript'],
  ['load'],
  ['matchers'],
  ['playwright'],
];

/** The only rooms, or files, that may know a package. */
const homes: ReadonlyMap<string, string> = new Map([
  ['ws', 'transport/'],
  ['@playwright/test', 'playwright/'],
  ['@jest/expect-utils', 'expectation/equality.ts'],
]);

/** Entries that work where `@playwright/test` is not installed. */
const hostless = ['client.ts', 'reporter.ts'];

/** Packages that cost every test file milliseconds when they load with it. */
const heavy = /^(zod|expect|jest-.*|json-p3|https-proxy-agent|socks-proxy-agent|tough-cookie|hdr-histogram-js)(\/|$)/;

/** Not loaded by users: `scripts/viewer.mjs` bundles it into the page of `websocket.html`. */
const bundled = 'transcript/viewer/';

/** Every import that breaks the order of the house, as a sentence. */
export function layerFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => file.imports.flatMap((one) => faultsOf(file.path, one)));
}

/** The files that are loaded with one, itself included: what is imported at first use is not. */
export function loadedWith(entry: string, files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { isLazy, isOwn, target } of imports.get(path) ?? []) if (isOwn && !isLazy) loaded.add(target);
  }
  return [...loaded];
}

/** Every run-time cycle, as the path of its files. */
export function cycles(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, file.imports.filter((one) => one.isOwn)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) found.push([...trail.slice(start), path].join(' -> '));
    if (start !== -1 || done.has(path)) return;
    for (const { target } of imports.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

function faultsOf(path: string, { target, isOwn, isLazy }: RuntimeImport): string[] {
  if (isOwn) return ownFaults(path, target);
  const faults: string[] = [];
  const home = [...homes].find(([name]) => target === name || target.startsWith(`${name}/`))?.[1];
  if (home !== undefined && !path.startsWith(home)) faults.push(`${path} imports "${target}": only ${home} does`);
  if (!isLazy && heavy.test(target) && !path.startsWith(bundled))
    faults.push(`${path} imports "${target}" at once: load it at first use`);
  return faults;
}

function ownFaults(path: string, target: string): string[] {
  const [from, to] = [rowOf(path), rowOf(target)];
  if (from === undefined) return [`${path} is in no row of the house`];
  if (to === undefined) return [`${path} imports ${target}, which is in no row of the house`];
  if (to > from) return [`${path} (row ${from}) imports ${target} (row ${to})`];
  if (hostless.includes(path) && target.startsWith('playwright/')) return [`${path} imports ${target}: it has no host`];
  return [];
}

function rowOf(path: string): number | undefined {
  const [room, file] = path.split('/');
  if (file === undefined) return rows.length;
  const row = rows.findIndex((rooms) => rooms.includes(room ?? ''));
  return row === -1 ? undefined : row;
}
