import { expect, test } from '@playwright/test';
import { isHostAtLeast } from '../../src/playwright/host-version.ts';
import { attachedTo, linesOf, runOnce, traced } from './evidence-run.ts';

const greeted = `
  const client = await ws.connect('/greet', { name: 'greeter' });
  await expect(client).toReceiveMessage({ type: 'hello' });
`;
const inFile = (use: string, tests: string): string =>
  `import { test, expect } from 'playwright-ws';\n${use}\n${tests}`;
const passes = `test('passes', async ({ ws }) => {${greeted}});`;

const run = runOnce(
  {
    'default.spec.ts': inFile(
      '',
      `test.describe('default', () => {
        ${passes}
        test('fails', async ({ ws }) => {
          const client = await ws.connect('/greet');
          await expect(client).toReceiveMessage({ type: 'bye' }, { timeout: 100 });
        });
        test('fails by a finding', async ({ ws }) => {${greeted}  client.on('message', () => {});});
        test('has no client', async ({ ws }) => {});
        test('asks for no fixture', () => {});
        test.fail('fails as expected', async ({ ws }) => {${greeted}  expect(1).toBe(2);});
      });`,
    ),
    'off.spec.ts': inFile(`test.use({ wsReport: 'off' });`, `test.describe('off', () => {${passes}});`),
    'retain.spec.ts': inFile(
      `test.use({ wsReport: 'retain-on-failure' });`,
      `test.describe('retain', () => {
        ${passes}
        test('fails', async ({ ws }) => {${greeted}  expect(1).toBe(2);});
        test('fails by a finding', async ({ ws }) => {${greeted}  client.on('message', () => {});});
      });`,
    ),
    'retry.spec.ts': inFile(
      `test.use({ wsReport: 'on-first-retry' });`,
      `test.describe('retry', () => {
        test.describe.configure({ retries: 1 });
        ${passes}
        test('is flaky', async ({ ws }, testInfo) => {${greeted}  expect(testInfo.retry).toBe(1);});
      });`,
    ),
    'formats.spec.ts': inFile(
      `test.use({ wsReport: { formats: ['har'] } });`,
      `test.describe('formats', () => {${passes}});`,
    ),
    'none.spec.ts': inFile(`test.use({ wsReport: { formats: [] } });`, `test.describe('none', () => {${passes}});`),
    'limits.spec.ts': inFile(
      `test.use({ wsReport: { limits: { headFrames: 1, tailFrames: 1 } } });`,
      `test.describe('limits', () => {
        test('passes', async ({ ws }) => {
          const client = await ws.connect('/echo');
          for (const text of ['1', '2', '3']) await client.send(text);
          await expect(client).toReceiveMessages(['1', '2', '3']);
          await client.close();
        });
      });`,
    ),
    'wrong.spec.ts': inFile(
      `test.use({ wsReport: { formats: ['pdf'] } });`,
      `test.describe('wrong', () => {${passes.replace('test', 'test.fail')}
        test('has no client', () => {});
      });`,
    ),
  },
  { config: { fullyParallel: true } },
);

function attached(title: string): string[] {
  return attachedTo(run().result.test(title)).filter((name) => name !== 'error-context');
}

const usual = ['websocket.html', 'websocket.jsonl'];
const all = [...usual, 'websocket.har'];

test.describe('wsReport', () => {
  test('attaches the page and the lines to a test that passed', () => {
    expect(attached('default > passes')).toEqual(usual);
  });

  test('attaches HAR too when the test failed', () => {
    expect(attached('default > fails')).toEqual(all);
    expect(attached('default > fails by a finding')).toEqual(all);
  });

  test('attaches no HAR to a test that failed as expected', () => {
    expect(attached('default > fails as expected')).toEqual(usual);
  });

  test('attaches nothing to a test without clients', () => {
    expect(attached('default > has no client')).toEqual([]);
    expect(attached('default > asks for no fixture')).toEqual([]);
  });

  test('attaches the page by path, so that it opens in a tab', () => {
    const { contentType, path, text } = run().result.attachment('websocket.html', [
      run().result.test('default > passes'),
    ]);
    expect({ contentType, hasPath: path !== undefined }).toEqual({ contentType: 'text/html', hasPath: true });
    expect(text).toContain('<title>default.spec.ts › default › passes</title>');
    expect(text).toMatch(/<\/html>\s*$/);
  });

  test("'off' attaches nothing, and keeps the steps", () => {
    const { annotations, attachments, steps } = run().result.test('off > passes');
    expect(attachments).toEqual([]);
    expect(annotations).toEqual([]);
    expect(steps.map(({ title }) => title)).toContainEqual(expect.stringMatching(/^Connect WebSocket/));
  });

  test("'retain-on-failure' attaches to tests that failed alone", () => {
    expect(attached('retain > passes')).toEqual([]);
    expect(attached('retain > fails')).toEqual(all);
    expect(attached('retain > fails by a finding')).toEqual(all);
  });

  test("'on-first-retry' attaches to the retry alone", () => {
    expect(attached('retry > passes')).toEqual([]);
    expect(attached('retry > is flaky')).toEqual(usual);
    expect(run().result.test('retry > is flaky').attempts).toBe(2);
  });

  test('with formats attaches those alone', () => {
    expect(attached('formats > passes')).toEqual(['websocket.har']);
    expect(attached('none > passes')).toEqual([]);
  });

  test('with limits writes that many frames and tells what was left out', () => {
    expect(linesOf(run().result, 'limits > passes', 'frame')).toHaveLength(2);
    const [cut] = linesOf(run().result, 'limits > passes', 'cut');
    expect(cut).toMatchObject({ connection: '/echo', frames: 6 });
  });

  test('that is not allowed fails the tests that use clients, and those alone', () => {
    expect(
      run()
        .result.test('wrong > passes')
        .errors.map(({ message }) => message),
    ).toEqual([
      `TypeError: Invalid option "formats.0" of wsReport: expected 'html', 'jsonl', 'har' or 'trace', found "pdf"`,
    ]);
    expect(run().result.test('wrong > has no client').status).toBe('passed');
  });
});

test('error-context.md has the frames of a failed assertion', () => {
  test.skip(!isHostAtLeast(60), 'Older Playwright does not attach it to tests without a page');
  const { text } = run().result.attachment('error-context', [run().result.test('default > fails')]);
  expect(text).toContain('-   "type": "bye",');
  expect(text).toMatch(/- #1 {2}\+[\d ]+ ms {2}text {2}16 B {2}\{"type":"hello"\}/);
});

test('a failed test without a trace has none of ours', () => {
  expect(traced(run().result.test('default > fails'))).toBeUndefined();
});
