// product.md, "Judged at the end of the test": each kind, its text, its place, what is none.
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { type InlineTestOptions, errorsOf, fileName, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

interface Found {
  readonly body: string;
  /** `line:column message` of each error; `URL` is that of the server. */
  readonly errors: readonly string[];
}

const connectSilent = `const client = await ws.connect('/silent');`;
const advice = (kind: string): string =>
  `\n\nMend it, or switch the check off: wsOptions: { findings: { ${kind}: false } }`;
const refused = `Cannot connect to "URL/refuse": the server answered 401 Unauthorized
  body: {"error":"missing token"}
  cookies: 0 sent, from \`request\`, which the test does not use
  Log in with \`request\` first, or pass { headers: { authorization: … } }.`;

/** Title -> a test that ends with findings. */
const found: Readonly<Record<string, Found>> = {
  'a matcher that is not awaited': {
    body: `${connectSilent}
  void expect(client).toReceiveMessage({ type: 'a' });`,
    errors: [
      `5:23 Error: toReceiveMessage at FILE:5 was not awaited

Client:   /silent (URL/silent), open for N ms
Expected: {"type": "a"}
Received: nothing

Call log:
  - no frames`,
    ],
  },
  'a wait of the client that is not awaited': {
    body: `${connectSilent}
  void client.waitForMessage('a');`,
    errors: [
      `5:15 WebSocketError: The test ended, and waitForMessage at FILE:5 was not awaited${advice('pendingWait')}`,
    ],
  },
  'a connect that is not awaited': {
    body: `void ws.connect('/silent');`,
    errors: [`4:9 WebSocketError: The test ended, and connect at FILE:4 was not awaited${advice('pendingWait')}`],
  },
  'a loser of a race': {
    body: `const client = await ws.connect('/greet');
  await Promise.race([
    client.waitForMessage({ type: 'hello' }),
    client.waitForMessage('never'),
  ]);`,
    errors: [
      `7:12 WebSocketError: The test ended, and waitForMessage at FILE:7 was not awaited${advice('pendingWait')}`,
    ],
  },
  'a send that failed unawaited': {
    body: `${connectSilent}
  await client.close();
  void client.send('late');`,
    errors: [
      `6:15 WebSocketError: The test ended, and send at FILE:6 failed, and nobody awaited it: Cannot send on "/silent": it closed with 1000 Normal closure, by the client${advice('unawaitedFailure')}`,
    ],
  },
  'a connect that was refused unawaited': {
    body: `void ws.connect('/refuse');
  const client = await ws.connect('/echo');
  await client.request('1', '1');`,
    errors: [
      `4:9 WebSocketError: The test ended, and connect at FILE:4 failed, and nobody awaited it: ${refused}${advice('unawaitedFailure')}`,
    ],
  },
  'a handler that was never called': {
    body: `${connectSilent}
  client.on('message', () => {});`,
    errors: [
      `5:10 WebSocketError: The test ended, and the handler of "message" at FILE:5 was never called: "/silent" received no message after it was added\n  Pass { optional: true } if that is right${advice('uncalledHandler')}`,
    ],
  },
  'a handler given to connect that was never called': {
    body: `await ws.connect('/silent', { on: { message: () => {} } });`,
    errors: [
      `4:10 WebSocketError: The test ended, and the handler of "message" at FILE:4 was never called: "/silent" received no message after it was added\n  Pass { optional: true } if that is right${advice('uncalledHandler')}`,
    ],
  },
  'a timeout that had not fired': {
    body: `${connectSilent}
  client.setTimeout(() => {}, 60_000);`,
    errors: [
      `5:10 WebSocketError: The test ended, and the setTimeout at FILE:5 had not fired when "/silent" ended\n  Pass { optional: true } if that is right${advice('uncalledHandler')}`,
    ],
  },
  'a handler that threw': {
    body: `const client = await ws.connect('/echo');
  client.on('message', ({ text }) => {
    throw new Error('not ' + text);
  });
  await client.request('this', 'this');`,
    errors: [
      `6:11 WebSocketError: The test ended, and the handler of "message" at FILE:5 threw: not this${advice('handlerError')}`,
    ],
  },
  'a handler that rejected': {
    body: `const client = await ws.connect('/echo');
  client.on('message', async ({ text }) => {
    await undefined;
    throw new Error('not ' + text);
  });
  await client.request('this', 'this');`,
    errors: [
      `7:11 WebSocketError: The test ended, and the handler of "message" at FILE:5 threw: not this${advice('handlerError')}`,
    ],
  },
  'a handler whose catch swallowed an assertion': {
    body: `const client = await ws.connect('/echo');
  client.on('message', ({ text }) => {
    try {
      expect(text).toBe('that');
    } catch {}
  });
  await client.request('this', 'this');`,
    errors: [
      `7:20 WebSocketError: The test ended, and the handler of "message" at FILE:5 caught a failed assertion: expect(received).toBe(expected) // Object.is equality

Expected: "that"
Received: "this"${advice('handlerError')}`,
    ],
  },
  'a timer that threw': {
    body: `const client = await ws.connect('/echo');
  const fired = new Promise<void>((resolve) => {
    client.setTimeout(() => {
      resolve();
      throw new Error('in time');
    }, 1);
  });
  await fired;`,
    errors: [
      `8:13 WebSocketError: The test ended, and the setTimeout function at FILE:6 threw: in time${advice('handlerError')}`,
    ],
  },
  'a close with 4001 that was only looked at': {
    body: `const client = await ws.connect('/close', { name: 'orders' });
  await client.send('4001');
  expect((await client.closed).code).toBe(4001);`,
    errors: [
      `4:25 WebSocketError: The test ended, and "orders" (URL/close), connected at FILE:4, closed with 4001 "as you wish", by the server\n  If that is right, expect it: await expect(client).toBeClosed({ code })${advice('unexpectedClose')}`,
    ],
  },
  'a connection that vanished': {
    body: `const client = await ws.connect('/vanish');
  await client.send('go');
  await client.closed;`,
    errors: [
      `4:25 WebSocketError: The test ended, and "/vanish" (URL/vanish), connected at FILE:4, closed with 1006 Abnormal closure, by the network: The server ended the connection without a close frame\n  If that is right, expect it: await expect(client).toBeClosed({ code })${advice('unexpectedClose')}`,
    ],
  },
  'a refusal that a catch swallowed': {
    body: `try {
    await ws.connect('/refuse');
  } catch {}`,
    errors: [
      `5:14 WebSocketError: The test ended, and "/refuse" (URL/refuse), connected at FILE:5, could not be opened: ${refused}${advice('unexpectedClose')}`,
    ],
  },
  'a protocol error': {
    body: `const client = await ws.connect('/break');
  await client.send('go');
  await client.closed;`,
    errors: [
      `4:25 WebSocketError: The test ended, and on "/break" (URL/break), the server broke the protocol: a frame with the reserved opcode 3 (RFC 6455 section 5.2)\n  The client closed the connection with 1002 Protocol error.${advice('protocolError')}`,
    ],
  },
  'a message that violates the schema': {
    body: `const validate = () => ({ issues: [{ message: 'unknown', path: ['type'] }] });
  const schema = { '~standard': { version: 1 as const, vendor: 'own', validate } };
  const client = await ws.connect('/greet', { schema });
  await expect(client).toReceiveMessage(/hello/);`,
    errors: [
      `6:27 WebSocketError: The test ended, and a message of "/greet" violates the schema (own)\n  type: unknown${advice('invalidMessage')}`,
    ],
  },
  'several findings': {
    body: `const first = await ws.connect('/close', { name: 'first' });
  first.on('message', () => {});
  const second = await ws.connect('/silent', { name: 'second' });
  await first.send('4001');
  await first.closed;
  void second.waitForMessage('x');`,
    errors: [
      `9:15 WebSocketError: The test ended, and left 3 findings:
  1. waitForMessage at FILE:9 was not awaited
  2. "first" (URL/close), connected at FILE:4, closed with 4001 "as you wish", by the server\n       If that is right, expect it: await expect(client).toBeClosed({ code })
  3. the handler of "message" at FILE:5 was never called: "first" received no message after it was added\n       Pass { optional: true } if that is right

Mend it, or switch the check off: wsOptions: { findings: { pendingWait: false, unexpectedClose: false, uncalledHandler: false } }`,
    ],
  },
  'a matcher and a wait that are not awaited': {
    body: `${connectSilent}
  void client.waitForMessage('x');
  void expect(client).toReceiveMessage('y');`,
    errors: [
      `6:23 Error: toReceiveMessage at FILE:6 was not awaited

Client:   /silent (URL/silent), open for N ms
Expected: "y"
Received: nothing

Call log:
  - no frames`,
      `5:15 WebSocketError: The test ended, and waitForMessage at FILE:5 was not awaited${advice('pendingWait')}`,
    ],
  },
};

/** Title -> a test that ends without a finding. */
const innocent: Readonly<Record<string, string>> = {
  'a close with 1000 by the server': `const client = await ws.connect('/close');
  await client.send('1000');
  await client.closed;`,
  'a close with 1001 by the server': `const client = await ws.connect('/close');
  await client.send('1001');
  await client.closed;`,
  'a close without a code': `const client = await ws.connect('/close-bare');
  await client.send('go');
  expect((await client.closed).code).toBe(1005);`,
  'an own close with 4000': `${connectSilent}
  await client.close(4000, 'enough');`,
  'a terminated client': `${connectSilent}
  client.terminate();
  await client.closed;`,
  'a client that is still open': connectSilent,
  'a close covered by toBeClosed': `const client = await ws.connect('/close');
  await client.send('4001');
  await expect(client).toBeClosed({ code: 4001 });`,
  'a close covered by waitForClose': `const client = await ws.connect('/vanish');
  await client.send('go');
  await client.waitForClose();`,
  'an optional handler and an optional timeout': `${connectSilent}
  client.on('message', () => {}, { optional: true });
  client.setTimeout(() => {}, 60_000, { optional: true });`,
  'a handler that was taken away': `${connectSilent}
  client.on('message', () => {})();
  client.setTimeout(() => {}, 60_000)();`,
  'handlers of other events that were not called': `${connectSilent}
  for (const event of ['ping', 'pong', 'close', 'error'] as const) client.on(event, () => {});`,
  'a refusal that rejects asserts': `await expect(ws.connect('/refuse')).rejects.toThrow('401 Unauthorized');`,
  'a refusal that is caught as a value': `const error = await ws.connect('/refuse').catch((reason) => reason);
  expect(error.status).toBe(401);`,
  'a refused handshake': `const { status } = await ws.handshake('/refuse');
  expect(status).toBe(401);`,
  'a handshake without an answer': `await expect(ws.handshake('ws://127.0.0.1:1/')).rejects.toThrow('Cannot connect');`,
  'a violation that is only recorded': `const validate = () => ({ issues: [{ message: 'unknown' }] });
  const schema = { '~standard': { version: 1 as const, vendor: 'own', validate } };
  const client = await ws.connect('/greet', { schema, onInvalidMessage: 'record' });
  await expect(client).toReceiveMessage(/hello/);`,
  'a failed send that was awaited': `${connectSilent}
  await client.close();
  await expect(client.send('late')).rejects.toThrow('Cannot send on "/silent"');`,
};

/** Kind -> a test that would leave a finding of it, with `options` of connect that switch it off. */
const switchable: Readonly<Record<string, string>> = {
  pendingWait: `const client = await ws.connect('/silent', options);
  void client.waitForMessage('a');`,
  unawaitedFailure: `const client = await ws.connect('/silent', options);
  await client.close();
  void client.send('late');`,
  uncalledHandler: `const client = await ws.connect('/silent', options);
  client.on('message', () => {});
  client.setTimeout(() => {}, 60_000);`,
  handlerError: `const client = await ws.connect('/echo', options);
  client.on('message', () => { throw new Error('thrown'); });
  await client.request('1', '1');`,
  unexpectedClose: `const client = await ws.connect('/close', options);
  await client.send('4001');
  await client.closed;`,
  protocolError: `const client = await ws.connect('/break', options);
  await client.send('go');
  await client.closed;`,
  invalidMessage: `const validate = () => ({ issues: [{ message: 'unknown' }] });
  const schema = { '~standard': { version: 1 as const, vendor: 'own', validate } };
  const client = await ws.connect('/greet', { schema, ...options });
  await expect(client).toReceiveMessage(/hello/);`,
};

const useOff = { before: `test.use({ wsOptions: { findings: { uncalledHandler: false } } });` } as const;

let result: InlineResult;
let url = '';

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  url = server.url;
  const fails: InlineTestOptions = { kind: 'fails' };
  result = await runInline(
    Object.assign(
      {},
      ...Object.entries(found).map(([title, { body }]) => inlineTest(title, body, fails)),
      ...Object.entries(innocent).map(([title, body]) => inlineTest(title, body)),
      ...Object.entries(switchable).map(([kind, body]) =>
        inlineTest(`off ${kind}`, `const options = { findings: { ${kind}: false } };\n${body}`),
      ),
      inlineTest('off by test.use', switchable['uncalledHandler'].replace(', options', ''), useOff),
      inlineTest('on again', switchable['uncalledHandler'].replace('options', '{ findings: {} }'), {
        ...useOff,
        ...fails,
      }),
    ),
    { ...slowRun, config: { use: { baseURL: server.httpUrl } } },
  );
});

for (const [title, { errors }] of Object.entries(found)) {
  test(`end of test: ${title} is a finding`, () => {
    const file = `${fileName(title)}.spec.ts`;
    const expected = errors.map((text) => `${file}:${text.replaceAll('URL', url).replaceAll('FILE', file)}`);
    expect(errorsOf(result, title)).toEqual(expected);
  });
}

for (const title of Object.keys(innocent)) {
  test(`end of test: ${title} is no finding`, () => {
    expect([errorsOf(result, title), result.test(title).status]).toEqual([[], 'passed']);
  });
}

for (const kind of Object.keys(switchable)) {
  test(`findings: ${kind} is switched off by a call`, () => {
    expect([errorsOf(result, `off ${kind}`), result.test(`off ${kind}`).status]).toEqual([[], 'passed']);
  });
}

test('findings: a kind is switched off by test.use', () => {
  expect(errorsOf(result, 'off by test.use')).toEqual([]);
});

test('findings: a call replaces the switches of test.use', () => {
  expect(errorsOf(result, 'on again')).toHaveLength(1);
});

test('end of test: no finding leaks into another test, or out of all', () => {
  expect([result.failed, result.errors, result.exitCode]).toEqual([0, [], 0]);
});
