import { getEventListeners } from 'node:events';
import { openClientWire } from '../../src/transport/handshake.ts';
import { frame } from '../helpers/raw-frame.ts';
import { expect, test } from '../helpers/test.ts';
import { open, Recorder, requestFor } from './opening.ts';

test('a greeting in the segment of the 101 reaches the listener', async ({ rawServer }) => {
  const opening = open(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept({ extra: frame({ payload: 'hello' }) });
  const recorder = await opening;

  expect(await recorder.next()).toEqual({ kind: 'message', payload: 'hello', isBinary: false });
  await recorder.end();
});

test('the listener has heard open when the promise resolves', async ({ server }) => {
  const recorder = new Recorder();
  await openClientWire(requestFor(server.url))(recorder, new AbortController().signal);

  expect(recorder.isOpen).toBe(true);
  await recorder.end();
});

test('nothing happens before the wire is opened', async ({ server }) => {
  let lookedUp = 0;
  openClientWire(requestFor(server.url, { cookies: async () => ({ header: '', count: (lookedUp += 1) }) }));

  expect(lookedUp).toBe(0);
});

test('handshake has the facts of the 101', async ({ rawServer }) => {
  const opening = open(rawServer.url, { protocols: ['chat', 'log'] });
  const peer = await rawServer.nextPeer();
  await peer.accept({
    headers: { 'sec-websocket-protocol': 'log', 'set-cookie': 'a=1\r\nset-cookie: b=2', 'X-A': '1\r\nx-a: 2' },
  });
  const recorder = await opening;
  const { handshake } = recorder.wire;

  expect(handshake).toMatchObject({
    accepted: true,
    url: `${rawServer.url}/`,
    status: 101,
    statusText: 'Switching Protocols',
    headers: { upgrade: 'websocket', 'set-cookie': 'a=1\nb=2', 'x-a': '1, 2' },
    protocol: 'log',
    extensions: '',
  });
  expect(handshake.body).toHaveLength(0);
  expect(handshake.duration).toBeGreaterThan(0);
  await recorder.end();
});

test('headers, user agent, origin, subprotocols and cookies are sent', async ({ server }) => {
  const recorder = await open(`${server.url}/path?a=1`, {
    headers: { 'X-Custom': 'yes' },
    userAgent: 'Tester/1.0',
    origin: 'https://shop.example',
    protocols: [],
    cookies: async (url) => ({ header: `seen=${url.pathname}`, count: 1 }),
  });
  const [request] = server.handshakes;

  expect(request?.url).toBe('/path?a=1');
  expect(request?.headers).toMatchObject({
    'x-custom': 'yes',
    'user-agent': 'Tester/1.0',
    origin: 'https://shop.example',
    cookie: 'seen=/path',
  });
  await recorder.end();
});

test('requestHeaders are those that were on the wire', async ({ server }) => {
  const recorder = await open(server.url, { headers: { 'X-Custom': 'yes' }, userAgent: 'Tester/1.0' });

  expect(recorder.wire.handshake.requestHeaders).toEqual(server.handshakes[0]?.headers);
  await recorder.end();
});

test('no Origin, User-Agent, Cookie or extension is sent unless asked for', async ({ server }) => {
  const recorder = await open(server.url);

  expect(Object.keys(server.handshakes[0]?.headers ?? {}).toSorted()).toEqual([
    'connection',
    'host',
    'sec-websocket-key',
    'sec-websocket-version',
    'upgrade',
  ]);
  await recorder.end();
});

test('headers of the options win over user agent, cookies and credentials', async ({ server }) => {
  let lookedUp = false;
  const recorder = await open(server.url, {
    headers: { 'USER-AGENT': 'mine', Cookie: 'mine=1', Authorization: 'Bearer mine' },
    userAgent: 'theirs',
    httpCredentials: { username: 'a', password: 'b', send: 'always' },
    cookies: async () => {
      lookedUp = true;
      return { header: 'theirs=1', count: 1 };
    },
  });

  expect(server.handshakes[0]?.headers).toMatchObject({
    'user-agent': 'mine',
    cookie: 'mine=1',
    authorization: 'Bearer mine',
  });
  expect(lookedUp).toBe(false);
  await recorder.end();
});

test('user name and password of the URL are sent as Basic', async ({ server }) => {
  const recorder = await open(server.url.replace('ws://', 'ws://me:se%20cret@'));

  expect(server.handshakes[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:se cret').toString('base64')}`);
  await recorder.end();
});

test('perMessageDeflate is offered when asked for', async ({ startServer }) => {
  const server = await startServer({ websocket: { perMessageDeflate: true } });
  const recorder = await open(server.url, { perMessageDeflate: true });

  expect(server.handshakes[0]?.headers['sec-websocket-extensions']).toBe('permessage-deflate; client_max_window_bits');
  expect(recorder.wire.handshake.extensions).toContain('permessage-deflate');
  await recorder.end();
});

test('an accepted handshake leaves no listener on the signal', async ({ server }) => {
  const { signal } = new AbortController();
  const recorder = new Recorder();
  await openClientWire(requestFor(server.url))(recorder, signal);

  expect(getEventListeners(signal, 'abort')).toEqual([]);
  await recorder.end();
});
