import { rmSync } from 'node:fs';
import { test as base } from '../helpers/test.ts';
import { expect } from '@playwright/test';
import { install, pack, type Packed, program, runNode } from './installed.ts';

const playwright = ['@playwright/test', 'playwright', 'playwright-core'];
const playwrightCli = program('@playwright/test', 'cli.js');

interface Fixtures {
  /** Writes a project with the packed package installed; it is removed after the test. */
  readonly project: (files: Readonly<Record<string, string>>, also: readonly string[]) => string;
  /** URL of a server that greets and then echoes. */
  readonly echoUrl: string;
}

let packed: Packed;

const test = base.extend<Fixtures>({
  project: async ({}, use) => {
    const folders: string[] = [];
    await use((files, also) => {
      const folder = install(packed, files, also);
      folders.push(folder);
      return folder;
    });
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  },
  echoUrl: async ({ server }, use) => {
    server.onConnection(({ socket }) => {
      socket.send('{"type":"welcome"}');
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    await use(server.url);
  },
});

test.describe.configure({ mode: 'default' }); // One package for all of them.

test.beforeAll(async () => {
  packed = await pack();
});

test.afterAll(() => packed.remove());

const spec = `
import { test, expect } from 'playwright-ws';

test('echo', async ({ ws }) => {
  const client = await ws.connect(process.env.ECHO_URL ?? '');
  await expect(client).toReceiveMessage({ type: 'welcome' });
  await client.send({ n: 1 });
  await expect(client).toReceiveMessage({ n: 1 });
});
`;

const config = `module.exports = { reporter: [['line'], ['playwright-ws/reporter']] };`;

test('package contains the build, the sources, and nothing of the workshop', () => {
  const tops = new Set(packed.files.map((file) => file.split('/')[0]));

  expect([...tops].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src']);
  expect(packed.files).toEqual(
    expect.arrayContaining([
      ...['index', 'client', 'reporter'].flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`]),
      'src/index.ts',
    ]),
  );
});

test('package runs in an ESM project', async ({ project, echoUrl }) => {
  const files = { 'package.json': '{"type":"module"}', 'playwright.config.cjs': config, 'echo.spec.ts': spec };
  const folder = project(files, playwright);

  const { output, exitCode } = await runNode(folder, [playwrightCli, 'test', '-c', 'playwright.config.cjs'], {
    ECHO_URL: echoUrl,
  });

  expect(output).toContain('1 passed');
  expect(output).toContain('WebSockets of 1 test\n');
  expect(exitCode).toBe(0);
});

test('package runs in a CommonJS project, imported and required', async ({ project, echoUrl }) => {
  const required = spec.replace(/^import (.*) from (.*);$/m, 'const $1 = require($2);');
  const files = {
    'package.json': '{"type":"commonjs"}',
    'playwright.config.cjs': config,
    'echo.spec.ts': spec,
    'required.spec.js': required,
  };
  const folder = project(files, playwright);

  const { output, exitCode } = await runNode(folder, [playwrightCli, 'test', '-c', 'playwright.config.cjs'], {
    ECHO_URL: echoUrl,
  });

  expect(output).toContain('2 passed');
  expect(output).toContain('WebSockets of 2 tests\n');
  expect(exitCode).toBe(0);
});

test('package/client runs in an ESM script without Playwright', async ({ project, echoUrl }) => {
  const script = `
    import { connect, matchers } from 'playwright-ws/client';
    import { expect } from 'expect';
    expect.extend(matchers);
    const client = await connect(process.env.ECHO_URL);
    await expect(client).toReceiveMessage({ type: 'welcome' });
    await client.send('hello');
    console.log((await client.waitForMessage('hello')).text);
    await client.close();
  `;
  const folder = project({ 'package.json': '{"type":"module"}', 'script.mjs': script }, []);

  expect(await runNode(folder, ['script.mjs'], { ECHO_URL: echoUrl })).toEqual({ exitCode: 0, output: 'hello\n' });
});

test('package/client runs in a CommonJS script without Playwright', async ({ project, echoUrl }) => {
  const script = `
    const { connect } = require('playwright-ws/client');
    connect(process.env.ECHO_URL).then(async (client) => {
      console.log((await client.waitForMessage({ type: 'welcome' })).text);
      await client.close();
    });
  `;
  const folder = project({ 'package.json': '{"type":"commonjs"}', 'script.cjs': script }, []);

  const { output, exitCode } = await runNode(folder, ['script.cjs'], { ECHO_URL: echoUrl });

  expect(output).toContain('{"type":"welcome"}');
  expect(exitCode).toBe(0);
});

test('package has types for a strict ESM project that checks those of its libraries', async ({ project }) => {
  const options = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable', 'dom'],
    types: ['node'],
  };
  const tsconfig = {
    compilerOptions: { ...options, strict: true, noEmit: true },
    files: ['echo.spec.ts', 'script.ts'],
  };
  const files = {
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify(tsconfig),
    'echo.spec.ts': spec,
    'script.ts': `import { connect } from 'playwright-ws/client';\nexport const open = () => connect('ws://127.0.0.1');\n`,
  };
  const folder = project(files, [...playwright, '@types/node']);

  expect(await runNode(folder, [program('typescript', 'bin/tsc'), '-p', '.'])).toEqual({ exitCode: 0, output: '' });
});
