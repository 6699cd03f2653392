import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { response } from '../helpers/raw-peer.ts';
import { expect, test } from '../helpers/test.ts';
import { failure, text } from './opening.ts';

test('a refusal tells status, body, cookies and remedy', async ({ startServer }) => {
  const server = await startServer({ refuse: () => ({ status: 401, body: { error: 'missing token' } }) });
  const error = await failure(`${server.url}/orders`, {
    cookieSource: 'the `request` fixture',
    cookies: async () => ({ header: 'a=1; b=2', count: 2 }),
  });

  expect(error.code).toBe('WS_HANDSHAKE_REFUSED');
  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/orders": the server answered 401 Unauthorized`,
      '  body: {"error":"missing token"}',
      '  cookies: 2 sent, from the `request` fixture',
      '  Log in with `request` first, or pass { headers: { authorization: … } }.',
    ),
  );
});

test('a refusal has the handshake', async ({ startServer }) => {
  const server = await startServer({
    refuse: () => ({ status: 403, headers: { 'x-why': 'banned' }, body: { error: 'no' } }),
  });
  const { handshake, status } = await failure(server.url, { headers: { 'x-custom': 'yes' } });

  expect(status).toBe(403);
  expect(handshake).toMatchObject({
    accepted: false,
    url: `${server.url}/`,
    status: 403,
    statusText: 'Forbidden',
    headers: { 'x-why': 'banned', 'content-type': 'application/json' },
    requestHeaders: { 'x-custom': 'yes' },
    protocol: '',
    extensions: '',
  });
  expect(handshake?.json()).toEqual({ error: 'no' });
});

test('a refusal names a cookie header of the options', async ({ startServer }) => {
  const server = await startServer({ refuse: () => ({ status: 403 }) });
  const error = await failure(server.url, { headers: { cookie: 'a=1' } });

  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": the server answered 403 Forbidden`,
      '  cookies: those of the `cookie` header',
      '  Log in with `request` first, or pass { headers: { authorization: … } }. Some servers want an { origin }.',
    ),
  );
});

test('a refusal without a usual remedy has none', async ({ startServer }) => {
  const server = await startServer({ refuse: () => ({ status: 418 }) });

  expect((await failure(server.url)).message).toBe(
    `Cannot connect to "${server.url}/": the server answered 418 I'm a Teapot`,
  );
});

test('control characters of an answer are escaped', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  await peer.write(response('418 Tea\u0080', { 'content-length': '10' }, 'a\r\n\u001b[31mb\u0000'));
  const error = await failing;

  expect(error.message).toBe(
    text(
      `Cannot connect to "${rawServer.url}/": the server answered 418 TeaÂ\\u0080`,
      '  body: a\\r\\n\\u001b[31mb\\u0000',
    ),
  );
});

test('a body of more than 16 MiB is cut there', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  await peer.write(response('418 Teapot', { 'content-length': '99999999' }));
  await peer.write(Buffer.alloc(17 * 1024 * 1024, 'y'));
  const error = await failing;

  expect(error.handshake?.body.length).toBe(16 * 1024 * 1024);
  expect(error.message).toBe(
    text(
      `Cannot connect to "${rawServer.url}/": the server answered 418 Teapot`,
      `  body: ${'y'.repeat(300)}… (16777216 bytes, more did not come)`,
    ),
  );
});

for (const [name, encoding, encode] of [
  ['gzip', 'gzip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without the zlib header', 'deflate', deflateRawSync],
  ['brotli', 'br', brotliCompressSync],
] as const) {
  test(`a body in ${name} is decoded`, async ({ rawServer }) => {
    const body = encode('{"error":"packed"}');
    const failing = failure(rawServer.url);
    const peer = await rawServer.nextPeer();
    await peer.readRequest();
    const head = response('418 Teapot', { 'content-encoding': encoding, 'content-length': String(body.length) });
    await peer.write(Buffer.concat([head, body]));

    expect((await failing).handshake?.json()).toEqual({ error: 'packed' });
  });
}

test('a body that is not encoded as it says stays as it came', async ({ rawServer }) => {
  const failing = failure(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.readRequest();
  await peer.write(response('418 Teapot', { 'content-encoding': 'gzip', 'content-length': '5' }, 'plain'));

  expect((await failing).handshake?.text()).toBe('plain');
});

test('secrets of the query are masked in the message', async ({ startServer }) => {
  const server = await startServer({ refuse: () => ({ status: 418 }) });
  const url = server.url.replace('ws://', 'ws://me:pass@');

  expect((await failure(`${url}/a?access_token=abc&room=1`)).message).toBe(
    `Cannot connect to "${server.url.replace('ws://', 'ws://me:***@')}/a?access_token=***&room=1": ` +
      "the server answered 418 I'm a Teapot",
  );
});
