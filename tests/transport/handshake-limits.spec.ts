import { openClientWire } from '../../src/transport/handshake.ts';
import { response } from '../helpers/raw-peer.ts';
import { expect, test } from '../helpers/test.ts';
import { failure, Recorder, requestFor, text } from './opening.ts';

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
