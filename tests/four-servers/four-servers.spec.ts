import { type ExampleServer, startExampleServer } from '../helpers/example-server.ts';
import { closedPort } from '../helpers/listening.ts';
import { type InlineResult, runInline } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { styles, unawaited } from './styles.ts';

test.describe.configure({ mode: 'default', timeout: slowTestMs }); // One run for all of them.

let app: ExampleServer;
let result: InlineResult;

test.beforeAll(async () => {
  app = await startExampleServer();
  const url = `${app.url}/echo`;
  const files = {
    ...checksOf('echo', styles, url),
    ...checksOf('wrong', styles, `${app.url}/wrong-echo`),
    ...checksOf('silent', styles, `${app.url}/silent`),
    ...checksOf('none', styles, `ws://127.0.0.1:${await closedPort()}/echo`),
    ...checksOf('unawaited', unawaited, url),
  };
  result = await runInline(files, slowRun);
});

test.afterAll(async () => {
  await result.remove();
  await app.stop();
});

/**
 * The files in a folder of this name; their tests are called `name: title`. All but those of the echo are declared to
 * fail: a run keeps its worker after such a failure.
 */
function checksOf(name: string, files: Readonly<Record<string, string>>, url: string): Record<string, string> {
  const declare = name === 'echo' ? 'test' : 'test.fail';
  const own = (text: string): string =>
    text.replace(/^test\('/m, `${declare}('${name}: `).replace('process.env.CHECKED_URL', `'${url}'`);
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}/${path}`, own(text)]));
}

/** Why each test against one server failed, without what differs from run to run: ports, times, and which came first. */
function reasonsOf(name: string): unknown {
  const own = result.tests.filter(({ title }) => title.startsWith(`${name}: `));
  return Object.fromEntries(
    own.map(({ errors, status, title }) => [
      title.slice(name.length + 2),
      [status, ...errors.map(({ message }) => steady(message.replaceAll(`${name}/`, '')))],
    ]),
  );
}

function steady(message: string): string {
  return message
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/ +\+\d+ ms/g, ' +N ms')
    .replaceAll(/\d+ ms/g, 'N ms')
    .replace(/(?<=Call log:\n)[^]+/, (log) => log.split('\n').sort().join('\n'));
}

test('four servers: a correct echo passes in each style', () => {
  expect(reasonsOf('echo')).toEqual({
    matcher: ['passed'],
    'handlers of a client': ['passed'],
    'listeners of a socket': ['passed'],
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

test('four servers: a wrong object fails in each style', () => {
  expect(reasonsOf('wrong')).toEqual({
    matcher: [
      'failed',
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
      'failed',
      `WebSocketError: The test ended, and the handler of "message" at b.spec.ts:21 caught a failed assertion: expect(received).toMatchObject(expected)

${unmet}`,
    ],
    'listeners of a socket': [
      'failed',
      `WebSocketError: The test ended, and the handler of "message" at c.spec.ts:27 caught a failed assertion: expect(received).toMatchObject(expected)

${unmet}`,
    ],
  });
});

test('four servers: a silent server fails in each style', () => {
  expect(reasonsOf('silent')).toEqual({
    matcher: [
      'failed',
      `Error: expect(client).toReceiveMessage(expected) failed

Client:   /silent (ws://HOST/silent), open for N ms
Expected: {"action": "subscribe", "channel": "updates"}
Received: nothing
Timeout:  500ms

Call log:
  - sent +N ms  text  42 B  {"action":"subscribe","channel":"updates"}`,
    ],
    'handlers of a client': [
      'failed',
      `WebSocketError: The test ended, and the handler of "message" at b.spec.ts:21 was never called: "/silent" received no message after it was added\n  Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { uncalledHandler: false } }`,
    ],
    'listeners of a socket': [
      'failed',
      `WebSocketError: The test ended, and the handler of "message" at c.spec.ts:27 was never called: "/silent" received no message after it was added\n  Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { uncalledHandler: false } }`,
    ],
  });
});

test('four servers: no server fails in each style', () => {
  const refused = `Cannot connect to "ws://HOST/echo": connect ECONNREFUSED HOST`;
  const remedy =
    'Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.';
  expect(reasonsOf('none')).toEqual({
    matcher: ['failed', `HandshakeError: ${refused}\n  ${remedy}`],
    'handlers of a client': ['failed', `HandshakeError: ${refused}\n  ${remedy}`],
    'listeners of a socket': [
      'failed',
      `WebSocketError: The test ended, and left 2 findings:
  1. "/echo" (ws://HOST/echo), connected at c.spec.ts:21, could not be opened: ${refused}
       ${remedy}
  2. the handler of "message" at c.spec.ts:27 was never called: "/echo" received no message after it was added\n       Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { unexpectedClose: false, uncalledHandler: false } }`,
    ],
  });
});

test('four servers: a check that awaits nothing fails even with a correct echo', () => {
  expect(reasonsOf('unawaited')).toEqual({
    'listeners of a socket': [
      'failed',
      `WebSocketError: The test ended, and left 2 findings:
  1. new WebSocket at a.spec.ts:21 was not awaited
  2. the handler of "message" at a.spec.ts:27 was never called: "/echo" received no message after it was added\n       Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { pendingWait: false, uncalledHandler: false } }`,
    ],
  });
});

test('four servers: nothing failed outside of the tests', () => {
  expect([result.exitCode, result.errors, result.tests.length]).toEqual([0, [], 13]);
});
