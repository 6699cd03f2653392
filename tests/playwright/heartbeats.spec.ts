// Handlers and timers that send or ping are cut off by the end of their test or by our own close: that is no finding.
import { expect, test } from '../helpers/test.ts';
import { errorsOf, inlineTest } from './inline-test.ts';
import { peer } from './peer.ts';

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

test('heartbeats: being cut off by the end or by our close is no finding', async ({ runInline, startServer }) => {
  const server = await startServer(peer);
  const files = Object.assign({}, ...Object.entries(harmless).map(([title, body]) => inlineTest(title, body)));
  const result = await runInline(files, { config: { use: { baseURL: server.httpUrl } } });
  for (const title of Object.keys(harmless)) expect(errorsOf(result, title), title).toEqual([]);
  expect(result.passed).toBe(Object.keys(harmless).length);
});

test('heartbeats: a ping that the network cuts off fails the test', async ({ runInline, startServer }) => {
  const server = await startServer(peer);
  const title = 'a ping in a timer on a connection that the network ends';
  const files = inlineTest(
    title,
    `
  const client = await ws.connect('/vanish', { findings: { unexpectedClose: false } });
  client.on('close', () => client.ping());
  await client.send('go');
  await client.closed;`,
  );
  const result = await runInline(files, { config: { use: { baseURL: server.httpUrl } } });
  expect(errorsOf(result, title)).toEqual([expect.stringContaining('Cannot ping on "/vanish": it closed with 1006')]);
});
