// product.md, "Time" and "End of test": what happens when the test, a fixture or the server hangs.
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, evidence, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

/** Enough for a connect on a busy machine; a fixture that hangs uses all of it. */
const testTimeout = 1000;

/** On line 4 or below: the time of the test ends with this turn, when what is to hang does so. */
const now = 'test.setTimeout(1);';

const fixturesThatFail = `const test = base.extend<{ above: void; setup: void; broken: void }>({
  above: async ({ ws }, use) => { await use(); await new Promise(() => {}); },
  setup: async ({ ws }, use) => { await ws.connect('/silent/setup'); await new Promise(() => {}); },
  broken: async ({ ws }, use) => { await use(); throw new Error('broken'); },
});`;

let result: InlineResult;
let server: TestServer;
let url = '';

test.beforeAll(async ({ runInline, startRawServer, startServer }) => {
  test.setTimeout(slowTestMs);
  server = await startServer(peer);
  const mute = await startRawServer();
  url = server.url;
  result = await runInline(
    {
      ...inlineTest(
        'matcher',
        `const client = await ws.connect('/greet/matcher');
  await expect(client).toHaveReceivedMessageCount(1);
  ${now}
  await expect(client).toReceiveMessage({ type: 'bye' }, { timeout: 0 });`,
      ),
      ...inlineTest(
        'wait',
        `const client = await ws.connect('/greet/wait');
  ${now}
  await client.waitForMessage({ type: 'bye' }, { timeout: 0 });`,
      ),
      ...inlineTest('connect', `${now}\n  await ws.connect('${mute.url}/x');`),
      ...inlineTest(
        'something else',
        `const client = await ws.connect('/silent/else');
  client.on('message', () => {});
  ${now}
  await new Promise(() => {});`,
      ),
      'fixtures.spec.ts': `
        import { test as base } from 'playwright-ws';
        ${fixturesThatFail}
        test('fixture above hangs', async ({ ws, above }) => { await ws.connect('/silent/above'); });
        test('fixture above hangs in its setup', async ({ setup }) => {});
        test.fail('fixture above throws', async ({ ws, broken }) => { (await ws.connect('/silent/broken')).on('message', () => {}); });
        test.fail('afterEach throws', async ({ ws }) => { (await ws.connect('/silent/each')).on('message', () => {}); });
        test.afterEach(() => { if (test.info().title === 'afterEach throws') throw new Error('thrown in afterEach'); });
        test('next', async ({ ws }) => { await ws.connect('/silent/next'); });`,
      ...inlineTest(
        'deaf servers',
        `test.setTimeout(20_000);
  for (let index = 0; index < 20; index++) await ws.connect('/deaf', { closeTimeout: 200 });`,
      ),
    },
    { ...slowRun, config: { timeout: testTimeout, use: { baseURL: server.httpUrl } } },
  );
  // They do not even see that the client is gone before they read again.
  for (const { request } of server.connections) request.socket.resume();
});

const timedOut = ' Test timeout of 1ms exceeded.';

test('a matcher that is pending when the time of the test runs out is reported at its line, with its frames', () => {
  expect(errorsOf(result, 'matcher')).toEqual([
    timedOut,
    `matcher.spec.ts:7:24 Error: expect(client).toReceiveMessage(expected) failed

Client:   /greet/matcher (${url}/greet/matcher), open for N ms
Expected: {"type": "bye"}
Received: 1 message, none matched
Ended:    by the test's own timeout, after N ms of waiting

Closest: #1, +N ms
  {
-   "type": "bye",
+   "type": "hello",
  }

Call log:
  - #1  +N ms  text  16 B  {"type":"hello"}`,
  ]);
});

test('a wait that is pending when the time of the test runs out is reported at its line', () => {
  const [first, second, ...others] = errorsOf(result, 'wait');
  expect([first, others]).toEqual([timedOut, []]);
  expect(second).toMatch(/^wait\.spec\.ts:6:16 ConnectionClosedError: client\.waitForMessage\(expected\) failed\n/);
  expect(second).toContain("\nEnded:    by the test's own timeout, after N ms of waiting\n");
});

test('a connect that is pending when the time of the test runs out is reported at its line', () => {
  expect(errorsOf(result, 'connect').map((error) => error.replace(/127.0.0.1:\d+/, 'HOST'))).toEqual([
    timedOut,
    `connect.spec.ts:5:12 HandshakeError: Cannot connect to "ws://HOST/x": the opening handshake was aborted: the test's own time ran out`,
  ]);
});

test('a test that timed out in something else keeps its own error, and none of its findings', () => {
  expect(errorsOf(result, 'something else')).toEqual([timedOut]);
});

test('a fixture that hangs above `ws` leaves the clients their end', async () => {
  expect(errorsOf(result, 'fixture above hangs')).toEqual([
    ` Tearing down "above" exceeded the test timeout of ${testTimeout}ms.`,
  ]);
  expect(result.attachment('websocket.jsonl', [result.test('fixture above hangs')]).text).toContain('/silent/above');
  expect(await closeOf('/silent/above')).toBe(1000);
});

test('a fixture that hangs in its setup above `ws` leaves the clients their end', async () => {
  expect(result.test('fixture above hangs in its setup').status).toBe('timedOut');
  expect(await closeOf('/silent/setup')).toBe(1000);
});

test('a fixture that throws above `ws` keeps its error, and the findings are none', async () => {
  const messages = result.test('fixture above throws').errors.map(({ message }) => message);
  expect(messages).toEqual(['Error: broken']);
  expect(await closeOf('/silent/broken')).toBe(1000);
});

test('an afterEach hook that throws keeps its error, and the findings are none', async () => {
  const messages = result.test('afterEach throws').errors.map(({ message }) => message);
  expect(messages).toEqual(['Error: thrown in afterEach']);
  expect(await closeOf('/silent/each')).toBe(1000);
});

test('a test after tests that hung passes', () => {
  expect(result.test('next').status).toBe('passed');
});

test('clients close in parallel, and none waits longer than its closeTimeout for a server that never answers', () => {
  expect(result.test('deaf servers')).toMatchObject({ status: 'passed', errors: [] });
  const begun = evidence(result, 'deaf servers', 'frame').map((frame) => Number(Object(frame).ms));
  const ended = evidence(result, 'deaf servers', 'connection').map((connection) => Number(Object(connection).close.ms));
  expect([begun.length, ended.length]).toEqual([20, 20]);
  // The close frame of the last was on its way before the first gave up.
  expect(Math.max(...begun)).toBeLessThan(Math.min(...ended));
});

test('a run leaves no error outside of its tests', () => {
  expect(result.errors).toEqual([]);
});

/** Close code that the server saw on the connection of this path. */
async function closeOf(path: string): Promise<number | undefined> {
  const connection = server.connections.find((one) => one.path === path);
  return (await connection?.closed)?.code;
}
