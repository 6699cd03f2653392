// What one worker can do: users who ask and wait for the answer, again and again, and users who come, ask and leave.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { test } from '../../lib/ours-in-tests.mjs';

const url = process.env['BENCH_URL'];
const users = Number(process.env['BENCH_COUNT']);
const seconds = 3; // of requests

test('load', async ({ ws }, { repeatEachIndex }) => {
  const figures = {
    rawRequests: await perRequest(rawUsers),
    requests: await perRequest((until) => ourUsers(ws, until)),
    rawVisits: await perVisit(() => rawVisit()),
    visits: await ourVisits(ws),
  };
  writeFileSync(`${process.env['BENCH_OUTPUT']}/${repeatEachIndex}.json`, JSON.stringify(figures));
});

/** @param {(until: number) => Promise<number>} run Resolves with how many requests were answered. */
async function perRequest(run) {
  const start = performance.now();
  const count = await run(start + seconds * 1000);
  return { ms: (performance.now() - start) / count };
}

async function rawUsers(until) {
  const counts = await Promise.all(Array.from({ length: users }, () => rawUser(until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function rawUser(until) {
  const socket = await opened();
  let received;
  socket.on('message', () => received());
  let count = 0;
  for (; performance.now() < until; count++) await ask(socket, { id: count }, (resolve) => (received = resolve));
  socket.close();
  return count;
}

async function ourUsers(ws, until) {
  let count = 0;
  await ws.load({ vus: users, iterations: users }, async (vu) => {
    const client = await vu.connect(url);
    for (let id = 0; performance.now() < until; id++, count++) await client.request({ id }, { id });
  });
  return count;
}

async function perVisit(visit) {
  const start = performance.now();
  let [left, count] = [users * 10, 0];
  await Promise.all(
    Array.from({ length: users }, async () => {
      for (; left-- > 0; count++) await visit();
    }),
  );
  return { ms: (performance.now() - start) / count };
}

async function rawVisit() {
  const socket = await opened();
  await ask(socket, { id: 1 }, (resolve) => socket.once('message', resolve));
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

async function ourVisits(ws) {
  const start = performance.now();
  const iterations = users * 10;
  await ws.load({ vus: users, iterations }, async (vu) => {
    const client = await vu.connect(url);
    await client.request({ id: 1 }, { id: 1 });
  });
  return { ms: (performance.now() - start) / iterations };
}

async function ask(socket, message, listen) {
  const answer = new Promise(listen);
  socket.send(JSON.stringify(message));
  await answer;
}

async function opened() {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}
