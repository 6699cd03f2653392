// From the arrival of the bytes in this process to the line after `await`: the methods in turn, one wait at a time, the
// message some milliseconds away. Polling is measured with all its waits at once: each of them takes up to a second.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { expect as hostExpect } from '@playwright/test';
import { WebSocket } from 'ws';
import { hasPeer, loadPeer } from '../../lib/peers.mjs';
import { expect, test } from '../../lib/ours-in-tests.mjs';
import { median } from '../../lib/statistics.mjs';

const url = process.env['BENCH_URL'];
const trials = Number(process.env['BENCH_COUNT']);

let arrival = 0;
Socket.prototype.push = function push(...args) {
  if (this.remotePort === Number(new URL(url).port)) arrival = performance.now();
  return Object.getPrototypeOf(Socket.prototype).push.apply(this, args);
};

test('latency', async ({ ws }, { repeatEachIndex }) => {
  const methods = {
    raw: await rawMethod(),
    assertion: await assertionMethod(),
    matcher: await matcherMethod(ws),
    wait: await waitMethod(ws),
    ...(hasPeer('superwstest') ? { superwstest: await superwstestMethod() } : {}),
  };
  const found = Object.fromEntries([...Object.keys(methods), 'poll'].map((name) => [name, []]));
  for (let id = 0; id < trials; id++) {
    for (const [name, wait] of Object.entries(methods)) {
      await wait(id, 2 + Math.random() * 10);
      found[name].push(performance.now() - arrival);
    }
  }
  found.poll = await Promise.all(Array.from({ length: Math.min(trials, 50) }, (_, id) => poll(id)));
  const figures = Object.entries(found).map(([name, all]) => [name, { ms: median(all) }]);
  writeFileSync(`${process.env['BENCH_OUTPUT']}/${repeatEachIndex}.json`, JSON.stringify(Object.fromEntries(figures)));
});

async function rawMethod() {
  const socket = await opened();
  let received;
  socket.on('message', () => received());
  return async (id, delay) => {
    const message = new Promise((resolve) => (received = resolve));
    socket.send(JSON.stringify({ id, delay }));
    await message;
  };
}

/** What a test without this package writes: an assertion of the host on the message, which makes a step as ours does. */
async function assertionMethod() {
  const socket = await opened();
  let received;
  socket.on('message', (data) => received(data));
  return async (id, delay) => {
    const message = new Promise((resolve) => (received = resolve));
    socket.send(JSON.stringify({ id, delay }));
    hostExpect(JSON.parse((await message).toString())).toMatchObject({ id });
  };
}

async function matcherMethod(ws) {
  const client = await ws.connect(url);
  return async (id, delay) => {
    await client.send({ id, delay });
    await expect(client).toReceiveMessage({ id });
  };
}

async function waitMethod(ws) {
  const client = await ws.connect(url);
  return async (id, delay) => {
    await client.send({ id, delay });
    await client.waitForMessage({ id });
  };
}

async function superwstestMethod() {
  const chain = loadPeer('superwstest')(url).ws('/');
  await chain;
  return async (id, delay) => {
    await chain.sendJson({ id, delay }).expectJson({ id });
  };
}

async function poll(id) {
  const socket = await opened();
  let at = 0;
  socket.on('message', () => (at = performance.now()));
  socket.send(JSON.stringify({ id, delay: Math.random() * 1000 }));
  await expect.poll(() => at > 0).toBe(true);
  socket.close();
  return performance.now() - at;
}

async function opened() {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}
