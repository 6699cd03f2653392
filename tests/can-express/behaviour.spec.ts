import { steadyText, text } from '../helpers/failure-text.ts';
import { type InlineResult, type InlineTest, runInline } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { slowRun, slowTestMs } from '../playwright/inline-test.ts';
import { expect, rejection, test } from './test.ts';

function stepsOf({ steps }: InlineTest): string[] {
  const own = steps.filter(({ category }) => category === 'test.step' || category === 'expect');
  return own.map(({ subtitle, title }) => (subtitle === '' ? title : `${title} · ${subtitle}`));
}

const files = {
  'a.spec.ts': `
      import { expect, test } from 'playwright-ws';
      test.fail('handler', async ({ ws }) => {
        const client = await ws.connect('/echo', { on: { message: () => { throw new Error('no such field'); } } });
        await expect(client).toReceiveMessage();
      });
      test.fail('close', async ({ ws }) => {
        const client = await ws.connect('/kick?reason=go');
        await client.closed;
      });
      test.fail('swallowed', async ({ ws }) => {
        try {
          await ws.connect('/orders');
        } catch (error) {
          console.error('WebSocket error:', error);
        }
      });`,
  'timers.spec.ts': `
      import { expect, test } from 'playwright-ws';
      let ticks = 0;
      test('starts one', async ({ ws }) => {
        const client = await ws.connect('/silent');
        client.setInterval(() => ticks++, 5);
        await client.stay(50);
        expect(ticks).toBeGreaterThan(0);
      });
      test('hears nothing of it', async ({ ws }) => {
        const before = ticks;
        const client = await ws.connect('/echo');
        client.setInterval(() => client.send('tick'), 5);
        await client.waitForMessages(Array(10).fill('tick'));
        expect(ticks).toBe(before);
      });`,
  'steps.spec.ts': `
      import { expect, test } from 'playwright-ws';
      test('talks', async ({ ws }) => {
        const echo = await ws.connect('/echo');
        await echo.send({ action: 'subscribe' });
        await expect(echo).toReceiveMessage({ action: 'subscribe' });
        await echo.request('again', 'again');
        await echo.close(1000, 'bye');
      });`,
  'soft.spec.ts': `
      import { expect, test } from 'playwright-ws';
      test.fail('checks', async ({ ws }) => {
        const client = await ws.connect('/ticker?every=1&count=1');
        await expect.soft(client, 'closes as agreed').toBeClosed({ code: 1000 });
        await expect.soft(client, 'counts to two').toReceiveMessage({ n: 2 });
        await expect.soft(client, 'counts from one').toReceiveMessage({ n: 1 });
        console.log('reached the end');
      });`,
  'url.spec.ts': `
      import { expect, test } from 'playwright-ws';
      const secret = process.env.HIDDEN;
      test.fail('secret in URL and header', async ({ ws }) => {
        const headers = { authorization: 'Bearer ' + secret };
        const client = await ws.connect('/echo', { params: { token: secret, lang: 'en' }, headers });
        await expect(client).toReceiveMessage({ action: 'welcome' }, { timeout: 200 });
      });`,
  'payload.spec.ts': `
      import { expect, test } from 'playwright-ws';
      const secret = process.env.HIDDEN;
      test.fail('secret in payload', async ({ ws }) => {
        const client = await ws.connect('/echo', { params: { token: secret } });
        await client.send({ action: 'login', token: secret });
        await expect(client).toReceiveMessage({ action: 'welcome' }, { timeout: 200 });
      });`,
  // The last file: a worker ends with a test that times out.
  'unclosed.spec.ts': `
      import { expect, test } from 'playwright-ws';
      const url = process.env.WATCHED;
      test('passes', async ({ ws }) => {
        await ws.connect(url);
      });
      test.fail('fails', async ({ ws }) => {
        await ws.connect(url);
        expect(1).toBe(2);
      });
      test('times out', async ({ ws }) => {
        await ws.connect(url);
        test.setTimeout(1);
        await new Promise(() => {});
      });`,
} as const;

test.describe(() => {
  test.describe.configure({ mode: 'default', timeout: slowTestMs }); // One run for all of them.

  let result: InlineResult;
  let watched: TestServer;

  test.beforeAll(async ({ baseURL, startServer }) => {
    watched = await startServer();
    const env = { HIDDEN: 'hunter2', WATCHED: watched.url };
    result = await runInline(files, { ...slowRun, config: { use: { baseURL } }, env });
  });

  test.afterAll(() => result.remove());

  /** The tests with their status and their errors. */
  function outcomes(...titles: readonly string[]): unknown[] {
    const own = titles.map((title) => result.test(title));
    return own.map(({ errors, status, title }) => [title, status, ...errors.map(({ message }) => steadyText(message))]);
  }

  /** Everything of a test that failed that a reader of the report may see. */
  function reportOf(title: string): string {
    const own = result.test(title);
    expect(own.status).toBe('failed');
    const attached = own.attachments.map(({ name }) => result.attachment(name, [own]).text);
    return [JSON.stringify(own), result.output, ...attached].join('\n');
  }

  test('1 managed connect fixture: a test with no close leaves no socket', async () => {
    const closes = await Promise.all(watched.connections.map(async ({ closed }) => (await closed).code));
    const statuses = ['passes', 'fails', 'times out'].map((title) => result.test(title).status);
    expect(statuses).toEqual(['passed', 'failed', 'timedOut']);
    expect(closes).toEqual([1000, 1000, 1000]);
  });

  test('4 fails by default: a throw in a handler and a close that nobody expected fail their tests', () => {
    const advice = (kind: string): string =>
      `Mend it, or switch the check off: wsOptions: { findings: { ${kind}: false } }`;
    expect(outcomes('handler', 'close', 'swallowed')).toEqual([
      [
        'handler',
        'failed',
        text(
          'WebSocketError: The test ended, and the handler of "message" at a.spec.ts:LINE threw: no such field',
          '',
          advice('handlerError'),
        ),
      ],
      [
        'close',
        'failed',
        text(
          'WebSocketError: The test ended, and "/kick" (ws://127.0.0.1:PORT/kick?reason=go), connected at a.spec.ts:LINE, closed with 4001 "go", by the server\n  If that is right, expect it: await expect(client).toBeClosed({ code })',
          '',
          advice('unexpectedClose'),
        ),
      ],
      [
        'swallowed',
        'failed',
        text(
          'WebSocketError: The test ended, and "/orders" (ws://127.0.0.1:PORT/orders), connected at a.spec.ts:LINE, could not be opened: Cannot connect to "ws://127.0.0.1:PORT/orders": the server answered 401 Unauthorized',
          '  body: {"error":"Log in first"}',
          '  cookies: 0 sent, from `request`, which the test does not use',
          '  Log in with `request` first, or pass { headers: { authorization: … } }.',
          '',
          advice('unexpectedClose'),
        ),
      ],
    ]);
  });

  test('12 socket-bound timers: they stop when their test ends', () => {
    expect(outcomes('starts one', 'hears nothing of it')).toEqual([
      ['starts one', 'passed'],
      ['hears nothing of it', 'passed'],
    ]);
  });

  test('13 evidence in the HTML report: a step for each call, the frames as an attachment', () => {
    expect(stepsOf(result.test('talks'))).toEqual([
      'Connect WebSocket · /echo',
      'Send message · action: "subscribe"',
      'Expect "toReceiveMessage"',
      'Send request · again',
      'Close WebSocket · /echo 1000 bye',
    ]);
    expect(result.attachment('websocket.jsonl', [result.test('talks')]).text).toContain('again');
  });

  test('19 named soft checks: a soft failure does not stop the test, and fails it by its name', () => {
    expect(outcomes('checks')).toEqual([
      [
        'checks',
        'failed',
        text(
          'Error: counts to two',
          '',
          'expect(client).toReceiveMessage(expected) failed',
          '',
          'Client:   /ticker (ws://127.0.0.1:PORT/ticker?every=1&count=1), closed',
          'Expected: {"n": 2}',
          'Received: 1 message, none matched',
          'Closed:   1000 Normal closure "done", by the server, before the call',
          '',
          'Closest: #1, +N ms',
          '  {',
          '-   "n": 2,',
          '+   "n": 1,',
          '  }',
          '',
          'Call log:',
          '  - #1  +N ms  text   21 B  {"type":"tick","n":1}',
          '  - received  +N ms  close   6 B  1000 done',
          '  - sent  +N ms  close   6 B  1000 done',
        ),
      ],
    ]);
    expect(result.test('checks').stdout).toBe('reached the end\n');
    expect(stepsOf(result.test('checks'))).toEqual([
      'Connect WebSocket · /ticker',
      'closes as agreed',
      'counts to two',
      'counts from one',
    ]);
  });

  test('24 data helpers and masking: a secret in URL or header does not reach the report', () => {
    const report = reportOf('secret in URL and header');
    expect(report).toContain('/echo?token=***&lang=en');
    expect(report).not.toContain('hunter2');
  });

  test('24 data helpers and masking: a secret in a payload does not reach the report', () => {
    const report = reportOf('secret in payload');
    expect(report).toContain('login');
    expect(report).not.toContain('hunter2');
  });
});

test('4 fails by default: what a server sends while the client closes is no error', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1 } });
  await expect(client).toReceiveMessage({ n: 3 });
  expect(await client.close()).toMatchObject({ wasClean: true, by: 'client' });
});

test('9 ping/pong: a round trip ends with the pong of its own ping', async ({ startServer, ws }) => {
  const server = await startServer({ websocket: { autoPong: false } });
  const client = await ws.connect(server.url);
  const connection = await server.nextConnection();
  const pinging = client.ping('mine');
  expect(String(await connection.nextPing())).toBe('mine');
  connection.pong('another');
  await expect(client).toReceivePong('another');
  connection.pong('mine');
  expect(await pinging).toBeGreaterThan(0);
});

test('9 ping/pong: a ping of the server is answered and seen', async ({ server, ws }) => {
  const client = await ws.connect(server.url);
  const connection = await server.nextConnection();
  connection.ping('are you there');
  await expect(client).toReceivePing('are you there');
  expect(String(await connection.nextPong())).toBe('are you there');
});

test('9 ping/pong: with autoPong off the test answers by hand', async ({ server, ws }) => {
  const client = await ws.connect(server.url, { autoPong: false });
  const connection = await server.nextConnection();
  connection.ping('are you there');
  await expect(client).toReceivePing('are you there');
  await client.pong('by hand');
  expect(String(await connection.nextPong())).toBe('by hand');
});

test('9 ping/pong: keepAlive pings at its interval', async ({ server, ws }) => {
  await ws.connect(server.url, { keepAlive: 200 });
  const connection = await server.nextConnection();
  const pings = [await connection.nextPing(), await connection.nextPing()];
  expect(pings.length).toBe(2);
});

test('12 socket-bound timers: they stop when their client closes', async ({ ws }) => {
  const first = await ws.connect('/silent');
  const second = await ws.connect('/echo');
  let ticks = 0;
  first.setInterval(() => (ticks += 1), 5);
  first.setTimeout(() => (ticks += 1), 20, { optional: true });
  await first.close();
  const ticksAtClose = ticks;
  second.setInterval(() => second.send('tick'), 5);
  await second.waitForMessages(Array(10).fill('tick'));
  expect(ticks).toBe(ticksAtClose);
});

test('12 socket-bound timers: a session has a length', async ({ ws }) => {
  const client = await ws.connect('/silent');
  client.setTimeout(() => client.close(1000, 'over'), 100);
  await expect(client).toBeClosed({ reason: 'over', by: 'client', notBefore: 50 });
});

test('13 evidence in the HTML report: a failure shows the conversation, and says what it left out', async ({ ws }) => {
  const client = await ws.connect('/ticker', { params: { every: 1, count: 14 } });
  await expect(client).toBeClosed();
  expect(await rejection(expect(client).toReceiveMessage({ n: 99 }))).toBe(
    text(
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /ticker (ws://127.0.0.1:PORT/ticker?every=1&count=14), closed',
      'Expected: {"n": 99}',
      'Received: 14 messages, none matched',
      'Closed:   1000 Normal closure "done", by the server, before the call',
      '',
      'Closest: #14, +N ms',
      '  {',
      '-   "n": 99,',
      '+   "n": 14,',
      '  }',
      '',
      'Call log:',
      '  - … 4 earlier frames',
      ...[5, 6, 7, 8, 9].map((n) => `  - #${n}  +N ms  text   21 B  {"type":"tick","n":${n}}`),
      ...[10, 11, 12, 13, 14].map((n) => `  - #${n}  +N ms  text   22 B  {"type":"tick","n":${n}}`),
      '  - received  +N ms  close   6 B  1000 done',
      '  - sent  +N ms  close   6 B  1000 done',
    ),
  );
});

test('23 raw event escape hatch: several handlers are called in order until they are taken away', async ({ ws }) => {
  const heard: string[] = [];
  const client = await ws.connect('/echo', { on: { close: ({ code }) => heard.push(`close ${code}`) } });
  const off = client.on('pong', () => heard.push('first'));
  client.on('pong', () => heard.push('second'));
  client.once('ping', () => heard.push('never'));
  await client.ping();
  off();
  await client.ping();
  await client.close();
  expect(heard).toEqual(['first', 'second', 'second', 'close 1000']);
});

test('23 raw event escape hatch: a worker of k6 runs with nothing but its class and times replaced', async ({
  baseURL,
  ws: sockets,
}) => {
  const { WebSocket } = sockets;
  const logged: string[] = [];
  const console = { log: (line: string) => logged.push(line), error: (line: string) => logged.push(line) };
  const randomIntBetween = (from: number): number => from;
  const chatRoomName = 'publicRoom';
  const __VU = 1;
  const sessionDuration = 300;

  function startWSWorker(id: number): void {
    const ws = new WebSocket(`${baseURL}/chat/${chatRoomName}/`);

    ws.addEventListener('open', () => {
      ws.send(JSON.stringify({ event: 'SET_NAME', new_name: `Croc ${__VU}:${id}` }));

      ws.addEventListener('message', (e) => {
        const msg = JSON.parse(e.data);
        if (msg.event === 'CHAT_MSG') {
          console.log(`VU ${__VU}:${id} received: ${msg.user} says: ${msg.message}`);
        } else if (msg.event === 'ERROR') {
          console.error(`VU ${__VU}:${id} received:: ${msg.message}`);
        } else {
          console.log(`VU ${__VU}:${id} received unhandled message: ${msg.message}`);
        }
      });

      const intervalId = setInterval(() => {
        ws.send(JSON.stringify({ event: 'SAY', message: `I'm saying hello` }));
      }, randomIntBetween(20));

      const timeout1id = setTimeout(function () {
        clearInterval(intervalId);
        console.log(`VU ${__VU}:${id}: ${sessionDuration}ms passed, leaving the chat`);
        ws.send(JSON.stringify({ event: 'LEAVE' }));
      }, sessionDuration);

      const timeout2id = setTimeout(function () {
        console.log(`Closing the socket forcefully 3s after graceful LEAVE`);
        ws.close();
      }, sessionDuration + 300);

      ws.addEventListener('close', () => {
        clearTimeout(timeout1id);
        clearTimeout(timeout2id);
        console.log(`VU ${__VU}:${id}: disconnected`);
      });
    });
  }

  for (let i = 0; i < 4; i++) {
    startWSWorker(i);
  }
  await expect(sockets.clients).toBeClosed({ wasClean: true, by: 'client' });
  expect(logged).toEqual(
    expect.arrayContaining([
      "VU 1:0 received: Croc 1:3 says: I'm saying hello",
      'VU 1:2: 300ms passed, leaving the chat',
      'VU 1:3: disconnected',
    ]),
  );
  expect(logged.filter((line) => line.includes('::'))).toEqual([]);
});

test('23 raw event escape hatch: state has the constants of the standard', async ({ ws }) => {
  const socket = new ws.WebSocket('/echo');
  expect([socket.readyState, socket.bufferedAmount]).toEqual([ws.WebSocket.CONNECTING, 0]);
  await expect(socket).toBeOpen();
  expect(socket.readyState).toBe(ws.WebSocket.OPEN);
  socket.close();
  expect(socket.readyState).toBe(ws.WebSocket.CLOSING);
  await expect(socket).toBeClosed();
  expect(socket.readyState).toBe(ws.WebSocket.CLOSED);
});

test('24 data helpers and masking: a secret in the URL does not reach the error of connect', async ({ ws }) => {
  const connecting = ws.connect('/nowhere', { params: { token: 'hunter2' } });
  expect(await rejection(connecting)).toBe(
    text(
      'Cannot connect to "ws://127.0.0.1:PORT/nowhere?token=***": the server answered 404 Not Found',
      '  body: {"error":"Nothing at /nowhere"}',
      '  Check the path and `baseURL`: no WebSocket is served there.',
    ),
  );
});
