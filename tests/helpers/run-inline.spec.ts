import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runPlaywright } from './run-inline.ts';
import { expect, test } from './test.ts';

const passing = `
  import { test } from '@playwright/test';
  test('passes', () => {});
`;

test('runInline reports passed, failed, skipped and flaky tests', async ({ runInline }) => {
  const result = await runInline({
    'a.spec.ts': `
      import { expect, test } from '@playwright/test';
      test.describe.configure({ retries: 1 });
      test('passes', () => {});
      test.describe('group', () => {
        test('fails', () => { expect(1).toBe(2); });
      });
      test.skip('skips', () => {});
      test('flakes', ({}, testInfo) => { expect(testInfo.retry).toBe(1); });`,
  });
  expect([result.exitCode, result.passed, result.failed, result.skipped, result.flaky]).toEqual([1, 1, 1, 1, 1]);
  expect(result.tests.map(({ title, status, attempts }) => [title, status, attempts])).toEqual([
    ['passes', 'passed', 1],
    ['group > fails', 'failed', 2],
    ['skips', 'skipped', 1],
    ['flakes', 'passed', 2],
  ]);
});

test('runInline reports an error without colours, with its line', async ({ runInline }) => {
  const result = await runInline({
    'sub/a.spec.ts': `
import { expect, test } from '@playwright/test';
test('fails', () => {
  expect(1).toBe(2);
});`,
  });
  const [error] = result.test('fails').errors;
  expect([error?.message, error?.location]).toEqual([
    'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1',
    'sub/a.spec.ts:4:13',
  ]);
});

test('runInline reports steps with title, category, place and children', async ({ runInline }) => {
  const result = await runInline({
    'a.spec.ts': `
import { expect, test } from '@playwright/test';
test('steps', async () => {
  await test.step('outer', async () => {
    expect(1).toBe(1);
  });
});`,
  });
  const outer = result.test('steps').steps.find((step) => step.category === 'test.step');
  const [inner] = outer?.steps ?? [];
  expect([outer?.title, outer?.location, inner?.title, inner?.location]).toEqual([
    'outer',
    'a.spec.ts:4:3',
    'Expect "toBe"',
    'a.spec.ts:5:15',
  ]);
});

test('runInline reads attachments made by body and by path', async ({ runInline }) => {
  const result = await runInline({
    'a.spec.ts': `
      import { writeFileSync } from 'node:fs';
      import { test } from '@playwright/test';
      test('attaches', async ({}, testInfo) => {
        await testInfo.attach('body.json', { body: '{"a":1}', contentType: 'application/json' });
        writeFileSync(testInfo.outputPath('x.txt'), 'by path');
        await testInfo.attach('path.txt', { path: testInfo.outputPath('x.txt') });
      });`,
  });
  expect(result.attachment('body.json')).toMatchObject({ contentType: 'application/json', text: '{"a":1}' });
  expect(result.attachment('path.txt').text).toBe('by path');
  expect(() => result.attachment('none')).toThrow(
    /^Cannot choose an attachment "none": found 0 among \["body.json","path.txt"\]$/,
  );
});

test('runInline reports annotations and what a test printed', async ({ runInline }) => {
  const result = await runInline({
    'a.spec.ts': `
      import { test } from '@playwright/test';
      test('speaks', ({}, testInfo) => {
        testInfo.annotations.push({ type: 'note', description: 'here' });
        console.log('printed');
      });`,
  });
  expect(result.test()).toMatchObject({ annotations: [{ type: 'note', description: 'here' }], stdout: 'printed\n' });
  expect(result.output).toContain('printed');
});

test('runInline reports errors outside of tests', async ({ runInline }) => {
  const result = await runInline({ 'a.spec.ts': `throw new Error('at load');` });
  expect([result.exitCode, result.tests.length, result.errors[0]?.message]).toEqual([1, 0, 'Error: at load']);
});

test('runInline gives the report of the JSON reporter', async ({ runInline }) => {
  const result = await runInline({ 'a.spec.ts': passing });
  expect([result.report.stats.expected, result.report.config.workers]).toEqual([1, 1]);
});

test('runInline passes arguments, environment and config', async ({ runInline }) => {
  const result = await runInline(
    {
      'a.spec.ts': `
        import { test } from '@playwright/test';
        test('one', () => { console.log(process.env.SERVER_URL, test.info().timeout); });
        test('two', () => {});`,
    },
    { args: ['-g', 'one'], env: { SERVER_URL: 'ws://there' }, config: { timeout: 1234 } },
  );
  expect(result.test().stdout).toBe('ws://there 1234\n');
});

test('runInline runs with a config of the project', async ({ runInline }) => {
  const result = await runInline({
    'playwright.config.ts': `export default { projects: [{ name: 'mine' }], reporter: 'line' };`,
    'a.spec.ts': passing,
  });
  expect([result.test('passes').project, result.exitCode]).toEqual(['mine', 0]);
});

test('runInline writes the HTML report on demand', async ({ runInline }) => {
  const result = await runInline({ 'a.spec.ts': passing }, { html: true });
  expect(await readFile(join(result.htmlReport, 'index.html'), 'utf8')).toContain('<html');
});

test('runInline hides the variables of the outer run from the inner one', async ({ runInline }) => {
  const names = ['PW_OUTER', 'PLAYWRIGHT_OUTER', 'TEST_OUTER', 'CI', 'NOT_FILTERED'];
  const before = { ...process.env };
  try {
    for (const name of names) process.env[name] = 'outer';
    const result = await runInline({
      'a.spec.ts': `
        import { test } from '@playwright/test';
        test('sees', () => { console.log(Object.keys(process.env).filter((name) => process.env[name] === 'outer').join()); });`,
    });
    expect(result.test().stdout).toBe('NOT_FILTERED\n');
  } finally {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});

for (const layout of ['esm', 'commonjs'] as const) {
  test(`runInline has the package installed, with its files, in a project of layout ${layout}`, async ({
    runInline,
  }) => {
    const result = await runInline(
      {
        'a.spec.ts': `
          import { existsSync } from 'node:fs';
          import { test } from '@playwright/test';
          import manifest from 'playwright-ws/package.json' with { type: 'json' };
          test('sees', () => {
            const folder = 'node_modules/playwright-ws/';
            const files = ['dist/support/errors.js', 'dist/support/errors.d.ts', 'src/support/errors.ts'];
            const isCommonJs = typeof module === 'object';
            console.log(manifest.name, isCommonJs, files.map((file) => existsSync(folder + file)).join());
          });`,
      },
      { layout },
    );
    expect(result.test().stdout).toBe(`playwright-ws ${layout === 'commonjs'} true,true,true\n`);
  });
}

test('runInline shares one copy of Playwright between the project and the package', async ({ runInline }) => {
  const result = await runInline({
    'node_modules/plugin/index.js': `export { test } from '@playwright/test';`,
    'node_modules/plugin/package.json': '{ "type": "module", "exports": "./index.js" }',
    'a.spec.ts': `
      import { test } from '@playwright/test';
      import { test as same } from 'plugin';
      test('one', () => { console.log(test === same); });`,
  });
  expect(result.test('one').stdout).toBe('true\n');
});

test('runInline interrupts a run when it prints a text', async ({ runInline }) => {
  const result = await runInline(
    {
      'a.spec.ts': `
        import { test } from '@playwright/test';
        test('hangs', async () => {
          console.log('hanging now');
          await new Promise(() => {});
        });`,
    },
    { interruptAt: 'hanging now' },
  );
  expect([result.test('hangs').status, result.exitCode]).toEqual(['interrupted', 130]);
});

test('runInline result removes its project', async ({ runInline }) => {
  const result = await runInline({ 'a.spec.ts': passing });
  await result.remove();
  expect(existsSync(result.folder)).toBe(false);
});

test('runPlaywright runs another command in the folder of an earlier run', async ({ runInline }) => {
  const result = await runInline({ 'a.spec.ts': passing }, { args: ['--reporter=blob'] });
  await writeFile(join(result.folder, 'merge.config.mjs'), `export default { reporter: 'list' };`);
  const merged = await runPlaywright(result.folder, {
    args: ['merge-reports', '-c', 'merge.config.mjs', 'blob-report'],
  });
  expect([merged.exitCode, merged.output]).toEqual([0, expect.stringContaining('1 passed')]);
});
