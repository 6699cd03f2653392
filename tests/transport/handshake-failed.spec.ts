import { response } from '../helpers/raw-peer.ts';
import { closedPort } from '../helpers/listening.ts';
import { expect, test } from '../helpers/test.ts';
import { failure, text } from './opening.ts';

const resetRemedy = '  The server closed the connection without an answer. If it speaks TLS, use wss:.';

test('a refused port is told with the remedy', async () => {
  const port = await closedPort();
  const error = await failure(`ws://127.0.0.1:${port}`);

  expect(error.code).toBe('WS_HANDSHAKE_FAILED');
  expect(error.handshake).toBeUndefined();
  expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  expect(error.message).toBe(
    text(
      `Cannot connect to "ws://127.0.0.1:${port}/": connect ECONNREFUSED 127.0.0.1:${port}`,
      '  Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
    ),
  );
});

test('a server that closes without an answer is told', async ({ startRawServer }) => {
  const server = await startRawServer({ connection: (peer) => void peer.end() });

  expect((await failure(server.url)).message).toBe(
    text(`Cannot connect to "${server.url}/": socket hang up`, resetRemedy),
  );
});

test('a server that resets the connection is told', async ({ startRawServer }) => {
  const server = await startRawServer({ connection: (peer) => void peer.readRequest().then(() => peer.reset()) });

  expect((await failure(server.url)).message).toBe(
    text(`Cannot connect to "${server.url}/": read ECONNRESET`, resetRemedy),
  );
});

test('a server that does not speak HTTP is told', async ({ startRawServer }) => {
  const server = await startRawServer({ connection: (peer) => void peer.write('SSH-2.0-OpenSSH_9.6\r\n') });
  const error = await failure(server.url);

  expect(error.code).toBe('WS_HANDSHAKE_FAILED');
  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": Parse Error: Expected HTTP/, RTSP/ or ICE/`,
      '  Check host and port: what listens there does not speak HTTP.',
    ),
  );
});

test('cookies that cannot be read are told', async ({ server }) => {
  const cause = new Error('the context is closed');
  const error = await failure(server.url, { cookies: () => Promise.reject(cause) });

  expect(error.code).toBe('WS_HANDSHAKE_FAILED');
  expect(error.cause).toBe(cause);
  expect(error.message).toBe(`Cannot connect to "${server.url}/": it could not be prepared: the context is closed`);
});

test('several addresses of a name are all told', async () => {
  const port = await closedPort();
  const error = await failure(`ws://localhost:${port}`, {});
  const { message } = error;

  // Which addresses the name has depends on the machine; an AggregateError has an empty text of its own.
  expect(message.split('\n')[0]).toMatch(
    new RegExp(
      `^Cannot connect to "ws://localhost:${port}/": connect ECONNREFUSED (::1|127\\.0\\.0\\.1):${port}(; connect .*)?$`,
    ),
  );
});

test('an invalid Sec-WebSocket-Accept is told', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept({ accept: 'bm9uc2Vuc2U=' });
  const error = await failing;

  expect(error.code).toBe('WS_HANDSHAKE_INVALID');
  expect(error.handshake).toMatchObject({ accepted: false, status: 101 });
  expect(error.message).toBe(
    `Cannot connect to "${rawServer.url}/": the server answered 101, but the answer is invalid: ` +
      'invalid Sec-WebSocket-Accept header',
  );
});

test('a missing Upgrade header is told at once', async ({ rawServer }) => {
  const failing = failure(rawServer.url, { timeout: 0 });
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  await peer.write(response('101 Switching Protocols', { connection: 'Upgrade' }));
  const error = await failing;

  expect(error.code).toBe('WS_HANDSHAKE_INVALID');
  expect(error.handshake).toMatchObject({ accepted: false, status: 101, headers: { connection: 'Upgrade' } });
  expect(error.message).toBe(
    `Cannot connect to "${rawServer.url}/": the server answered 101, but the answer is invalid: ` +
      'missing Upgrade or Connection header',
  );
});

test('an upgrade to something else is told', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept({ headers: { upgrade: 'h2c' } });

  expect((await failing).message).toBe(
    `Cannot connect to "${rawServer.url}/": the server answered 101, but the answer is invalid: invalid Upgrade header`,
  );
});

test('a subprotocol that the server does not choose is told', async ({ rawServer }) => {
  const failing = failure(rawServer.url, { protocols: ['chat', 'log'] });
  const peer = await rawServer.nextPeer();
  await peer.accept();

  expect((await failing).message).toBe(
    text(
      `Cannot connect to "${rawServer.url}/": the server answered 101, but the answer is invalid: server sent no subprotocol`,
      '  subprotocols: offered "chat", "log"; chosen none',
      '  Pass { protocols } with a name that the server knows, or none.',
    ),
  );
});

test('a subprotocol that was not offered is told', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept({ headers: { 'sec-websocket-protocol': 'chat' } });

  expect((await failing).message).toBe(
    text(
      `Cannot connect to "${rawServer.url}/": the server answered 101, but the answer is invalid: ` +
        'server sent a subprotocol but none was requested',
      '  subprotocols: offered none; chosen "chat"',
      '  Pass { protocols } with a name that the server knows, or none.',
    ),
  );
});

test('an extension that was not offered is told', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept({ headers: { 'sec-websocket-extensions': 'permessage-deflate' } });
  const error = await failing;

  expect(error.code).toBe('WS_HANDSHAKE_INVALID');
  expect(error.message).toBe(
    `Cannot connect to "${rawServer.url}/": the server answered 101, but the answer is invalid: ` +
      'server sent a Sec-WebSocket-Extensions header but no extension was requested',
  );
});
