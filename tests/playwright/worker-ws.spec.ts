// product.md, "`ws` fixture": `workerWs`, connections that the tests of a worker share.
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, evidence, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

let result: InlineResult;
let server: TestServer;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  server = await startServer(peer);
  result = await runInline(
    {
      'fixture.spec.ts': `
import { test as base, expect, type WebSocketClient } from 'playwright-ws';
const test = base.extend<{}, { shared: WebSocketClient }>({
  shared: [async ({ workerWs }, use) => use(await workerWs.connect('/echo/shared', { name: 'shared' })), { scope: 'worker' }],
});
test('first', async ({ shared }) => {
  await shared.send('one');
  await shared.request('end', 'end');
});

test('second', async ({ shared }) => {
  await expect(shared).toHaveReceivedMessageCount(0);
  await expect(shared).not.toReceiveMessage('one', { fence: true });
  await shared.request('two', 'two');
});
test.fail('third', async ({ shared }) => {
  void shared.waitForMessage('never');
  shared.on('message', () => {});
});
test('fourth', async ({ shared }) => {
  await shared.request('four', 'four');
});
test('fifth', async () => {});
test('sixth', async ({ ws, shared }) => {
  await ws.connect('/silent/own');
  console.log(ws.clients.length);
});`,
      'hook.spec.ts': `
import { test, expect, type WebSocketClient } from 'playwright-ws';
let client: WebSocketClient;
test.beforeAll(async ({ workerWs }) => {
  client = await workerWs.connect('/greet/hook', { name: 'of beforeAll' });
  await expect(client).toReceiveMessage({ type: 'hello' });
});
test('uses it', async () => {
  await client.send('x');
  await expect(client).toBeOpen();
});
test.afterAll(({ workerWs }) => console.log(workerWs.clients.includes(client), client.readyState));`,
      'close.spec.ts': `
import { test, expect } from 'playwright-ws';
test.fail('closed', async ({ workerWs }) => {
  const client = await workerWs.connect('/close', { name: 'closing' });
  await client.send('4001');
  await client.closed;
});
test('after it', async ({ workerWs }) => {
  expect(workerWs.clients.find(({ name }) => name === 'closing')?.readyState).toBe(3);
});
test('sees its options', async ({ workerWs, request }) => {
  await request.get('/login');
  await workerWs.connect('/silent/cookie');
});
test.describe(() => {
  test.use({ wsOptions: { headers: { 'x-file': 'yes' } } });
  test('sees its wsOptions', async ({ workerWs }) => { await workerWs.connect('/silent/options'); });
});`,
      'zz-last.spec.ts': `
import { test } from 'playwright-ws';
test('last', async ({ workerWs }) => {});
test.afterAll(async ({ workerWs }) => {
  const client = await workerWs.connect('/silent/late', { name: 'late' });
  void client.waitForMessage('x');
});`,
    },
    { ...slowRun, config: { use: { baseURL: server.httpUrl } } },
  );
});

test('workerWs: a worker fixture of the user connects once, relative to the baseURL of the project', () => {
  expect(server.connections.filter(({ path }) => path === '/echo/shared')).toHaveLength(1);
  expect([result.test('first').status, result.failed]).toEqual(['passed', 0]);
});

test('workerWs: claims and history do not carry over to the next test', () => {
  expect(errorsOf(result, 'second')).toEqual([]);
});

test('workerWs: a test is judged, and what it left pending is rejected', () => {
  expect(errorsOf(result, 'third')).toEqual([
    `fixture.spec.ts:17:15 WebSocketError: The test ended, and left 2 findings:
  1. waitForMessage at fixture.spec.ts:17 was not awaited
  2. the handler of "message" at fixture.spec.ts:18 was never called: "shared" received no message after it was added\n       Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { pendingWait: false, uncalledHandler: false } }`,
  ]);
});

test('workerWs: the test after one with findings is innocent', () => {
  expect(errorsOf(result, 'fourth')).toEqual([]);
});

test('workerWs: a test has its own slice of frames in its evidence', () => {
  const payloads = (title: string): unknown[] => evidence(result, title, 'frame').map((frame) => Object(frame).text);
  expect(payloads('first')).toEqual(['one', 'end', 'one', 'end']);
  expect(payloads('fourth')).toEqual(['four', 'four']);
});

test('workerWs: a test in which nothing happened on its connections has no evidence', () => {
  expect(result.test('fifth').attachments).toEqual([]);
});

test('workerWs: its clients are not those of `ws`', () => {
  const { attachments, stdout } = result.test('sixth');
  const logs = attachments.filter(({ name }) => name === 'websocket.jsonl');
  expect([stdout, logs.length]).toEqual(['1\n', 1]);
});

test('workerWs: a client of beforeAll serves the tests, and is open in afterAll', () => {
  expect(result.test('uses it')).toMatchObject({ status: 'passed', stdout: 'true 1\n' });
});

test('workerWs: what came in beforeAll is in the evidence of the first test', () => {
  const texts = evidence(result, 'uses it', 'frame').map((frame) => Object(frame).text);
  expect(texts).toEqual(['{"type":"hello"}', 'x']);
});

test('workerWs: an unexpected close is a finding of the test in which it came, and of no other', () => {
  expect(errorsOf(result, 'closed')).toEqual([
    `close.spec.ts:4:33 WebSocketError: The test ended, and "closing" (${server.url}/close), connected at close.spec.ts:4, closed with 4001 "as you wish", by the server\n  If that is right, expect it: await expect(client).toBeClosed({ code })

Mend it, or switch the check off: wsOptions: { findings: { unexpectedClose: false } }`,
  ]);
  expect(errorsOf(result, 'after it')).toEqual([]);
});

test('workerWs: connects with the cookies of the test that connects', () => {
  expect(headersOf('/silent/cookie')).toMatchObject({ cookie: 'session=abc' });
});

test('workerWs: connects with the wsOptions of the test that connects', () => {
  expect(headersOf('/silent/options')).toMatchObject({ 'x-file': 'yes' });
});

test('workerWs: what its last afterAll hook left is told at the end of the worker', () => {
  const [error] = result.errors;
  expect([result.errors.length, error?.location]).toEqual([1, 'zz-last.spec.ts:6:15']);
  expect(error?.message).toContain(
    'WebSocketError: The worker ended, and waitForMessage at zz-last.spec.ts:6 was not awaited',
  );
  expect(result.exitCode).toBe(1);
});

test('workerWs: all connections are closed with the worker', async () => {
  const closes = await Promise.all(server.connections.map(({ closed }) => closed));
  expect(closes.map(({ code }) => code)).toEqual(closes.map(({ reason }) => (reason === '' ? 1000 : 4001)));
});

function headersOf(path: string): unknown {
  return server.connections.find((connection) => connection.path === path)?.request.headers;
}
