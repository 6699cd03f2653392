import { type FaultRow, within } from './matrix.ts';

// Tests of users to which something happens around their connections: one run of Playwright for all of them.

/** A test of a user, what happens to it, and what its report says. */
export interface AroundRow {
  readonly fault: string;
  /** Body of the test; its first line is line 4 of the file. */
  readonly body: string;
  /** Code on line 2, before the test. */
  readonly before?: string;
  /** Parameter of the test function. Default: `{ ws }`. */
  readonly fixtures?: string;
  readonly status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'flaky';
  /** Whole errors of the test, in order; `FILE` is its file, `URL` that of the server. */
  readonly errors: readonly string[];
  readonly within?: FaultRow['within'];
}

/** Milliseconds of every test: those that hang use all of it. */
export const testTimeout = 1000;

/** Enough for a connect on a busy machine. */
const untilTimeout = within("the test's own timeout", testTimeout);

const connect = `const client = await ws.connect('/echo');`;
const leave = `client.on('message', () => {});`;
const mended = (...kinds: readonly string[]): string =>
  `\n\nMend it, or switch the check off: wsOptions: { findings: { ${kinds.map((kind) => `${kind}: false`).join(', ')} } }`;
const uncalled = (line: number, name = '/echo'): string =>
  `the handler of "message" at FILE:${line} was never called: "${name}" received no message after it was added\n  Pass { optional: true } if that is right${mended('uncalledHandler')}`;
const neverCame = (state: string, ended: string, call = 'expect(client).toReceiveMessage(expected)'): string =>
  `${call} failed

Client:   /echo (URL/echo), ${state}
Expected: "never"
Received: nothing
${ended}

Call log:
  - no frames`;
const timedOut = `Test timeout of ${testTimeout}ms exceeded.`;

/** The rows whose test fails as expected, or passes, or is skipped: the run keeps its worker. */
export const rows: readonly AroundRow[] = [
  {
    fault: 'The test fails, and leaves what would be a finding',
    body: `${connect}\n  ${leave}\n  expect(1).toBe(2);`,
    status: 'failed',
    errors: ['Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1'],
  },
  {
    fault: 'The test fails softly, twice, and goes on',
    body: `${connect}\n  await expect.soft(client).toBeClosed({ code: 4000, timeout: 1 });\n  await expect.soft(client).toHaveSubprotocol('chat');\n  await client.request('still', 'still');`,
    status: 'failed',
    within: within('`timeout` of each matcher', 1),
    errors: [
      `Error: expect(client).toBeClosed() failed

Client:   /echo (URL/echo), open for N ms
Expected: closed with 4000
Received: open
Timeout:  1ms

Call log:
  - no frames`,
      `Error: expect(client).toHaveSubprotocol(name) failed

Client:   /echo (URL/echo), open for N ms
Expected: subprotocol "chat"
Received: no subprotocol

Call log:
  - no frames`,
    ],
  },
  {
    fault: 'The test times out while it waits for a message',
    body: `${connect}\n  await expect(client).toReceiveMessage('never', { timeout: 0 });`,
    status: 'timedOut',
    within: untilTimeout,
    errors: [
      timedOut,
      `Error: ${neverCame('open for N ms', "Ended:    by the test's own timeout, after N ms of waiting")}`,
    ],
  },
  {
    fault: 'The test is skipped in its body, with a connection open',
    body: `${connect}\n  ${leave}\n  test.skip(true, 'later');`,
    status: 'skipped',
    errors: [],
  },
  {
    fault: 'A fixture throws before `ws`',
    before: `const test = base.extend<{ early: void }>({ early: async ({}, use) => { throw new Error('thrown early'); } });`,
    fixtures: '{ early, ws }',
    body: connect,
    status: 'failed',
    errors: ['Error: thrown early'],
  },
  {
    fault: 'A fixture throws after it connected',
    before: `const test = base.extend<{ late: void }>({ late: async ({ ws }, use) => { (await ws.connect('/echo')).on('message', () => {}); throw new Error('thrown late'); } });`,
    fixtures: '{ late }',
    body: '',
    status: 'failed',
    errors: ['Error: thrown late'],
  },
  {
    fault: 'A fixture that uses `ws` throws in its teardown',
    before: `const test = base.extend<{ user: void }>({ user: async ({ ws }, use) => { await use(); throw new Error('thrown in teardown'); } });`,
    fixtures: '{ ws, user }',
    body: `${connect}\n  ${leave}`,
    status: 'failed',
    errors: ['Error: thrown in teardown'],
  },
  {
    fault: 'A fixture that uses `ws` hangs in its teardown',
    before: `const test = base.extend<{ user: void }>({ user: async ({ ws }, use) => { await use(); await new Promise(() => {}); } });`,
    fixtures: '{ ws, user }',
    body: `${connect}\n  ${leave}`,
    status: 'timedOut',
    within: untilTimeout,
    errors: [`Tearing down "user" exceeded the test timeout of ${testTimeout}ms.`],
  },
  {
    fault: 'A `beforeAll` hook connects, and a test uses the client',
    before: `let shared: WebSocketClient; test.beforeAll(async ({ ws }) => { shared = await ws.connect('/echo', { name: 'shared' }); });`,
    fixtures: '{}',
    body: `await shared.send('x');`,
    status: 'failed',
    errors: [
      'ConnectionClosedError: Cannot use "shared" at FILE:4: the test or hook that connected it at FILE:2 has ended, and its clients with it. Connect in the test, or use `workerWs` for connections that tests share',
    ],
  },
  {
    fault: 'An `afterAll` hook leaves a handler that was never called',
    before: `test.afterAll(async ({ ws }) => { (await ws.connect('/echo')).on('message', () => {}); });`,
    body: '',
    status: 'failed',
    errors: [`WebSocketError: The test ended, and ${uncalled(2)}`],
  },
  {
    fault: 'A client of the worker is left open by all tests',
    fixtures: '{ workerWs }',
    body: `const shared = await workerWs.connect('/echo', { name: 'of the worker' });\n  await shared.request('x', 'x');`,
    status: 'passed',
    errors: [],
  },
  {
    fault: 'A client of the worker is left with a handler that was never called',
    fixtures: '{ workerWs }',
    body: `const shared = await workerWs.connect('/echo', { name: 'of the worker too' });\n  shared.on('message', () => {});`,
    status: 'failed',
    errors: [`WebSocketError: The test ended, and ${uncalled(5, 'of the worker too')}`],
  },
  {
    fault: 'The user forgets every `await` behind `connect`',
    body: `${connect}
  void client.send('sent');
  void client.ping();
  void client.waitForMessage({ type: 'a' });
  void client.request('b', 'c');
  void expect(client).toReceiveMessage('d');
  void client.close();`,
    status: 'failed',
    errors: [
      `Error: toReceiveMessage at FILE:9 was not awaited

Client:   /echo (URL/echo), open for N ms
Expected: "d"
Received: nothing

Call log:
  - sent  +N ms  text 4 B  sent
  - sent  +N ms  ping 15 B  playwright-ws 1
  - sent  +N ms  text 1 B  b
  - sent  +N ms  close 2 B  1000`,
      `WebSocketError: The test ended, and left 5 findings:
  1. send at FILE:5 was not awaited
  2. ping at FILE:6 was not awaited
  3. waitForMessage at FILE:7 was not awaited
  4. request at FILE:8 was not awaited
  5. close at FILE:10 was not awaited${mended('pendingWait')}`,
    ],
  },
  {
    fault: 'The user forgets to await `connect`',
    body: `void ws.connect('/echo');`,
    status: 'failed',
    errors: [`WebSocketError: The test ended, and connect at FILE:4 was not awaited${mended('pendingWait')}`],
  },
  {
    fault: 'A handler throws',
    body: `${connect}\n  client.on('message', () => {\n    throw new Error('thrown in a handler');\n  });\n  await client.request('x', 'x');`,
    status: 'failed',
    errors: [
      `WebSocketError: The test ended, and the handler of "message" at FILE:5 threw: thrown in a handler${mended('handlerError')}`,
    ],
  },
  {
    fault: 'A handler rejects',
    body: `${connect}\n  client.on('message', async () => {\n    throw new Error('rejected in a handler');\n  });\n  await client.request('x', 'x');`,
    status: 'failed',
    errors: [
      `WebSocketError: The test ended, and the handler of "message" at FILE:5 threw: rejected in a handler${mended('handlerError')}`,
    ],
  },
  {
    fault: 'The `signal` of a client aborts while a matcher waits',
    body: `const controller = new AbortController();
  const client = await ws.connect('/echo', { signal: controller.signal });
  setImmediate(() => controller.abort(new Error('enough')));
  await expect(client).toReceiveMessage('never');`,
    status: 'failed',
    errors: [`Error: ${neverCame('closed', 'Closed:   1006 Abnormal closure, by the client, after N ms of waiting')}`],
  },
  {
    fault: 'The `signal` of a matcher aborts',
    body: `${connect}
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('enough')));
  await expect(client).toReceiveMessage('never', { signal: controller.signal });`,
    status: 'failed',
    errors: [`Error: ${neverCame('open for N ms', 'Aborted:  enough')}`],
  },
  {
    fault: 'The `signal` of a wait aborts',
    body: `${connect}
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('enough')));
  await client.waitForMessage('never', { signal: controller.signal });`,
    status: 'failed',
    errors: [`WaitAbortedError: ${neverCame('open for N ms', 'Aborted:  enough', 'client.waitForMessage(expected)')}`],
  },
  {
    fault: 'A first attempt leaves a finding, and the retry does not',
    before: `test.describe.configure({ retries: 1 });`,
    body: `${connect}\n  if (test.info().retry === 0) ${leave}`,
    status: 'flaky',
    errors: [],
  },
];
