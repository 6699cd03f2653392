import { type ExampleServer, startExampleServer } from '../helpers/example-server.ts';
import { closedPort } from '../helpers/listening.ts';
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test as base } from '../helpers/test.ts';
import { styles, unawaited } from './styles.ts';

const test = base.extend<{}, { app: ExampleServer }>({
  app: [
    async ({}, use) => {
      const app = await startExampleServer();
      await use(app);
      await app.stop();
    },
    { scope: 'worker' },
  ],
});

/** Why each test failed, without what differs from run to run: ports, times, and whether greeting or send came first. */
function reasonsOf({ exitCode, tests }: InlineResult): unknown {
  const reasons = tests.map(({ errors, title }) => [title, errors.map(({ message }) => steady(message))]);
  return { exitCode, ...Object.fromEntries(reasons) };
}

function steady(message: string): string {
  return message
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/ +\+\d+ ms/g, ' +N ms')
    .replaceAll(/\d+ ms/g, 'N ms')
    .replace(/(?<=Call log:\n)[^]+/, (log) => log.split('\n').sort().join('\n'));
}

test('four servers: a correct echo passes in each style', async ({ app, runInline }) => {
  const result = await runInline(styles, { env: { CHECKED_URL: `${app.url}/echo` } });
  expect(reasonsOf(result)).toEqual({
    exitCode: 0,
    matcher: [],
    'handlers of a client': [],
    'listeners of a socket': [],
  });
});

const unmet = `- Expected  - 2
+ Received  + 2

  Object {
-   "action": "subscribe",
-   "channel": "updates",
+   "action": "unsubscribe",
+   "channel": "nothing",
  }

Mend it, or switch the check off: wsOptions: { findings: { handlerError: false } }`;

test('four servers: a wrong object fails in each style', async ({ app, runInline }) => {
  const result = await runInline(styles, { env: { CHECKED_URL: `${app.url}/wrong-echo` } });
  expect(reasonsOf(result)).toEqual({
    exitCode: 1,
    matcher: [
      `Error: expect(client).toReceiveMessage(expected) failed

Client:   /wrong-echo (ws://HOST/wrong-echo), open for N ms
Expected: {"action": "subscribe", "channel": "updates"}
Received: 2 messages, none matched
Timeout:  500ms

Closest: #2, +N ms
  {
-   "action": "subscribe",
-   "channel": "updates",
+   "action": "unsubscribe",
+   "channel": "nothing",
  }

Call log:
  - #1 +N ms  text  36 B  Request served by the example server
  - #2 +N ms  text  44 B  {"action":"unsubscribe","channel":"nothing"}
  - sent +N ms  text  42 B  {"action":"subscribe","channel":"updates"}`,
    ],
    'handlers of a client': [
      `WebSocketError: The test ended, and the handler of "message" at b.spec.ts:21 caught a failed assertion: expect(received).toMatchObject(expected)

${unmet}`,
    ],
    'listeners of a socket': [
      `WebSocketError: The test ended, and the handler of "message" at c.spec.ts:27 caught a failed assertion: expect(received).toMatchObject(expected)

${unmet}`,
    ],
  });
});

test('four servers: a silent server fails in each style', async ({ app, runInline }) => {
  const result = await runInline(styles, { env: { CHECKED_URL: `${app.url}/silent` } });
  expect(reasonsOf(result)).toEqual({
    exitCode: 1,
    matcher: [
      `Error: expect(client).toReceiveMessage(expected) failed

Client:   /silent (ws://HOST/silent), open for N ms
Expected: {"action": "subscribe", "channel": "updates"}
Received: nothing
Timeout:  500ms

Call log:
  - sent +N ms  text  42 B  {"action":"subscribe","channel":"updates"}`,
    ],
    'handlers of a client': [
      `WebSocketError: The test ended, and the handler of "message" at b.spec.ts:21 was never called: "/silent" received no message after it was added\n  Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { uncalledHandler: false } }`,
    ],
    'listeners of a socket': [
      `WebSocketError: The test ended, and the handler of "message" at c.spec.ts:27 was never called: "/silent" received no message after it was added\n  Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { uncalledHandler: false } }`,
    ],
  });
});

test('four servers: no server fails in each style', async ({ runInline }) => {
  const result = await runInline(styles, { env: { CHECKED_URL: `ws://127.0.0.1:${await closedPort()}/echo` } });
  const refused = `Cannot connect to "ws://HOST/echo": connect ECONNREFUSED HOST`;
  const remedy =
    'Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.';
  expect(reasonsOf(result)).toEqual({
    exitCode: 1,
    matcher: [`HandshakeError: ${refused}\n  ${remedy}`],
    'handlers of a client': [`HandshakeError: ${refused}\n  ${remedy}`],
    'listeners of a socket': [
      `WebSocketError: The test ended, and left 2 findings:
  1. "/echo" (ws://HOST/echo), connected at c.spec.ts:21, could not be opened: ${refused}
       ${remedy}
  2. the handler of "message" at c.spec.ts:27 was never called: "/echo" received no message after it was added\n       Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { unexpectedClose: false, uncalledHandler: false } }`,
    ],
  });
});

test('four servers: a check that awaits nothing fails even with a correct echo', async ({ app, runInline }) => {
  const result = await runInline(unawaited, { env: { CHECKED_URL: `${app.url}/echo` } });
  expect(reasonsOf(result)).toEqual({
    exitCode: 1,
    'listeners of a socket': [
      `WebSocketError: The test ended, and left 2 findings:
  1. new WebSocket at a.spec.ts:21 was not awaited
  2. the handler of "message" at a.spec.ts:27 was never called: "/echo" received no message after it was added\n       Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { pendingWait: false, uncalledHandler: false } }`,
    ],
  });
});
