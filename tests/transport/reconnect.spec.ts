import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import type { ConnectOptions } from '../../src/transport/connect-options.ts';
import type { ReconnectOptions, ReconnectTarget } from '../../src/transport/reconnect.ts';
import { createRegistry, findingsOf, turn, untyped } from '../connection/test-client.ts';
import { expect, test as base } from '../helpers/test.ts';
import { createClients, type Clients } from './clients.ts';

/** Resolves when the client is open again. */
function reopened(client: WebSocketClient): Promise<unknown> {
  return new Promise((resolve) => client.once('reconnect', resolve));
}

interface Fixtures {
  readonly clients: Clients;
  /** Default options of `clients`. */
  readonly defaults: ConnectOptions[];
  /** What the end of the test would report. */
  readonly findings: () => string[];
}

const test = base.extend<Fixtures & { registry: ReturnType<typeof createRegistry> }>({
  // It ends before the servers do.
  registry: async ({ startServer: _server }, use) => {
    const registry = createRegistry();
    await use(registry);
    registry.settle('finished');
    await registry.close();
  },
  defaults: async ({}, use) => use([]),
  clients: async ({ defaults, registry }, use) => use(createClients(registry, defaults)),
  findings: async ({ registry }, use) => use(() => findingsOf(registry)),
});

test('an expired token is replaced by a fresh one', async ({ findings, startServer, clients }) => {
  let valid = 'token 1';
  const server = await startServer({
    refuse: ({ headers }) => (headers['authorization'] === valid ? undefined : { status: 401 }),
  });
  const asked: unknown[] = [];
  const client = await clients.connect(server.url, {
    headers: { authorization: 'token 1' },
    reconnect: {
      delay: 0,
      options: async (attempt, { code }) => {
        asked.push([attempt, code]);
        return { headers: { authorization: `token ${attempt}` } };
      },
    },
  });
  valid = 'token 2';
  const again = reopened(client);
  await (await server.nextConnection()).close(4401, 'token expired');

  expect(await again).toMatchObject({ attempt: 2, closeInfo: { code: 4401, reason: 'token expired' } });
  expect(asked).toEqual([
    [1, 4401],
    [2, 4401],
  ]);
  expect(findings()).toEqual([]);
});

test('params and headers go over those of connect by name, each time anew', async ({ server, clients }) => {
  const targets: ReconnectTarget[] = [
    { params: { token: 'b', once: 1 }, headers: { 'x-a': 'fresh', 'X-B': null } },
    { params: { token: null } },
  ];
  const client = await clients.connect(`${server.url}/feed?token=old&kept=1`, {
    params: { also: 'kept' },
    headers: { 'X-A': 'first', 'x-b': 'b' },
    reconnect: { delay: 0, options: () => targets.shift() },
  });
  for (let count = 0; count < 2; count++) {
    const again = reopened(client);
    await (await server.nextConnection()).terminate();
    await again;
  }

  expect(server.handshakes.map(({ headers, url }) => [url, headers['x-a'], headers['x-b']])).toEqual([
    ['/feed?token=old&kept=1&also=kept', 'first', 'b'],
    ['/feed?kept=1&also=kept&token=b&once=1', 'fresh', undefined],
    ['/feed?kept=1&also=kept', 'first', 'b'],
  ]);
});

test('cookies are looked up afresh', async ({ server, clients }) => {
  let session = 'first';
  const jar = {
    cookies: async () => [{ name: 'session', value: session }],
    storageState: () => Promise.reject(new Error('not to be asked')),
  };
  const client = await clients.connect(server.url, { cookies: jar, reconnect: { delay: 0 } });
  session = 'second';
  const again = reopened(client);
  await (await server.nextConnection()).terminate();
  await again;

  expect(server.handshakes.map(({ headers }) => headers.cookie)).toEqual(['session=first', 'session=second']);
});

test('another URL and other subprotocols are those of the client from then on', async ({ startServer, clients }) => {
  const [first, second] = [await startServer(), await startServer()];
  const client = await clients.connect(`${first.url}/a`, {
    protocols: 'v1',
    params: { kept: 1 },
    reconnect: { delay: 0, options: () => ({ url: `${second.httpUrl}/b`, protocols: ['v2'] }) },
  });
  const again = reopened(client);
  await (await first.nextConnection()).terminate();
  await again;

  expect([client.url, client.protocol]).toEqual([`${second.url}/b?kept=1`, 'v2']);
});

test('a server that is down is tried again', async ({ startServer, clients }) => {
  const [down, up] = [await startServer(), await startServer()];
  const client = await clients.connect(down.url, {
    reconnect: { delay: 0, options: (attempt) => (attempt === 1 ? undefined : { url: up.url }) },
  });
  const again = reopened(client);
  await down.close();

  expect(await again).toMatchObject({ attempt: 2 });
});

test('a server that is silent is given `timeout`, then the next attempt', async ({
  rawServer,
  startServer,
  clients,
}) => {
  const server = await startServer();
  const client = await clients.connect(server.url, {
    timeout: 500,
    reconnect: {
      delay: (attempt) => attempt,
      options: (attempt) => (attempt === 1 ? { url: rawServer.url } : undefined),
    },
  });
  const again = reopened(client);
  await (await server.nextConnection()).terminate();

  expect(await again).toMatchObject({ attempt: 2 });
});

test('a server that closes each connection ends the attempts', async ({ findings, startServer, clients }) => {
  const server = await startServer(({ socket }) => socket.close(4000, 'go away'));
  const client = await clients.connect(server.url, { name: 'feed', reconnect: { maxAttempts: 2, delay: 0 } });
  await client.closed;

  expect(findings()).toEqual([
    `unexpectedClose: "feed" (${server.url}/), connected at reconnect.spec.ts:L, closed with 4000 "go away", by the server: Cannot reconnect "feed": all 2 attempts are used up
  attempt 1: opened, then closed with 4000 "go away", by the server
  attempt 2: opened, then closed with 4000 "go away", by the server
  If that is right, expect it: await expect(client).toBeClosed({ code })`,
  ]);
});

test('a hundred gaps leave one connection', async ({ findings, startServer, clients }) => {
  let count = 0;
  const server = await startServer(({ socket }) => {
    count += 1;
    if (count <= 100) socket.terminate();
    else socket.send('here to stay');
  });
  const client = await clients.connect(server.url, { reconnect: { maxAttempts: 100, delay: 0 } });
  await client.waitForMessage('here to stay');

  expect([server.connections.length, server.openConnections.length]).toEqual([101, 1]);
  expect(findings()).toEqual([]);
});

test('the signal ends an attempt, and leaves no socket', async ({ rawServer, startServer, clients }) => {
  const server = await startServer();
  const controller = new AbortController();
  const client = await clients.connect(server.url, {
    signal: controller.signal,
    reconnect: { delay: 0, options: () => ({ url: rawServer.url }) },
  });
  await (await server.nextConnection()).terminate();
  await rawServer.nextPeer();
  controller.abort();

  expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'client' });
});

for (const [what, options, text] of [
  [
    'options that throw',
    {
      options: () => {
        throw new Error('login failed');
      },
    },
    'function `options` of `reconnect` at reconnect.spec.ts:L threw: login failed',
  ],
  [
    'options that are none',
    { options: () => JSON.parse('{"header":{}}') },
    'function `options` of `reconnect` at reconnect.spec.ts:L threw: Unknown option "header" of reconnect.options. Did you mean "headers"?',
  ],
  [
    'a URL that is none',
    { options: () => ({ url: 'ftp://127.0.0.1/' }) },
    'function `options` of `reconnect` at reconnect.spec.ts:L threw: Invalid URL "ftp://127.0.0.1/": the scheme is "ftp:". Use a ws:, wss:, http: or https: URL.',
  ],
  [
    'a delay that is none',
    { delay: () => Number.NaN },
    'function `delay` of `reconnect` at reconnect.spec.ts:L threw: Invalid result of "reconnect.delay": expected a number of milliseconds of at least 0, found NaN',
  ],
] as const satisfies readonly (readonly [string, ReconnectOptions, string])[]) {
  test(`${what} are a finding, and the end`, async ({ findings, server, clients }) => {
    const client = await clients.connect(server.url, { reconnect: { delay: 0, ...options } });
    await (await server.nextConnection()).terminate();
    await client.closed;

    expect(findings()).toEqual([`handlerError: the ${text}`]);
  });
}

test('`false` of options leaves the close as it is', async ({ server, clients }) => {
  const client = await clients.connect(server.url, { reconnect: { delay: 0, options: () => false } });
  await (await server.nextConnection()).close(1000, 'done');

  expect(await client.closed).toEqual({ code: 1000, reason: 'done', wasClean: true, by: 'server' });
});

test('`false` switches a default off', async ({ defaults, server, clients }) => {
  defaults.push({ reconnect: {} });
  const client = await clients.connect(server.url, { reconnect: false });
  await (await server.nextConnection()).close(1000);
  await client.closed;
  await turn();

  expect(server.connections).toHaveLength(1);
});

test('a socket of the WHATWG class does not reconnect, whatever the defaults are', async ({
  defaults,
  server,
  clients,
}) => {
  defaults.push({ reconnect: { delay: 0 } });
  const socket = new clients.WebSocket(server.url);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  await (await server.nextConnection()).close(1000);
  await closed;
  await turn();

  expect(server.connections).toHaveLength(1);
});

test('a socket of the WHATWG class refuses the option', ({ clients }) => {
  const { WebSocket } = clients;
  const params: object = { reconnect: {} };

  expect(() => new WebSocket('ws://127.0.0.1/', [], params)).toThrow(
    new TypeError(
      'Invalid option "reconnect": a socket of the WHATWG standard never opens twice. Make a new one, or use ws.connect()',
    ),
  );
});

for (const [reconnect, message] of [
  [
    true,
    'Invalid option "reconnect" of connect: expected an object { maxAttempts?, delay?, options? }, or false, found true',
  ],
  [
    { maxAttempts: 0 },
    'Invalid option "reconnect.maxAttempts" of connect: expected a whole number of at least 1, found 0',
  ],
  [
    { delay: -1 },
    'Invalid option "reconnect.delay" of connect: expected a number of milliseconds of at least 0, or a function that returns one, found -1',
  ],
  [{ options: {} }, 'Invalid option "reconnect.options" of connect: expected a function, found an object'],
  [{ attempts: 1 }, 'Unknown option "reconnect.attempts" of connect'],
] as const) {
  test(`reconnect: ${JSON.stringify(reconnect)} is refused`, async ({ clients }) => {
    const connecting = Promise.resolve(untyped(clients, 'connect', 'ws://127.0.0.1/', { reconnect }));

    await expect(connecting).rejects.toThrow(new TypeError(message));
  });
}
