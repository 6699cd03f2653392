import { connectSilent } from './innocent-cases.ts';

export interface Found {
  readonly body: string;
  /** `line:column message` of each error; `URL` is that of the server. */
  readonly errors: readonly string[];
}

const advice = (kind: string): string =>
  `\n\nMend it, or switch the check off: wsOptions: { findings: { ${kind}: false } }`;
const refused = `Cannot connect to "URL/refuse": the server answered 401 Unauthorized
  body: {"error":"missing token"}
  cookies: 0 sent, from \`request\`, which the test does not use
  Log in with \`request\` first, or pass { headers: { authorization: … } }.`;

/** Title -> a test that ends with findings. */
export const found: Readonly<Record<string, Found>> = {
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
  'a connection that reconnect did not recover': {
    body: `const client = await ws.connect('/vanish', {
    reconnect: { maxAttempts: 1, delay: 0, options: () => ({ url: '/refuse' }) },
  });
  await client.send('go');
  await client.closed;`,
    errors: [
      `4:25 WebSocketError: The test ended, and "/vanish" (URL/vanish), connected at FILE:4, closed with 1006 Abnormal closure, by the network: Cannot reconnect "/vanish": the only attempt is used up\n  attempt 1: Cannot connect to "URL/refuse": the server answered 401 Unauthorized\n  If that is right, expect it: await expect(client).toBeClosed({ code })${advice('unexpectedClose')}`,
    ],
  },
  'options of reconnect that throw': {
    body: `const client = await ws.connect('/vanish', {
    reconnect: { delay: 0, options: () => { throw new Error('no token'); } },
  });
  await client.send('go');
  await client.closed;`,
    errors: [
      `5:51 WebSocketError: The test ended, and the function \`options\` of \`reconnect\` at FILE:4 threw: no token${advice('handlerError')}`,
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
  'a ping of a handler on a connection that vanished': {
    body: `const client = await ws.connect('/vanish', { findings: { unexpectedClose: false } });
  client.on('close', () => client.ping());
  await client.send('go');
  await client.closed;`,
    errors: [
      `5:35 WebSocketError: The test ended, and the handler of "close" at FILE:5 threw: Cannot ping on "/vanish": it closed with 1006 Abnormal closure, by the network: The server ended the connection without a close frame${advice('handlerError')}`,
    ],
  },
};
