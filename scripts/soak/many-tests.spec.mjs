// Thousands of tests in one worker: what one of them leaves is there for all that follow.
import { setMaxListeners } from 'node:events';
import { appendFileSync } from 'node:fs';
import { expect, test } from 'playwright-ws';
import { takeSample, watch } from './probe.mjs';

const url = process.env['SOAK_URL'] ?? '';
const file = process.env['SOAK_SAMPLES'] ?? '';
/** More than fit into the time: the run is interrupted then. */
const mostTests = Number(process.env['SOAK_TESTS']);
/** Tests between two samples. */
const interval = 52;

// Lives as long as the worker: whoever listens to it and does not stop is seen.
const { signal } = new AbortController();
setMaxListeners(0, signal);

/** @typedef {import('playwright-ws').WebSockets} WebSockets */

/** @type {Readonly<Record<string, (fixtures: { ws: WebSockets, workerWs: WebSockets }) => Promise<void>>>} */
const passing = {
  'a conversation': async ({ ws }) => {
    const client = await ws.connect('/echo', { signal, keepAlive: 1000 });
    await client.send({ type: 'a' });
    await expect(client).toReceiveMessage({ type: 'a' }, { signal });
    await client.request('b', 'b');
    await client.ping();
  },
  'clients left open': async ({ ws }) => {
    await Promise.all([ws.connect('/silent', { signal }), ws.connect('/greet'), ws.connect('/beat')]);
  },
  'a refusal': async ({ ws }) => {
    await expect(ws.connect('/refuse', { signal })).rejects.toThrow('401');
    expect((await ws.handshake('/refuse')).status).toBe(401);
  },
  'a close': async ({ ws }) => {
    const client = await ws.connect('/close', { signal });
    await client.send('go');
    await expect(client).toBeClosed({ code: 4001, signal });
  },
  'handlers and timers': async ({ ws }) => {
    const client = await ws.connect('/echo', { autoReply: { on: 'x', send: 'y' } });
    client.on('message', () => {});
    client.setInterval(() => {}, 1);
    client.setTimeout(() => {}, 60_000, { optional: true });
    await client.request('a', 'a');
  },
  'a socket of the class': async ({ ws }) => {
    const socket = new ws.WebSocket(`${url}/echo`);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.send('hello');
    await expect(socket).toReceiveMessage('hello');
  },
  'a lost connection': async ({ ws }) => {
    const client = await ws.connect('/vanish', { reconnect: { maxAttempts: 1, delay: 0 }, signal });
    const reconnected = new Promise((resolve) => client.once('reconnect', resolve));
    await client.send('go');
    await reconnected;
  },
  'a client that tests share': async ({ workerWs }) => {
    const [client] = workerWs.clients;
    await client?.send({ type: 'a' });
    await expect(workerWs.clients).toReceiveMessage({ type: 'a' }, { signal });
    await expect(workerWs.clients).not.toReceiveMessage('never', { fence: true, signal });
    await client?.request('b', 'b');
  },
  'nothing of ours': async () => {},
};

/** Each is expected to fail. @type {typeof passing} */
const failing = {
  'a wait that is not awaited': async ({ ws }) => {
    const client = await ws.connect('/silent', { signal });
    void client.waitForMessage('never', { signal });
    client.on('message', () => {});
  },
  'a matcher that fails': async ({ ws }) => {
    const client = await ws.connect('/greet', { signal });
    await expect(client).toReceiveMessage('never', { timeout: 1, signal });
  },
  'a connection that vanishes': async ({ ws }) => {
    const client = await ws.connect('/vanish', { signal });
    await client.send('go');
    await client.waitForMessage('never', { signal });
  },
  'a peer that breaks the protocol': async ({ ws }) => {
    const client = await ws.connect('/break');
    await client.send('go');
    await client.closed;
  },
};

const kinds = [...Object.keys(passing), ...Object.keys(failing)];

for (let number = 0; number < mostTests; number++) {
  const kind = kinds[number % kinds.length] ?? '';
  const body = passing[kind] ?? failing[kind];
  const declare = kind in passing ? test : test.fail;
  if (number % interval === 0) test(`after ${number} tests`, () => sample(number));
  declare(`${number}: ${kind}`, async ({ ws, workerWs }) => {
    watch(ws);
    await body?.({ ws, workerWs });
    for (const client of ws.clients) watch(client);
  });
}

test.beforeAll(async ({ workerWs }) => {
  await workerWs.connect('/echo', { name: 'shared' });
});

/** @param {number} rounds */
async function sample(rounds) {
  appendFileSync(file, `${JSON.stringify(await takeSample(rounds, signal))}\n`);
}
