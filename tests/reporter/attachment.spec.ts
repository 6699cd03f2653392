// What each test leaves for the reporter.
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { peer } from '../playwright/peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const files = {
  'modes.spec.ts': `
    import { test } from 'playwright-ws';
    for (const wsReport of ['off', 'on', 'retain-on-failure', 'on-first-retry'] as const) {
      test.describe(wsReport, () => {
        test.use({ wsReport });
        test('connects', async ({ ws }) => { await ws.connect('/silent'); });
      });
    }`,
  'owners.spec.ts': `
    import { test } from 'playwright-ws';
    test('without clients', async ({ ws }) => { ws.mark(); });
    test('a failing test', async ({ ws }) => {
      test.fail();
      await (await ws.connect('/silent')).send('1');
      throw new Error('on purpose');
    });
    test.describe('worker', () => {
      test.describe.configure({ mode: 'serial' });
      test('first', async ({ workerWs }) => { await (await workerWs.connect('/silent')).send('1'); });
      test('second', async ({ workerWs }) => { await workerWs.clients[0].send('22'); });
      test('quiet', async () => {});
      test('own clients too', async ({ workerWs, ws }) => {
        await workerWs.clients[0].send('333');
        await (await ws.connect('/silent')).send('4444');
      });
      test('a finding', async ({ workerWs }) => {
        test.fail();
        workerWs.clients[0].on('message', () => {});
        await workerWs.clients[0].send('55555');
      });
    });
    test.describe('hook', () => {
      test.beforeAll(async ({ ws }) => { await (await ws.connect('/silent')).send('1'); });
      test('the first test', async () => {});
    });`,
};

let result: InlineResult;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  result = await runInline(files, { ...slowRun, config: { reporter: [['list']], use: { baseURL: server.httpUrl } } });
  expect(result.failed).toBe(0);
});

const connected = { connections: 1, messages: { sent: 0, received: 0 }, bytes: { sent: 0, received: 0 } };

test('summary is attached whenever evidence may be', () => {
  expect(summariesOf('on > connects')).toMatchObject([connected]);
  expect(summariesOf('retain-on-failure > connects')).toMatchObject([connected]);
  expect(summariesOf('on-first-retry > connects')).toMatchObject([connected]);
  expect(result.test('retain-on-failure > connects').attachments).toHaveLength(1);
});

test("summary is not attached with 'off'", () => {
  expect(result.test('off > connects').attachments).toEqual([]);
});

test('summary is whole', () => {
  const once = { count: 1, sum: expect.any(Number), min: expect.any(Number), max: expect.any(Number) };
  const sample = { ...once, buckets: [[expect.any(Number), 1]] };
  expect(summariesOf('on > connects')).toEqual([
    {
      version: 1,
      ...connected,
      failedHandshakes: 0,
      abnormalCloses: 0,
      slowestReplies: [],
      trends: { ws_connecting: sample, ws_session_duration: sample },
    },
  ]);
});

test('summary belongs to no step: none would have a link to what reports do not show', () => {
  const steps = JSON.stringify(result.test('on > connects').steps);

  expect(steps).toContain('websocket.jsonl');
  expect(steps).not.toContain('_websocket-summary');
});

test('summary is not attached to a test without clients', () => {
  expect(summariesOf('without clients')).toEqual([]);
});

test('summary of a failing test is attached', () => {
  expect(summariesOf('a failing test')).toMatchObject([{ connections: 1, bytes: { sent: 1 } }]);
});

test('summaries of the tests of a worker have each event once', () => {
  expect(summariesOf('worker > first')).toMatchObject([{ connections: 1, bytes: { sent: 1 } }]);
  expect(summariesOf('worker > second')).toMatchObject([{ connections: 0, bytes: { sent: 2 } }]);
  expect(summariesOf('worker > quiet')).toEqual([]);
});

test('summary of a test that its worker clients fail is attached', () => {
  expect(result.test('worker > a finding').errors).toHaveLength(1);
  expect(summariesOf('worker > a finding')).toMatchObject([{ connections: 0, bytes: { sent: 5 } }]);
});

test('summaries of the clients of a test and of its worker are apart', () => {
  expect(summariesOf('worker > own clients too')).toMatchObject([
    { connections: 1, bytes: { sent: 4 } },
    { connections: 0, bytes: { sent: 3 } },
  ]);
});

test('summary of a hook belongs to the test that it ran for', () => {
  expect(summariesOf('hook > the first test')).toMatchObject([{ connections: 1, bytes: { sent: 1 } }]);
});

function summariesOf(title: string): unknown[] {
  const { attachments } = result.test(title);
  const summaries = attachments.filter(({ name }) => name === '_websocket-summary.json');
  return summaries.map(({ body = '' }): unknown => JSON.parse(Buffer.from(body, 'base64').toString('utf8')));
}
