// Handlers and timers that send or ping are cut off by the end of their test or by our own close: that is no finding.
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const harmless = {
  'an interval of pings that the end of the test cuts off': `
  const client = await ws.connect('/echo');
  client.setInterval(() => client.ping(), 1);
  client.setInterval(() => { void client.ping(); }, 1);
  await client.stay(20);`,
  'an interval of sends that the close of the test cuts off': `
  const client = await ws.connect('/echo');
  client.setInterval(() => client.send('beat'), 1);
  client.setTimeout(() => client.close(), 20);
  await expect(client).toBeClosed({ by: 'client' });`,
  'a handler that answers while the client closes': `
  const client = await ws.connect('/echo');
  client.on('message', () => client.send('again'));
  await client.send('once');
  await expect(client).toReceiveMessage('again');`,
};

const cutOff = 'a ping in a timer on a connection that the network ends';
const harmful = inlineTest(
  cutOff,
  `
  const client = await ws.connect('/vanish', { findings: { unexpectedClose: false } });
  client.on('close', () => client.ping());
  await client.send('go');
  await client.closed;`,
);

let result: InlineResult;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  const files = Object.assign({}, harmful, ...Object.entries(harmless).map(([title, body]) => inlineTest(title, body)));
  result = await runInline(files, { ...slowRun, config: { use: { baseURL: server.httpUrl } } });
});

test('heartbeats: being cut off by the end or by our close is no finding', () => {
  for (const title of Object.keys(harmless)) expect(errorsOf(result, title), title).toEqual([]);
  expect(result.passed).toBe(Object.keys(harmless).length);
});

test('heartbeats: a ping that the network cuts off fails the test', () => {
  expect(errorsOf(result, cutOff)).toEqual([expect.stringContaining('Cannot ping on "/vanish": it closed with 1006')]);
  expect(result.failed).toBe(1);
});
