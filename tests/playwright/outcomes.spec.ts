// product.md, "Judged at the end of the test": what findings do to tests that failed, were skipped or retried. A run that is
// interrupted is in tests/faults/around.spec.ts.
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, evidence, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const leaveFindings = `const client = await ws.connect('/close');
  client.on('message', () => {});
  await client.send('4001');
  await client.closed;`;

/** Title -> body of a test that fails by itself, and leaves what would be findings. */
const failing: Readonly<Record<string, string>> = {
  failed: `${leaveFindings}
  expect(1).toBe(2);`,
  'failed softly': `${leaveFindings}
  expect.soft(1).toBe(2);`,
  'failed a matcher softly, twice': `const client = await ws.connect('/silent');
  client.on('message', () => {});
  await expect.soft(client).toReceiveMessage('a', { timeout: 1 });
  await expect.soft(client).toReceiveMessage('b', { timeout: 1 });`,
  'failed in Promise.all': `const client = await ws.connect('/silent');
  await Promise.all([
    expect(client).toReceiveMessage('a', { timeout: 1 }),
    expect(client).toReceiveMessage('b', { timeout: 60_000 }),
    client.waitForMessage('c', { timeout: 60_000 }),
    client.waitForMessage('d', { timeout: 2 }),
  ]);`,
  'failed in Promise.all of waits': `const client = await ws.connect('/silent');
  await Promise.all([
    client.waitForMessage('a', { timeout: 1 }),
    client.waitForMessage('b', { timeout: 2 }),
    expect(client).toReceiveMessage('c', { timeout: 60_000 }),
  ]);`,
  'expected to fail, with a finding': leaveFindings,
};

let result: InlineResult;
let server: TestServer;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  server = await startServer(peer);
  result = await runInline(
    Object.assign(
      {},
      ...Object.entries(failing).map(([title, body]) => inlineTest(title, body, { kind: 'fails' })),
      inlineTest('expected to fail, and did not', `await ws.connect('/silent');`, { kind: 'fails' }),
      inlineTest('skipped in its body', `${leaveFindings}\n  test.skip(true, 'later');`),
      {
        'skip.spec.ts': `
          import { test } from 'playwright-ws';
          test.skip('skipped statically', async ({ ws }) => { await ws.connect('/silent'); });
          test.fixme('to be fixed', async ({ ws }) => { await ws.connect('/silent'); });`,
        'retry.spec.ts': `
          import { test } from 'playwright-ws';
          test.describe.configure({ retries: 1 });
          test('retried', async ({ ws }, testInfo) => {
            const client = await ws.connect('/silent');
            if (testInfo.retry === 0) client.on('message', () => {});
          });`,
        'serial.spec.ts': `
          import { test } from 'playwright-ws';
          test.describe.serial('serial', () => {
            test('leaves a finding', async ({ ws }) => { (await ws.connect('/silent')).on('message', () => {}); });
            test('depends on it', async ({ ws }) => { await ws.connect('/silent'); });
          });
          test('comes after', async ({ ws }) => { await ws.connect('/silent'); });`,
        'zz-last.spec.ts': `
          import { test } from 'playwright-ws';
          test('leaves the third failure', async ({ ws }) => { (await ws.connect('/silent')).on('message', () => {}); });
          test('is not run any more', async ({ ws }) => { await ws.connect('/silent/stopped'); });`,
      },
    ),
    { ...slowRun, args: ['--max-failures=3'], config: { use: { baseURL: server.httpUrl } } },
  );
});

test('a failed test keeps its own error, and none of its findings', () => {
  expect(errorsOf(result, 'failed')).toEqual([
    'failed.spec.ts:8:13 Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1',
  ]);
});

test('a failed test has its findings as notes in the evidence', () => {
  const texts = (type: string): unknown[] => evidence(result, 'failed', type).map((line) => Object(line).text);
  expect(texts('finding')).toEqual([]);
  expect(texts('note')).toEqual([
    expect.stringMatching(/^"\/close" .* closed with 4001 "as you wish", by the server/),
    expect.stringContaining('the handler of "message" at failed.spec.ts:5 was never called'),
  ]);
});

test('a test with a finding has it as a finding in the evidence', () => {
  expect(evidence(result, 'expected to fail, with a finding', 'note')).toEqual([]);
  expect(evidence(result, 'expected to fail, with a finding', 'finding')).toHaveLength(2);
});

test('a test with a soft failure keeps its own error, and none of its findings', () => {
  expect(errorsOf(result, 'failed softly')).toHaveLength(1);
});

test('a test with two soft failures of matchers has both, each at its line', () => {
  const places = result.test('failed a matcher softly, twice').errors.map(({ location }) => location);
  expect(places).toEqual(['failed-a-matcher-softly-twice.spec.ts:6:29', 'failed-a-matcher-softly-twice.spec.ts:7:29']);
});

test('lost siblings of a failed matcher in Promise.all add nothing', () => {
  const { errors } = result.test('failed in Promise.all');
  expect(errors.map(({ location }) => location)).toEqual(['failed-in-Promise-all.spec.ts:6:20']);
});

test('lost siblings of a failed wait in Promise.all add nothing', () => {
  const { errors } = result.test('failed in Promise.all of waits');
  expect(errors.map(({ location }) => location)).toEqual(['failed-in-Promise-all-of-waits.spec.ts:6:12']);
});

test('a finding is the failure that test.fail expects', () => {
  const { errors, outcome, status } = result.test('expected to fail, with a finding');
  expect([status, outcome, errors.length]).toEqual(['failed', 'expected', 1]);
});

test('test.fail without a failure or a finding fails', () => {
  const { outcome, status } = result.test('expected to fail, and did not');
  expect([status, outcome]).toEqual(['passed', 'unexpected']);
});

test('a test that was skipped in its body is not judged', () => {
  const { errors, status } = result.test('skipped in its body');
  expect([status, errors]).toEqual(['skipped', []]);
});

test('a test that is skipped opens nothing', () => {
  for (const title of ['skipped statically', 'to be fixed']) {
    expect(result.test(title)).toMatchObject({ status: 'skipped', errors: [], steps: [], attachments: [] });
  }
});

test('a finding makes a test be retried', () => {
  const { attempts, errors, outcome } = result.test('retried');
  expect([attempts, outcome, errors]).toEqual([2, 'flaky', []]);
});

test('a finding skips the rest of a serial group, and nothing else', () => {
  const status = (title: string): string => result.test(title).status;
  expect(status('serial > leaves a finding')).toBe('failed');
  expect(status('serial > depends on it')).toBe('skipped');
  expect(status('comes after')).toBe('passed');
});

test('a finding counts for --max-failures', () => {
  expect(result.failed).toBe(3);
  expect([result.test('leaves the third failure').status, result.test('is not run any more').status]).toEqual([
    'failed',
    'skipped',
  ]);
  expect(server.connections.map(({ path }) => path)).not.toContain('/silent/stopped');
});
