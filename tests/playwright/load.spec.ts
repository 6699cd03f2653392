// Load runs and measurements in whole runs of Playwright.
import { text } from '../helpers/failure-text.ts';
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { describeError, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const files = {
  'load.spec.ts': `
    import { test, expect } from 'playwright-ws';
    test('a load', async ({ ws }) => {
      await ws.load({ vus: 2, iterations: 4 }, async (vu) => {
        const client = await vu.connect('/echo');
        await expect(client).toBeOpen();
        await client.request('a', 'a');
        vu.check('is open', true);
      });
    });
    test('measured', async ({ ws }) => {
      const client = await ws.connect('/echo', { name: 'one' });
      await ws.connect('/silent', { name: 'two' });
      await client.request('a', 'a');
      await expect(ws).toMeetThresholds({ ws_sessions: ['count==2'], 'ws_response_time{client:one}': ['count==1'] });
    });
    test('not measured', async ({ ws }) => { await ws.connect('/silent'); });
    test('off', async ({ ws }) => { await ws.load({ iterations: 1 }, () => {}); expect(ws.metrics.ws_sessions.count).toBe(0); });
    test('of a worker', async ({ workerWs }) => {
      await workerWs.load({ iterations: 2 }, async (vu) => { await vu.connect('/silent'); });
    });
    test.describe('failing', () => {
      test.fail();
      test('failed users', async ({ ws }) => {
        await ws.load({ iterations: 1 }, async (vu) => {
          const client = await vu.connect('/echo', { headers: { 'x-auth-token': 's3cret-of-user' } });
          await client.send({ note: 's3cret-of-user', n: 1 });
          await client.waitForMessage({ n: 2 }, { timeout: 20 });
        });
      });
      test('not awaited', async ({ ws }) => {
        test.setTimeout(300_000);
        void ws.load({ duration: '4m' }, async (vu) => { await (await vu.connect('/silent')).stay(200_000); });
      });
      test('too long', async ({ ws }) => {
        test.setTimeout(10_000);
        await ws.load({ duration: '1m' }, () => {});
      });
      test('thresholds of ws', async ({ ws }) => {
        await ws.connect('/silent', { name: 'one' });
        await expect(ws).toMeetThresholds({ 'ws_ping{client:tow}': ['avg<1'] });
      });
    });`,
};

let result: InlineResult;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  const reporter = [['list'], ['playwright-ws/reporter']];
  result = await runInline(files, { ...slowRun, config: { workers: 1, reporter, use: { baseURL: server.httpUrl } } });
});

/** Attachments of a test, without the frames and the summary for the reporter. */
function attachmentsOf(title: string): string[] {
  const names = result.test(title).attachments.map(({ name }) => name);
  return names.filter((name) => !name.includes('websocket'));
}

function messages(title: string): string[] {
  return result.test(title).errors.map((error) => describeError(error));
}

test('load is one step; assertions in it are none', () => {
  const steps = result.test('a load').steps.filter(({ category }) => category === 'test.step' || category === 'expect');

  expect(steps).toEqual([expect.objectContaining({ title: expect.stringMatching(/^Run load/), steps: [] })]);
});

test('load attaches its page and its summary', () => {
  expect(attachmentsOf('a load')).toEqual(['load.html', 'load-summary.txt']);
  const summary = result.attachment('load-summary.txt', [result.test('a load')]).text;
  expect(summary).toContain('✓ is open');
  expect(summary).toMatch(/iterations\.*: 4 /);
});

test('load of workerWs belongs to the test that ran it', () => {
  expect(attachmentsOf('of a worker')).toEqual(['load.html', 'load-summary.txt']);
});

test('metrics.html is attached to a test that looked at its measurements, and to no other', () => {
  expect(attachmentsOf('measured')).toEqual(['metrics.html']);
  expect(attachmentsOf('not measured')).toEqual([]);
});

test('frames of a failed user are in the evidence, without its secrets', () => {
  const { text: lines } = result.attachment('websocket.jsonl', [result.test('failing > failed users')]);

  expect(lines).toContain('/echo (user 1)');
  expect(lines).toContain('waitForMessage');
  expect(lines).not.toContain('s3cret');
});

test("failed load shows what failed at the user's line", () => {
  const [message] = messages('failing > failed users');

  expect(message).toContain(
    text(
      'LoadError: The load run failed',
      '',
      '1 of 1 iterations failed, maxFailures allows none, so the run was stopped:',
      '  - user 1, iteration 0 at load.spec.ts:28: client.waitForMessage(expected) failed',
    ),
  );
  expect(message).not.toContain('s3cret');
});

test('load that nobody awaited ends with its test, which fails', () => {
  expect(messages('failing > not awaited')).toEqual([
    expect.stringContaining('The test ended, and load at load.spec.ts:33 was not awaited'),
  ]);
});

test('load that is longer than its test is refused with the time that it needs', () => {
  expect(messages('failing > too long')).toEqual([
    expect.stringMatching(
      /Cannot run the load: its profile takes 1m00s and gracefulStop 5s, and the test has (9\.\d+|10)s left\n {2}Give it more: test\.setTimeout\((66|67)000\)/,
    ),
  ]);
});

test('thresholds of ws name the clients there are', () => {
  expect(messages('failing > thresholds of ws')).toEqual([
    expect.stringContaining('✗ ws_ping{client:tow}  avg<1  no client "tow"; there is "one"'),
  ]);
});

test('reporter adds up load runs and the other clients', () => {
  expect(result.output).toMatch(/ {4}iterations +\d+, 1 failed\n/);
  expect(result.output).toMatch(/ {4}✓ is open +100\.00%, 4 of 4\n/);
  expect(result.output).toMatch(/ {4}ws_connecting +avg=/);
});
