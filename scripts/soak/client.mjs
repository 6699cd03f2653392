// node scripts/soak/client.mjs <url> <seconds>: rounds of connects, waits and faults through `playwright-ws/client`.
import { setMaxListeners } from 'node:events';
import { expect } from 'expect';
import { anyMessage, connect as open, matchers } from 'playwright-ws/client';
import { takeSample, watch } from './probe.mjs';

const [url = '', seconds = '20'] = process.argv.slice(2);
/** Samples of a run, the first after a warm-up. */
const steps = 12;
/** Rounds that run side by side. */
const parallel = 8;

expect.extend(matchers);
// Lives as long as the process: whoever listens to it and does not stop is seen.
const { signal } = new AbortController();
setMaxListeners(0, signal);
const schema = { '~standard': /** @type {const} */ ({ version: 1, vendor: 'soak', validate: accept }) };

/** @type {readonly (() => Promise<void>)[]} */
const scenarios = [
  async function conversation() {
    const client = await connect(`${url}/echo`, { signal, keepAlive: 1000 });
    await client.send({ type: 'a', n: 1 });
    await client.waitForMessage({ type: 'a' }, { signal });
    await client.request({ id: 7 }, anyMessage, { correlate: 'id' });
    await client.send('several');
    await client.send('messages');
    await client.waitForMessages(['several', 'messages'], { signal });
    await client.send({ price: 1 });
    await client.extract('$.price');
    await client.ping();
    await client.close();
  },
  async function matchersPassAndFail() {
    const client = await connect(`${url}/echo`);
    await client.send('one');
    await expectOf(client).toReceiveMessage('one', { signal });
    await expectOf(client).not.toReceiveMessage('two', { fence: true, signal });
    await failing(expectOf(client).toReceiveMessage('never', { timeout: 1, signal }));
    await client.send('late');
    await expectOf(client).toReceiveMessage('late');
    await expectOf(client).toHaveReceivedMessageCount(2);
    await expectOf(client).toBeOpen({ signal });
    await client.close();
  },
  async function refused() {
    await failing(connect(`${url}/refuse`, { signal }));
  },
  async function nobodyListens() {
    await failing(connect('ws://127.0.0.1:1/', { signal }));
  },
  async function openingTimesOut() {
    await failing(connect(`${url}/mute`, { timeout: 5, signal }));
  },
  async function openingAborted() {
    const controller = new AbortController();
    const opening = failing(connect(`${url}/mute`, { signal: controller.signal }));
    controller.abort();
    await opening;
  },
  async function vanished() {
    const client = await connect(`${url}/vanish`, { signal });
    const wait = failing(client.waitForMessage('never', { signal }));
    await client.send('go');
    await client.waitForClose({ signal });
    await wait;
    await failing(client.send('late'));
  },
  async function closedByTheServer() {
    const client = await connect(`${url}/close`);
    const closed = expectOf(client).toBeClosed({ code: 4001, signal });
    await client.send('go');
    await closed;
  },
  async function brokenProtocol() {
    const client = await connect(`${url}/break`, { on: { error: () => {} } });
    await client.send('go');
    await client.closed;
  },
  async function waitsThatEndOtherwise() {
    const client = await connect(`${url}/silent`, { waitTimeout: 1, signal });
    const controller = new AbortController();
    const waits = [
      failing(client.waitForMessage('times out')),
      failing(client.waitForMessage('is aborted', { timeout: 0, signal: controller.signal })),
      failing(client.waitForMessage('is closed', { timeout: 0, signal })),
      failing(client.extract('$.never', { timeout: 0, signal })),
    ];
    controller.abort();
    await client.close();
    await Promise.all(waits);
  },
  async function handlersAndTimers() {
    const client = await connect(`${url}/beat`, {
      schema,
      ignore: { type: 'noise' },
      autoReply: { on: { type: 'beat' }, send: { type: 'beating' } },
      on: { message: () => {}, close: () => {} },
    });
    client.setInterval(() => void client.send('tick'), 1);
    client.setTimeout(() => {}, 60_000);
    client.on('pong', () => {});
    await client.ping();
    client.terminate();
    await client.closed;
  },
  async function reconnects() {
    const client = await connect(`${url}/vanish`, { reconnect: { maxAttempts: 1, delay: 0 }, signal });
    const reconnected = new Promise((resolve) => client.once('reconnect', resolve));
    await client.send('go');
    await reconnected;
    await client.close();
  },
];

await runFor(0.15 * Number(seconds));
await report(0);
const started = performance.now();
let rounds = 0;
for (let step = 1; step <= steps; step++) {
  const end = started + (step * 850 * Number(seconds)) / steps;
  rounds += await runFor((end - performance.now()) / 1000);
  await report(rounds);
}

/**
 * @param {number} duration Seconds.
 * @returns {Promise<number>} rounds: one is every scenario once.
 */
async function runFor(duration) {
  const end = performance.now() + duration * 1000;
  let done = 0;
  const lane = async () => {
    while (performance.now() < end) {
      for (const scenario of scenarios) await scenario();
      done += scenarios.length;
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return done;
}

/** @param {number} done */
async function report(done) {
  process.stdout.write(`${JSON.stringify(await takeSample(done, signal))}\n`);
}

/** @type {typeof open} */
async function connect(to, options) {
  return watch(await open(to, options));
}

/** @param {Promise<unknown>} promise */
async function failing(promise) {
  const outcome = await promise.then(
    () => 'passed',
    () => 'failed',
  );
  if (outcome === 'passed') throw new Error('Expected a failure, and it passed');
}

/**
 * @param {unknown} value
 * @returns {{ value: unknown }}
 */
function accept(value) {
  return { value };
}

/**
 * The matchers are typed for Playwright's `expect`; this is the standalone one.
 *
 * @param {import('playwright-ws/client').WebSocketClient} client
 * @returns {import('playwright-ws/client').ClientAssertions<unknown>}
 */
function expectOf(client) {
  return Object(expect)(client);
}
