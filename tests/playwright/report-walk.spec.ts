// A run with everything switched on: the way of a person through its report, from the list of tests to the frames in the
// trace, the screenshots as attachments; and what its traces hold.
import { expect, test } from '@playwright/test';
import { isHostAtLeast } from '../../src/playwright/host-version.ts';
import { faultsOf, PageViewer } from '../viewer/test.ts';
import { linesOf, runOnce, traced } from './evidence-run.ts';
import { Album, openTab, serveFolder, traceNetwork } from './html-report.ts';
import {
  chooseFailedTest,
  findNearest,
  lookAround,
  openAttachments,
  readError,
  readTrace,
  useFilters,
} from './report-stations.ts';

const imports = `import { test, expect } from 'playwright-ws';\n`;
const talk = `
  const orders = await ws.connect('/echo', { name: 'orders', headers: { authorization: 'Bearer secret' } });
  await orders.send({ action: 'subscribe', channel: 'orders' });
  await expect(orders).toReceiveMessage({ action: 'subscribe' });
`;

const run = runOnce(
  {
    'a.spec.ts': `${imports}
test('passes', async ({ ws }) => {
  ${talk}
  const greeter = await ws.connect('/greet', { name: 'greeter' });
  await expect(greeter).toReceiveMessage({ type: 'hello' });
  await orders.send(Buffer.from([1, 2, 3]));
  await orders.ping('are you there');
});
test('uses the clients of the worker', async ({ workerWs }) => {
  const client = await workerWs.connect('/greet');
  await expect(client).toReceiveMessage({ type: 'hello' });
});
test.describe('without', () => {
  test.use({ wsReport: { formats: ['jsonl'] } });
  test('the trace', async ({ ws }) => {${talk}});
});`,
    'orders.spec.ts': `import { test, expect } from 'playwright-ws';
test.use({ wsReport: { formats: ['html', 'jsonl', 'har', 'trace'] } });
test('an order is subscribed to', async ({ ws }) => {
  await expect(ws.connect('/refuse')).rejects.toThrow('401');
  const orders = await ws.connect('/echo', { name: 'orders' });
  await orders.send({ type: 'subscribe', channel: 'orders' });
  await expect(orders).toReceiveMessage({ type: 'subscribe' });
});

test('a paid order is announced', async ({ request, ws }) => {
  const orders = await ws.connect('/echo', { name: 'orders', headers: { authorization: 'Bearer secret' } });
  await request.get('/login');
  const prices = await ws.connect('/greet', { name: 'prices' });
  await orders.send({ type: 'subscribe', channel: 'orders' });
  await expect(orders).toReceiveMessage({ type: 'subscribe' });
  await orders.send(Buffer.from([0, 1, 2, 255]));
  await prices.ping('still there');
  expect(await ws.handshake('/refuse', { name: 'admin' })).toMatchObject({ status: 401 });
  await expect(orders).toMeetThresholds({ ws_connecting: ['max<10000'] });
  await orders.send({ type: 'order', id: 42, status: 'PENDING', items: [{ sku: 'A-1', price: 12.5 }] });
  await expect(orders).toReceiveMessage({ type: 'order', id: 42, status: 'PAID' }, { timeout: 100 });
});
`,
    'retain.spec.ts': `${imports}
test('passes', async ({ ws }) => {${talk}});
test('fails', async ({ ws }) => {${talk}  expect(1).toBe(2);});
test('fails by a finding', async ({ ws }) => {${talk}  orders.on('message', () => {});});`,
    'retry.spec.ts': `${imports}
test('passes', async ({ ws }) => {${talk}});
test('fails once', async ({ ws }, testInfo) => {${talk}  expect(testInfo.retry).toBe(1);});`,
  },
  {
    html: true,
    config: {
      projects: [
        { name: 'on', testMatch: ['a.spec.ts', 'orders.spec.ts'], use: { trace: 'on' } },
        { name: 'retain', testMatch: 'retain.spec.ts', use: { trace: 'retain-on-failure' } },
        { name: 'retry', testMatch: 'retry.spec.ts', retries: 1, use: { trace: 'on-first-retry' } },
      ],
    },
  },
);

test('a report leads from the list of tests to the frames of the one that failed', async ({ page }, testInfo) => {
  test.skip(!isHostAtLeast(65), 'Reads the markup of the report and of the trace viewer of 1.65');
  test.slow();
  await using report = await serveFolder(run().result.htmlReport);
  const album = new Album(testInfo);
  await page.setViewportSize({ width: 1280, height: 800 });

  await test.step('the list of tests', () => chooseFailedTest(page, { album, url: report.url }));
  await test.step('its error', () => readError(page, album));
  await test.step('lines, HAR, error context and metrics', () => openAttachments(page, album));
  await test.step('the page', async () => {
    const link = page.getByRole('link', { name: 'websocket.html' });
    const url = await link.getAttribute('href');
    const tab = await openTab(page, link);
    const viewer = new PageViewer(tab, faultsOf(tab, url ?? ''));
    await useFilters(viewer, album);
    await findNearest(viewer, album);
    await lookAround(viewer, album);
    expect(viewer.faults).toEqual([]);
    await tab.close();
  });
  await test.step('the trace', async () => {
    await page.locator('a[href*="/trace/index.html"]:has(img)').click();
    await readTrace(traceNetwork(page), album);
  });
});

test('a refusal that the test asserted is no problem of its page', () => {
  const connections = linesOf(run().result, 'an order is subscribed to', 'connection');
  expect(connections.map(({ expected, name }) => [name, expected])).toEqual([
    ['/refuse', true],
    ['orders', undefined],
  ]);
});

test.describe("Playwright's trace", () => {
  test('has the connections of a test that passed, with their frames', () => {
    const entries = sockets('on', 'passes');
    expect(entries?.map(({ request, response }) => [new URL(request.url).pathname, response.status])).toEqual([
      ['/echo', 101],
      ['/greet', 101],
    ]);
    expect(entries?.map(({ _webSocketMessages: messages = [] }) => messages.map(shown))).toEqual([
      [
        'send 1 {"action":"subscribe","channel":"orders"}',
        'receive 1 {"action":"subscribe","channel":"orders"}',
        'send 2 AQID',
        expect.stringMatching(/^(send 9|receive 2) /),
        expect.stringMatching(/^(send 9|receive 2|receive 10) /),
        expect.stringMatching(/^(receive 2|receive 10) /),
        'send 8 A+g=',
        'receive 8 A+g=',
      ],
      ['receive 1 {"type":"hello"}', 'send 8 A+g=', 'receive 8 A+g='],
    ]);
  });

  test('has no secret of a handshake', () => {
    expect(JSON.stringify(sockets('on', 'passes'))).not.toContain('Bearer secret');
    expect(JSON.stringify(sockets('on', 'passes'))).toContain('"name":"authorization","value":"***"');
  });

  test('has a refused opening handshake with its status', () => {
    const [refused] = sockets('on', 'an order is subscribed to') ?? [];
    expect([refused.request.url, refused.response.status]).toEqual([`${run().server.url}/refuse`, 401]);
  });

  test('has the slice of a client of the worker', () => {
    expect(sockets('on', 'uses the clients of the worker')?.map(({ request }) => request.url)).toEqual([
      `${run().server.url}/greet`,
    ]);
  });

  test("'retain-on-failure' has them when the test failed, or findings failed it", () => {
    expect(sockets('retain', 'passes')).toBeUndefined();
    expect(sockets('retain', 'fails')).toHaveLength(1);
    expect(sockets('retain', 'fails by a finding')).toHaveLength(1);
  });

  test("'on-first-retry' has them for the retry", () => {
    expect(sockets('retry', 'passes')).toBeUndefined();
    expect(sockets('retry', 'fails once')).toHaveLength(1);
  });

  test("has none when 'trace' is not among the formats", () => {
    expect(sockets('on', 'without > the trace')).toEqual([]);
  });
});

function result(project: string, title: string): ReturnType<ReturnType<typeof run>['result']['test']> {
  const found = run().result.tests.find((one) => one.project === project && one.title === title);
  if (found === undefined) throw new Error(`Cannot find "${title}" of "${project}"`);
  return found;
}

function sockets(project: string, title: string): ReturnType<typeof traced> {
  return traced(result(project, title))?.toSorted((a, b) => a._monotonicTime - b._monotonicTime);
}

function shown({ data, opcode, type }: { type: string; opcode: number; data: string }): string {
  return `${type} ${opcode} ${data}`;
}
