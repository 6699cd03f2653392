import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { filesBelow, repository } from './sources.ts';

/** A piece of TypeScript that a reader may copy. */
export interface Snippet {
  /** Where it is: `README.md:12`. */
  readonly place: string;
  readonly code: string;
}

/** What a snippet may use without an import. */
const known = ['test', 'expect', 'anyMessage'];
/** Names that the text around a snippet introduces: clients of the ever same examples. */
const clients = ['client', 'orders', 'feed', 'chat', 'echo'];
const fixtures = '{ ws, workerWs, request, page, context, baseURL }';

/** Every \`\`\`ts snippet of the pages, and of the TSDoc `@example`s in `src`. */
export function readSnippets(): Snippet[] {
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((name) => join(repository, name));
  const files = [...pages, ...filesBelow(join(repository, 'docs'), '.md')];
  return [
    ...files.flatMap((file) => snippetsOf(relative(repository, file), readFileSync(file, 'utf8'))),
    ...filesBelow(join(repository, 'src'), '.ts').flatMap((file) =>
      examplesOf(relative(repository, file), readFileSync(file, 'utf8')),
    ),
  ];
}

/** The \`\`\`ts snippets of a page. A fence `ts ignore` is for what cannot compile, such as a mistake that is shown. */
export function snippetsOf(page: string, text: string): Snippet[] {
  const fences = text.matchAll(/^(?<indent>[ \t]*)```ts[ \t]*\n(?<code>[^]*?)^[ \t]*```[ \t]*$/gm);
  return [...fences].map(({ index, groups }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    code: groups?.['code'] ?? '',
  }));
}

/** The snippets of all `@example`s of a source file; an `@example` without a fence is one as a whole. */
export function examplesOf(file: string, text: string): Snippet[] {
  const comments = parseSync(file, text).comments.filter((one) => one.type === 'Block' && one.value.startsWith('*'));
  return comments.flatMap((comment) => {
    const line = text.slice(0, comment.start).split('\n').length;
    const body = comment.value.replace(/^[ \t]*\* ?/gm, '');
    const examples = body.split(/^@example\b.*$/m).slice(1);
    const codes = examples.flatMap((example) => {
      const fenced = snippetsOf(file, example).map((snippet) => snippet.code);
      return fenced.length > 0 ? fenced : [example.split(/^@\w/m)[0] ?? ''];
    });
    return codes.map((code) => ({ place: `${file}:${line}`, code }));
  });
}

/**
 * A module of the snippet, for the type checker: it gets the imports that it lacks, and when it is statements they become
 * the body of a test.
 *
 * @returns its text, and the number of lines before the snippet's own.
 */
export function moduleOf(code: string): { text: string; before: number } {
  const { imports, names, rest } = splitImports(code);
  const missing = known.filter((name) => !names.includes(name));
  const type = names.includes('WebSocketClient') ? '' : 'import type { WebSocketClient } from "playwright-ws";\n';
  const head = `${imports}\nimport { ${missing.join(', ')} } from 'playwright-ws';\n${type}`;
  const isWhole = /^(?:test|export|declare|expect\.extend)\b/m.test(rest);
  const open = isWhole ? head : `${head}${declarations()}\ntest('snippet', async (${fixtures}) => {\n`;
  const close = isWhole ? '\nexport {};\n' : '\n});\n';
  return { text: open + rest + close, before: open.split('\n').length - 1 };
}

function declarations(): string {
  return clients.map((name) => `declare const ${name}: WebSocketClient;`).join(' ');
}

/** The imports of a snippet, the names that they bring, and the rest with as many lines as before. */
function splitImports(code: string): { imports: string; names: string[]; rest: string } {
  const { staticImports } = parseSync('snippet.ts', code).module;
  const texts = staticImports.map(({ start, end }) => code.slice(start, end));
  const names = staticImports.flatMap((one) => one.entries.map((entry) => entry.localName.value));
  const rest = texts.reduce((left, text) => left.replace(text, text.replace(/[^\n]/g, '')), code);
  return { imports: texts.join('\n'), names, rest };
}
