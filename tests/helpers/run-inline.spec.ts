import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { type InlineResult, runInline as run } from './run-inline.ts';
import { expect, test } from './test.ts';

test.describe.configure({ timeout: slowTestMs });

const helpers = fileURLToPath(new URL('test.ts', import.meta.url));

/** Prints what the project has of the package, and whether the file was loaded as CommonJS. */
const seesPackage = `
  import { existsSync } from 'node:fs';
  import { test } from '@playwright/test';
  import manifest from 'playwright-ws/package.json' with { type: 'json' };
  test('sees the package', () => {
    const folder = 'node_modules/playwright-ws/';
    const files = ['dist/index.js', 'dist/client.js', 'src/support/errors.ts'];
    const isCommonJs = typeof module === 'object';
    console.log(manifest.name, isCommonJs, files.map((file) => existsSync(folder + file)).join());
  });`;

/** Uses `test` of the helpers, and leaves connections open. */
const leavesOpen = `
  import { once } from 'node:events';
  import { connect } from 'node:net';
  import { WebSocket } from 'ws';
  import { test } from ${JSON.stringify(helpers)};

  const request = 'GET / HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n' +
    'Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n';

  test.fail('server', async ({ server }) => {
    connect(server.port, '127.0.0.1').write(request);
    await server.nextConnection();
  });
  test.fail('rawServer', async ({ rawServer }) => {
    connect(rawServer.port, '127.0.0.1').write(request);
    await rawServer.nextPeer();
  });
  test.fail('fails', async ({ server }) => {
    await once(new WebSocket(server.url), 'open');
    throw new Error('mine');
  });`;

const esmFiles = {
  'sub/outcomes.spec.ts': `
import { expect, test } from '@playwright/test';
test.describe.configure({ retries: 1 });
test('passes', () => {});
test.describe('group', () => {
  test('fails', () => {
    expect(1).toBe(2);
  });
});
test.skip('skips', () => {});
test('flakes', ({}, testInfo) => { expect(testInfo.retry).toBe(1); });`,
  'steps.spec.ts': `
import { expect, test } from '@playwright/test';
test('steps', async () => {
  await test.step('outer', async () => {
    expect(1).toBe(1);
  });
});`,
  'attaches.spec.ts': `
    import { writeFileSync } from 'node:fs';
    import { test } from '@playwright/test';
    test('attaches', async ({}, testInfo) => {
      await testInfo.attach('body.json', { body: '{"a":1}', contentType: 'application/json' });
      writeFileSync(testInfo.outputPath('x.txt'), 'by path');
      await testInfo.attach('path.txt', { path: testInfo.outputPath('x.txt') });
    });`,
  'speaks.spec.ts': `
    import { test } from '@playwright/test';
    test('speaks', ({}, testInfo) => {
      testInfo.annotations.push({ type: 'note', description: 'here' });
      console.log('printed');
    });`,
  'options.spec.ts': `
    import { test } from '@playwright/test';
    test('sees options', () => { console.log(process.env.SERVER_URL, test.info().timeout); });
    test('not asked for', () => {});`,
  'variables.spec.ts': `
    import { test } from '@playwright/test';
    test('sees variables', () => { console.log(Object.keys(process.env).filter((name) => process.env[name] === 'outer').join()); });`,
  'package.spec.ts': seesPackage,
  'worker-end.spec.ts': `
    import { test as base } from '@playwright/test';
    const test = base.extend({ ends: [async ({}, use) => { await use(); throw new Error('at its end'); }, { scope: 'worker' }] });
    test('has a worker that ends badly', ({ ends }) => {});`,
  'zz-leaves.spec.ts': leavesOpen,
  'node_modules/plugin/index.js': `export { test } from '@playwright/test';`,
  'node_modules/plugin/package.json': '{ "type": "module", "exports": "./index.js" }',
  'plugin.spec.ts': `
    import { test } from '@playwright/test';
    import { test as same } from 'plugin';
    test('compares', () => { console.log(test === same); });`,
} as const;

test.describe('runInline', () => {
  test.describe.configure({ mode: 'default' }); // One run for all of them.

  let result: InlineResult;

  test.beforeAll(async () => {
    result = await withVariables(['PW_OUTER', 'PLAYWRIGHT_OUTER', 'TEST_OUTER', 'CI', 'NOT_FILTERED'], () =>
      run(esmFiles, {
        ...slowRun,
        args: ['--grep-invert', 'not asked for'],
        env: { SERVER_URL: 'ws://there' },
        config: { timeout: 12_345 },
        html: true,
      }),
    );
  });

  test.afterAll(() => result.remove());

  test('reports passed, failed, skipped and flaky tests', () => {
    expect([result.exitCode, result.passed, result.failed, result.skipped, result.flaky]).toEqual([1, 12, 1, 1, 1]);
    expect(result.tests.map(({ title, status, attempts }) => [title, status, attempts])).toEqual([
      ['attaches', 'passed', 1],
      ['sees options', 'passed', 1],
      ['sees the package', 'passed', 1],
      ['compares', 'passed', 1],
      ['speaks', 'passed', 1],
      ['steps', 'passed', 1],
      ['passes', 'passed', 1],
      ['group > fails', 'failed', 2],
      ['skips', 'skipped', 1],
      ['flakes', 'passed', 2],
      ['sees variables', 'passed', 1],
      ['has a worker that ends badly', 'passed', 1],
      ['server', 'failed', 1],
      ['rawServer', 'failed', 1],
      ['fails', 'failed', 1],
    ]);
  });

  test('reports an error without colours, with its line', () => {
    const [error] = result.test('group > fails').errors;
    expect([error?.message, error?.location]).toEqual([
      'Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1',
      'sub/outcomes.spec.ts:7:15',
    ]);
  });

  test('reports errors outside of tests', () => {
    // Playwright adds which tests the worker ran.
    expect(result.errors.map(({ message }) => message.split('\n')[0])).toEqual(['Error: at its end']);
  });

  test('reports steps with title, category, place and children', () => {
    const outer = result.test('steps').steps.find((step) => step.category === 'test.step');
    const [inner] = outer?.steps ?? [];
    expect([outer?.title, outer?.location, inner?.title, inner?.location]).toEqual([
      'outer',
      // Playwright before 1.61 points at ".step".
      expect.stringMatching(/^steps\.spec\.ts:4:(3|14)$/),
      'Expect "toBe"',
      'steps.spec.ts:5:15',
    ]);
  });

  test('reads attachments made by body and by path', () => {
    expect(result.attachment('body.json')).toMatchObject({ contentType: 'application/json', text: '{"a":1}' });
    expect(result.attachment('path.txt').text).toBe('by path');
    expect(() => result.attachment('none', [result.test('attaches')])).toThrow(
      /^Cannot choose an attachment "none": found 0 among \["body.json","path.txt"\]$/,
    );
  });

  test('reports annotations and what a test printed', () => {
    expect(result.test('speaks')).toMatchObject({
      annotations: [{ type: 'note', description: 'here' }],
      stdout: 'printed\n',
    });
    expect(result.output).toContain('printed');
  });

  test('gives the report of the JSON reporter', () => {
    expect([result.report.stats.expected, result.report.config.workers]).toEqual([12, 1]);
  });

  test('passes arguments, environment and config', () => {
    expect(result.test('sees options').stdout).toBe('ws://there 12345\n');
    expect(result.tests.map(({ title }) => title)).not.toContain('not asked for');
  });

  test('writes the HTML report on demand', async () => {
    expect(await readFile(join(result.htmlReport, 'index.html'), 'utf8')).toContain('<html');
  });

  test('hides the variables of the outer run from the inner one', () => {
    expect(result.test('sees variables').stdout).toBe('NOT_FILTERED\n');
  });

  test('has the package installed, with its files, in a project of layout esm', () => {
    expect(result.test('sees the package').stdout).toBe('playwright-ws false true,true,true\n');
  });

  test('shares one copy of Playwright between the project and the package', () => {
    expect(result.test('compares').stdout).toBe('true\n');
  });

  for (const fixture of ['server', 'rawServer']) {
    test(`${fixture} fails a test that leaves a connection open`, () => {
      const messages = result.test(fixture).errors.map((error) => error.message.replace(/:\d+$/, ':0'));
      expect(messages).toEqual([
        'Error: Close every connection before the test ends. Left open: 1 of ws://127.0.0.1:0',
      ]);
    });
  }

  test('server adds nothing to a test that failed', () => {
    expect(result.test('fails').errors.map((error) => error.message)).toEqual(['Error: mine']);
  });
});

test.describe('runInline with a config of the project', () => {
  test.describe.configure({ mode: 'default' }); // One run for all of them.

  let result: InlineResult;

  test.beforeAll(async () => {
    const config = `export default { projects: [{ name: 'mine' }], reporter: 'line' };`;
    const files = { 'playwright.config.ts': config, 'package.spec.ts': seesPackage };
    result = await run(files, { ...slowRun, layout: 'commonjs' });
  });

  test.afterAll(() => result.remove());

  test('runs with it', () => {
    expect([result.test('sees the package').project, result.exitCode]).toEqual(['mine', 0]);
  });

  test('has the package installed, with its files, in a project of layout commonjs', () => {
    expect(result.test().stdout).toBe('playwright-ws true true,true,true\n');
  });

  test('writes no HTML report unasked, and removes its project', async () => {
    expect([existsSync(result.folder), existsSync(result.htmlReport)]).toEqual([true, false]);
    await result.remove();
    expect(existsSync(result.folder)).toBe(false);
  });
});

/** Runs it with variables of the value `outer`, and puts back what they were. */
async function withVariables<T>(names: readonly string[], body: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  try {
    for (const name of names) process.env[name] = 'outer';
    return await body();
  } finally {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
