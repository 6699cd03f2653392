// product.md, "Public API": the fixtures and matchers in the user's own `test` and `expect`, in ESM and CommonJS.
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

for (const layout of ['esm', 'commonjs'] as const) {
  test(`test and expect can be extended and merged in a project of layout ${layout}`, async ({
    runInline,
    startServer,
  }) => {
    const server = await startServer(peer);
    const result = await runInline(files, { ...slowRun, layout, config: { use: { baseURL: server.httpUrl } } });
    for (const title of ['short', 'extend', 'merge', 'further', 'base expect']) {
      expect(errorsOf(result, title), title).toEqual([
        expect.stringMatching(
          /^\S+:\d+:15 WebSocketError: The test ended, and waitForMessage at \S+ was not awaited\n/,
        ),
      ]);
    }
    expect(errorsOf(result, 'poll and toPass')).toEqual([]);
    expect([result.errors, result.exitCode]).toEqual([[], 0]);
  });
}

test('options in the config are those of its project', async ({ runInline, startServer }) => {
  const server = await startServer(peer);
  const result = await runInline(
    {
      'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import type { WsTestOptions } from 'playwright-ws';
      export default defineConfig<WsTestOptions>({
        workers: 1,
        use: { baseURL: '${server.httpUrl}', wsOptions: { headers: { 'x-from': 'config' } } },
        projects: [
          { name: 'plain' },
          { name: 'own', use: { wsReport: 'off', wsOptions: { headers: { 'x-from': 'project' }, findings: { uncalledHandler: false } } } },
        ],
      });`,
      'a.spec.ts': `
      import { test } from 'playwright-ws';
      test('reads', async ({ ws }, testInfo) => {
        const client = await ws.connect('/silent/' + testInfo.project.name);
        if (testInfo.project.name === 'own') client.on('message', () => {});
      });`,
    },
    slowRun,
  );
  expect(server.connections.map(({ path, request }) => [path, request.headers['x-from']])).toEqual([
    ['/silent/plain', 'config'],
    ['/silent/own', 'project'],
  ]);
  const attached = result.tests.map(({ attachments, status }) => [status, attachments.length > 0]);
  expect(attached).toEqual([
    ['passed', true],
    ['passed', false],
  ]);
});
