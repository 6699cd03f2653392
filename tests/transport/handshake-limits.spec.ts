import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { openClientWire } from '../../src/transport/handshake.ts';
import { response } from '../helpers/raw-peer.ts';
import { expect, test } from '../helpers/test.ts';
import { failure, open, Recorder, requestFor, text } from './opening.ts';

const remedy = '  Check that a WebSocket server answers at this URL, or raise { timeout }.';

test('a silent server is given up at the deadline', async ({ rawServer }) => {
  const error = await failure(rawServer.url, { timeout: 200 });

  expect(error.code).toBe('WS_HANDSHAKE_TIMEOUT');
  expect(error.message).toBe(
    text(
      `Cannot connect to "${rawServer.url}/": the opening handshake did not end within 200 ms`,
      "  It was waiting for the server's answer.",
      remedy,
    ),
  );
});

test('an answer that trickles is given up at the deadline', async ({ startRawServer }) => {
  const server = await startRawServer({
    connection: (peer) => void peer.trickle(response('101 Switching', { padding: 'x'.repeat(9000) }), { every: 5 }),
  });
  const error = await failure(server.url, { timeout: 300 });

  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": the opening handshake did not end within 300 ms`,
      "  It was waiting for the rest of the server's answer.",
      remedy,
    ),
  );
});

test('a TLS handshake that never ends is given up at the deadline', async ({ rawServer }) => {
  const url = rawServer.url.replace('ws:', 'wss:');

  expect((await failure(url, { timeout: 200 })).message).toBe(
    text(
      `Cannot connect to "${url}/": the opening handshake did not end within 200 ms`,
      '  It was in the TLS handshake.',
      '  Check host and port, or raise { timeout }.',
    ),
  );
});

test('cookies that never come are given up at the deadline', async ({ server }) => {
  const error = await failure(server.url, { timeout: 50, cookies: () => new Promise(() => {}) });

  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": the opening handshake did not end within 50 ms`,
      '  It was reading cookies and certificates.',
      '  Check host and port, or raise { timeout }.',
    ),
  );
});

test('the deadline is one for all redirects', async ({ startRawServer }) => {
  const server = await startRawServer({
    connection: (peer) =>
      void peer
        .readRequest()
        .then(() => peer.trickle(response('302 Found', { location: '/next', 'content-length': '0' }), { every: 2 })),
  });
  const error = await failure(server.url, { timeout: 500, maxRedirects: 1000 });

  expect(error.code).toBe('WS_HANDSHAKE_TIMEOUT');
  expect(server.peers.length).toBeGreaterThan(1);
});

test('a 401 whose body never ends is not answered after the deadline', async ({ rawServer }) => {
  const httpCredentials = { username: 'me', password: 'pass' };
  const failing = failure(rawServer.url, { timeout: 200, httpCredentials });
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  await peer.write(response('401 Unauthorized', { 'content-length': '10' }, 'half'));
  const error = await failing;

  expect(error.code).toBe('WS_HANDSHAKE_REFUSED');
  expect(rawServer.peers).toHaveLength(1);
});

test('an aborted signal ends the handshake', async ({ rawServer }) => {
  const controller = new AbortController();
  const failing = failure(rawServer.url, {}, controller.signal);
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  const reason = new Error('the test ended');
  controller.abort(reason);
  const error = await failing;
  await peer.ended;

  expect(error.code).toBe('WS_HANDSHAKE_ABORTED');
  expect(error.cause).toBe(reason);
  expect(error.message).toBe(
    `Cannot connect to "${rawServer.url}/": the opening handshake was aborted: the test ended`,
  );
});

test('a signal that is aborted already lets nothing start', async ({ rawServer }) => {
  const error = await failure(rawServer.url, {}, AbortSignal.abort());

  expect(error.message).toBe(`Cannot connect to "${rawServer.url}/": the opening handshake was aborted`);
  expect(rawServer.peers).toEqual([]);
});

test('an aborted signal ends the reading of a body', async ({ rawServer }) => {
  const controller = new AbortController();
  const failing = failure(rawServer.url, { timeout: 0 }, controller.signal);
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  await peer.write(response('418 Teapot', { 'content-length': '10' }, 'half'));
  controller.abort();

  expect((await failing).code).toBe('WS_HANDSHAKE_ABORTED');
  await peer.ended;
});

test('an aborted signal after the handshake changes nothing', async ({ server }) => {
  const controller = new AbortController();
  const recorder = new Recorder();
  await openClientWire(requestFor(server.url))(recorder, controller.signal);
  const connection = await server.nextConnection();
  controller.abort();
  await connection.send('still there');

  expect(await recorder.next()).toEqual({ kind: 'message', payload: 'still there', isBinary: false });
  await recorder.end();
});

test('no ending leaves a timer or a listener on the signal', async ({ server, rawServer, startServer }) => {
  const refusing = await startServer({ refuse: () => ({ status: 418 }) });
  const { signal } = new AbortController();
  const left = await timersLeftBy(async () => {
    await failure(rawServer.url, { timeout: 100 }, signal);
    await failure(refusing.url, { timeout: 60_000 }, signal);
    await failure(server.url, { timeout: 60_000, cookies: () => Promise.reject(new Error('no')) }, signal);
    const recorder = await open(server.url, { timeout: 60_000 });
    await recorder.end();
  });

  expect(left).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

/** Timers that were made by `run`, and by what it called, and are still pending. */
async function timersLeftBy(run: () => Promise<void>): Promise<number> {
  const inside = new AsyncLocalStorage<true>();
  const pending = new Set<number>();
  const hook = createHook({
    init(id, type) {
      if (type === 'Timeout' && inside.getStore() === true) pending.add(id);
    },
    destroy(id) {
      pending.delete(id);
    },
  }).enable();
  await inside.run(true, run);
  // Destroy hooks of cleared timers run in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  hook.disable();
  return pending.size;
}
