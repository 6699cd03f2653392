import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { failure, open, text } from './opening.ts';

test('a redirect is followed when asked for', async ({ startServer }) => {
  const server = await startServer({ refuse: redirects({ '/old': '/new' }) });
  const recorder = await open(`${server.url}/old`, { maxRedirects: 1 });

  expect(recorder.wire.handshake).toMatchObject({ url: `${server.url}/new`, status: 101 });
  await recorder.end();
});

test('a redirect to an http URL is followed as ws, without its fragment', async ({ startServer }) => {
  const target = await startServer();
  const server = await startServer({ refuse: redirects({ '/': `${target.httpUrl}/a#b` }) });
  const recorder = await open(server.url, { maxRedirects: 1 });

  expect(recorder.wire.handshake.url).toBe(`${target.url}/a`);
  await recorder.end();
});

test('a redirect within the origin keeps headers and asks for cookies again', async ({ startServer }) => {
  const server = await startServer({ refuse: redirects({ '/old': '/new' }) });
  const recorder = await open(`${server.url}/old`, {
    maxRedirects: 1,
    headers: { Authorization: 'Bearer mine', 'X-Custom': 'yes' },
    cookies: async (url) => ({ header: `path=${url.pathname}`, count: 1 }),
  });

  expect(server.handshakes[1]?.headers).toMatchObject({
    authorization: 'Bearer mine',
    'x-custom': 'yes',
    cookie: 'path=/new',
  });
  await recorder.end();
});

test('a redirect to another origin drops credentials and asks for cookies again', async ({ startServer }) => {
  const target = await startServer();
  const server = await startServer({ refuse: redirects({ '/': target.url }) });
  const recorder = await open(server.url.replace('ws://', 'ws://me:pass@'), {
    maxRedirects: 1,
    headers: { Authorization: 'Bearer mine', Cookie: 'mine=1', Host: 'fake.example', 'X-Custom': 'yes' },
    httpCredentials: { username: 'a', password: 'b', send: 'always' },
    cookies: async (url) => ({ header: `port=${url.port}`, count: 1 }),
  });
  const headers = target.handshakes[0]?.headers;

  expect(server.handshakes[0]?.headers).toMatchObject({ authorization: 'Bearer mine', cookie: 'mine=1' });
  expect(headers).toMatchObject({ 'x-custom': 'yes', cookie: `port=${target.port}`, host: `127.0.0.1:${target.port}` });
  expect(headers).not.toHaveProperty('authorization');
  await recorder.end();
});

test('credentials that were dropped do not come back', async ({ startServer }) => {
  const away = await startServer({ refuse: (request) => redirects({ '/': `${back()}/end` })(request) });
  const server = await startServer({ refuse: redirects({ '/': away.url }) });
  const back = (): string => server.url;
  const recorder = await open(server.url, { maxRedirects: 2, headers: { authorization: 'Bearer mine' } });

  expect(server.handshakes.map(({ headers }) => headers.authorization)).toEqual(['Bearer mine', undefined]);
  await recorder.end();
});

test('too many redirects are a refusal that shows them', async ({ startServer }) => {
  const server = await startServer({ refuse: redirects({ '/a': '/b', '/b': '/c', '/c': '/d' }) });
  const error = await failure(`${server.url}/a`, { maxRedirects: 2 });

  expect(error.code).toBe('WS_HANDSHAKE_REFUSED');
  expect(error.handshake).toMatchObject({ status: 302, url: `${server.url}/c` });
  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/a": the server redirected more than 2 times`,
      `  redirects: 302 to "${server.url}/b", 302 to "${server.url}/c", 302 to "${server.url}/d"`,
      '  Raise { maxRedirects: 2 }.',
    ),
  );
});

test('a loop of redirects is named', async ({ startServer }) => {
  const server = await startServer({ refuse: redirects({ '/a': '/b', '/b': '/a' }) });

  expect((await failure(`${server.url}/a`, { maxRedirects: 1 })).message).toBe(
    text(
      `Cannot connect to "${server.url}/a": the server redirected more than 1 time`,
      `  redirects: 302 to "${server.url}/b", 302 to "${server.url}/a"`,
      '  The redirects form a loop.',
    ),
  );
});

test('a refusal after a redirect shows the redirects', async ({ startServer }) => {
  const server = await startServer({
    refuse: (request) => redirects({ '/old': '/new' })(request) ?? { status: 404 },
  });

  expect((await failure(`${server.url}/old`, { maxRedirects: 5 })).message).toBe(
    text(
      `Cannot connect to "${server.url}/old": the server answered 404 Not Found`,
      `  redirects: 302 to "${server.url}/new"`,
      '  Check the path and `baseURL`: no WebSocket is served there.',
    ),
  );
});

/** Redirects these paths, accepts all others. */
function redirects(targets: Readonly<Record<string, string>>): (request: IncomingMessage) => Refusal | undefined {
  return ({ url }) => {
    const location = targets[url ?? ''];
    return location === undefined ? undefined : { status: 302, headers: { location } };
  };
}
