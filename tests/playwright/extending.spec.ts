// product.md, "Public API": the fixtures and matchers in the user's own `test` and `expect`, in ESM and CommonJS.
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ timeout: slowTestMs });

const body = `
  const client = await ws.connect('/echo');
  await client.send({ hello: 'world' });
  await expect(client).toReceiveMessage({ hello: 'world' });
  await expect(client).not.toReceiveMessage('x', { quietFor: 1 });
  await expect.soft(client).toBeOpen();
  await expect.configure({ timeout: 1000 })(client).toHaveSentMessage({ hello: 'world' });
  expect([1]).toHaveLength(1);
  void client.waitForMessage('never');`;

const files = {
  'short.spec.ts': `
    import { test, expect } from 'playwright-ws';
    test.fail('short', async ({ ws }) => {${body}
    });`,
  'extend.spec.ts': `
    import { test as base, expect as baseExpect } from '@playwright/test';
    import { fixtures, matchers } from 'playwright-ws';
    const test = base.extend(fixtures);
    const expect = baseExpect.extend(matchers);
    test.fail('extend', async ({ ws }) => {${body}
    });`,
  'merge.spec.ts': `
    import { test as base, expect as baseExpect, mergeTests, mergeExpects } from '@playwright/test';
    import { test as wsTest, expect as wsExpect } from 'playwright-ws';
    const own = base.extend<{ number: number }>({ number: 7 });
    const ownExpect = baseExpect.extend({ toBeSeven: (found: number) => ({ pass: found === 7, message: () => 'seven' }) });
    const test = mergeTests(own, wsTest);
    const expect = mergeExpects(ownExpect, wsExpect);
    test.fail('merge', async ({ ws, number }) => {
      expect(number).toBeSeven();${body}
    });`,
  'further.spec.ts': `
    import { test as base, expect, type WebSocketClient } from 'playwright-ws';
    const test = base.extend<{ echo: WebSocketClient }>({ echo: async ({ ws }, use) => use(await ws.connect('/echo')) });
    test.fail('further', async ({ ws, echo }) => {
      expect(ws.clients).toEqual([echo]);${body}
    });`,
  'base.spec.ts': `
    import { expect } from '@playwright/test';
    import { test } from 'playwright-ws';
    test.fail('base expect', async ({ ws }) => {
      expect({ a: 1 }).toMatchObject({ a: expect.any(Number) });
      await expect.poll(() => 1).toBe(1);
      await expect(ws.connect('/refuse')).rejects.toThrow('401');${body}
    });`,
  'poll.spec.ts': `
    import { test, expect } from 'playwright-ws';
    test('poll and toPass', async ({ ws }) => {
      const client = await ws.connect('/greet');
      await expect.poll(() => client.messages.length).toBe(1);
      await expect(async () => { await expect(client).toReceiveMessage({ type: 'hello' }, { timeout: 50 }); }).toPass();
      expect(expect.any(Number).asymmetricMatch(1)).toBe(true);
    });`,
};

/** A config of the project's own, and what it does to a test in each of its projects. */
const withOptions = {
  'playwright.config.ts': `
    import { defineConfig } from '@playwright/test';
    import type { WsTestOptions } from 'playwright-ws';
    const own = { headers: { 'x-from': 'project' }, findings: { uncalledHandler: false } };
    export default defineConfig<WsTestOptions>({
      workers: 1,
      use: { baseURL: process.env.SERVER_URL, wsOptions: { headers: { 'x-from': 'config' } } },
      projects: [
        { name: 'plain' },
        { name: 'own', testMatch: 'options.spec.ts', use: { wsReport: 'off', wsOptions: own } },
      ],
    });`,
  'options.spec.ts': `
    import { test } from 'playwright-ws';
    test('reads', async ({ ws }, testInfo) => {
      const client = await ws.connect('/silent/' + testInfo.project.name);
      if (testInfo.project.name === 'own') client.on('message', () => {});
    });`,
};

test.describe(() => {
  test.describe.configure({ mode: 'default' }); // One run for all of them.

  let result: InlineResult;
  let server: TestServer;

  test.beforeAll(async ({ runInline, startServer }) => {
    server = await startServer(peer);
    result = await runInline({ ...files, ...withOptions }, { ...slowRun, env: { SERVER_URL: server.httpUrl } });
  });

  test('test and expect can be extended and merged in a project of layout esm', () => {
    expectExtended(result);
  });

  test('options in the config are those of its project', () => {
    const handshakes = server.handshakes.filter(({ url }) => /plain|own/.test(url ?? ''));
    expect(handshakes.map(({ headers, url }) => [url, headers['x-from']])).toEqual([
      ['/silent/plain', 'config'],
      ['/silent/own', 'project'],
    ]);
    const read = result.tests.filter(({ title }) => title === 'reads');
    expect(read.map(({ attachments, project, status }) => [project, status, attachments.length > 0])).toEqual([
      ['plain', 'passed', true],
      ['own', 'passed', false],
    ]);
  });
});

test('test and expect can be extended and merged in a project of layout commonjs', async ({
  runInline,
  startServer,
}) => {
  const { httpUrl } = await startServer(peer);
  const config = { use: { baseURL: httpUrl } };
  expectExtended(await runInline(files, { ...slowRun, layout: 'commonjs', config }));
});

function expectExtended(result: InlineResult): void {
  for (const title of ['short', 'extend', 'merge', 'further', 'base expect']) {
    expect(errorsOf(result, title), title).toEqual([
      expect.stringMatching(/^\S+:\d+:15 WebSocketError: The test ended, and waitForMessage at \S+ was not awaited\n/),
    ]);
  }
  expect(errorsOf(result, 'poll and toPass')).toEqual([]);
  expect([result.errors, result.exitCode]).toEqual([[], 0]);
}
