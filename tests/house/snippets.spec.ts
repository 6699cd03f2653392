import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { examplesOf, moduleOf, readSnippets, type Snippet, snippetsOf } from './snippets.ts';
import { repository } from './sources.ts';

const require = createRequire(import.meta.url);

test('every snippet of the pages and of the sources compiles, and a wrong one is named by its place', async () => {
  const snippets = readSnippets();
  const code = "import type { Frame } from '../../src/frames/frame.ts';\nexport const f: Frame = 1;";

  expect(snippets.length).toBeGreaterThan(0);
  expect(await typeErrors([...snippets, { place: 'page.md:7', code }])).toEqual([
    "page.md:7 (line 2 of the snippet): error TS2322: Type 'number' is not assignable to type 'Frame'.",
  ]);
});

test('snippets: fences of other languages are left out', () => {
  const page = 'Text\n\n```ts\nlet a;\n```\n\n```sh\nls\n```\n\n```ts ignore\nlet b;\n```\n';

  expect(snippetsOf('page.md', page)).toEqual([{ place: 'page.md:3', code: 'let a;\n' }]);
});

test('snippets: an @example is one with or without a fence', () => {
  const text = `
/**
 * Sends.
 *
 * @example A title
 * await client.send('a');
 *
 * @throws never
 */
export const a = 1;
/**
 * @example
 * \`\`\`ts
 * await client.send('b');
 * \`\`\`
 */
export const b = 1;
`;

  expect(examplesOf('src/x.ts', text)).toEqual([
    { place: 'src/x.ts:2', code: "\nawait client.send('a');\n\n" },
    { place: 'src/x.ts:11', code: "await client.send('b');\n" },
  ]);
});

/** Compiles all at once; a line for each error, with the place of its snippet. */
async function typeErrors(snippets: readonly Snippet[]): Promise<string[]> {
  mkdirSync(join(repository, 'temp'), { recursive: true });
  // Inside the checkout: the snippets import packages of its node_modules.
  const folder = mkdtempSync(join(repository, 'temp', 'snippets-'));
  try {
    snippets.forEach(({ code }, index) => writeFileSync(join(folder, `snippet-${index}.ts`), moduleOf(code).text));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const output = await compile(folder);
    return output.split('\n').flatMap((line) => explain(line, snippets));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tsconfig = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    isolatedDeclarations: false,
    declaration: false,
    paths: {
      'playwright-ws': ['../../src/index.ts'],
      'playwright-ws/client': ['../../src/client.ts'],
      'playwright-ws/reporter': ['../../src/reporter.ts'],
    },
  },
  include: ['*.ts'],
};

function compile(folder: string): Promise<string> {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

function explain(line: string, snippets: readonly Snippet[]): string[] {
  const match = /^(?:.*[\\/])?snippet-(?<index>\d+)\.ts\((?<line>\d+),\d+\): (?<message>.*)$/.exec(line);
  // Lines of other files are of `src`, which `npm run types` checks; indented ones go on with the error before.
  if (match?.groups === undefined) return [];
  const snippet = snippets[Number(match.groups['index'])];
  if (snippet === undefined) return [line];
  const own = Number(match.groups['line']) - moduleOf(snippet.code).before;
  const where = own > 0 ? ` (line ${own} of the snippet)` : '';
  return [`${snippet.place}${where}: ${match.groups['message']}`];
}
