import { closedPort } from '../helpers/listening.ts';
import { expect, test } from '../helpers/test.ts';
import { failure } from './opening.ts';

// What the user reads after each fault is in tests/faults/opening-*.spec.ts.

test('a failure has no handshake, and the error of the network as its cause', async () => {
  const error = await failure(`ws://127.0.0.1:${await closedPort()}`);

  expect(error.handshake).toBeUndefined();
  expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
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

test('an invalid answer is the handshake', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept({ accept: 'bm9uc2Vuc2U=' });

  expect((await failing).handshake).toMatchObject({ accepted: false, status: 101, headers: { connection: 'Upgrade' } });
});
