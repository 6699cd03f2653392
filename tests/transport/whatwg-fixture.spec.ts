import { isHostAtLeast } from '../../src/playwright/host-version.ts';
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';

/** Older Playwright has no subtitles: they stand in the title. */
const connectStep = isHostAtLeast(63)
  ? { title: 'Connect WebSocket', subtitle: 'pasted' }
  : { title: 'Connect WebSocket · pasted' };

/** What people paste: its assertions run in handlers, and nobody awaits them. */
const pasted = `import { test, expect } from 'playwright-ws';
const url = process.env.SERVER_URL;

test.fail('wrong message, caught', async ({ ws }) => {
  const socket = new ws.WebSocket(url);
  socket.onmessage = ({ data }) => {
    try { expect(JSON.parse(data).type).toBe('ready'); } catch (error) { console.log(String(error).slice(0, 5)); }
  };
  await new Promise((resolve) => socket.addEventListener('message', resolve));
});

test.fail('nothing awaited', async ({ ws }) => {
  const socket = new ws.WebSocket(url);
  socket.onopen = () => { socket.onmessage = () => expect(1).toBe(2); };
});

test.fail('server is down', async ({ ws }) => {
  const socket = new ws.WebSocket(url + '/down');
  await new Promise((resolve) => { socket.onclose = resolve; });
});

test('a refusal is expected', async ({ ws }) => {
  const socket = new ws.WebSocket(url + '/down');
  await expect(socket).toBeClosed({ wasClean: false });
  expect(ws.clients.length).toBe(0);
});

test('ends in the turn of open', async ({ ws }) => {
  const socket = new ws.WebSocket(url);
  await new Promise((resolve) => { socket.onopen = resolve; });
});

test('reconnects for ever', async ({ ws }) => {
  const { WebSocket } = ws;
  const connect = () => new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = resolve;
    socket.onclose = () => { console.log('again'); connect(); };
  });
  await connect();
});

test('is one of clients', async ({ ws }) => {
  const socket = new ws.WebSocket(url, null, { name: 'pasted' });
  await expect(socket).toReceiveMessage({ type: 'hello' });
  expect(ws.clients.map(({ name }) => name)).toEqual(['pasted']);
  await expect(ws.clients[0]).toHaveReceivedMessageCount(1);
});
`;

test('pasted code passes only when what it asserts holds', async ({ runInline, startServer }) => {
  const server = await startServer({
    connection: (connection) => void connection.send({ type: 'hello' }),
    refuse: ({ url }) => (url === '/down' ? { status: 503 } : undefined),
  });
  const result = await runInline({ 'pasted.spec.ts': pasted }, { env: { SERVER_URL: server.url } });

  expect(result.failed).toBe(0);
  expect(errorOf(result, 'wrong message, caught')).toMatch(
    /^pasted\.spec\.ts:7:\d+ .*the handler of "message" at pasted\.spec\.ts:6 caught a failed assertion: /s,
  );
  expect(errorOf(result, 'nothing awaited')).toMatch(
    /^pasted\.spec\.ts:13:\d+ .*new WebSocket at pasted\.spec\.ts:13 was not awaited/s,
  );
  expect(errorOf(result, 'server is down')).toMatch(
    /^pasted\.spec\.ts:18:\d+ .*"\/down" \(ws:.*\), connected at pasted\.spec\.ts:18, could not be opened: .*503/s,
  );
  expect(result.test('reconnects for ever').stdout).toBe('again\n');
  expect(result.test('is one of clients').steps).toContainEqual(
    expect.objectContaining({ ...connectStep, location: 'pasted.spec.ts:44:18' }),
  );
});

function errorOf(result: InlineResult, title: string): string {
  return result
    .test(title)
    .errors.map(({ location, message }) => `${location} ${message}`)
    .join('\n---\n');
}
