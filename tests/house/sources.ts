import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Expression, parseSync, Visitor } from 'oxc-parser';

/** The checkout. */
export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** An import that exists at run time; type-only imports are not among them. */
export interface RuntimeImport {
  /** As written, or, of a file of ours, its path below `src`. */
  readonly target: string;
  /** Whether it is a file of ours. */
  readonly isOwn: boolean;
  /** Whether it happens at first use: `import()`, or a call of what `createRequire` made. */
  readonly isLazy: boolean;
}

export interface SourceFile {
  /** Below `src`, with `/`. */
  readonly path: string;
  readonly imports: readonly RuntimeImport[];
}

/** All files of `src` with what they import at run time. */
export function readSources(): SourceFile[] {
  const root = join(repository, 'src');
  return filesBelow(root, '.ts').map((file) => {
    const path = relative(root, file).split(sep).join('/');
    return parseSource(path, readFileSync(file, 'utf8'));
  });
}

/** What one file imports at run time. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`Cannot parse "${path}": ${errors.map((error) => error.message).join('; ')}`);
  const imports: RuntimeImport[] = [];
  const requires = new Set<string>();
  const add = (specifier: string | undefined, isLazy: boolean): void => {
    if (specifier !== undefined) imports.push(resolveImport(path, specifier, isLazy));
  };
  new Visitor({
    // `import { type A } from` counts: it leaves an import behind. `import type { A } from` does not.
    ImportDeclaration: (node) => node.importKind !== 'type' && add(node.source.value, false),
    ExportNamedDeclaration: (node) => node.exportKind !== 'type' && add(node.source?.value, false),
    ExportAllDeclaration: (node) => node.exportKind !== 'type' && add(node.source.value, false),
    ImportExpression: (node) => add(literal(node.source), true),
    VariableDeclarator: (node) => {
      if (node.id.type === 'Identifier' && isCreateRequire(node.init)) requires.add(node.id.name);
    },
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type !== 'Identifier' || !requires.has(callee.name)) return;
      if (first?.type === 'Literal') add(literal(first), true);
    },
  }).visit(program);
  return { path, imports };
}

/** Files below a folder whose name ends so, in a stable order. */
export function filesBelow(folder: string, ending: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function resolveImport(path: string, specifier: string, isLazy: boolean): RuntimeImport {
  const isOwn = specifier.startsWith('.');
  return { target: isOwn ? posix.join(posix.dirname(path), specifier) : specifier, isOwn, isLazy };
}

function literal(node: Expression): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function isCreateRequire(node: Expression | null): boolean {
  return node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'createRequire';
}
