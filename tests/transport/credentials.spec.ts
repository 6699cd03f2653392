import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { failure, open, text } from './opening.ts';

const httpCredentials = { username: 'me', password: 'pass' };
const basic = `Basic ${Buffer.from('me:pass').toString('base64')}`;

test('httpCredentials answer a 401 once', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Basic realm="x"') });
  const recorder = await open(server.url, { httpCredentials });

  expect(server.handshakes.map(({ headers }) => headers.authorization)).toEqual([undefined, basic]);
  expect(recorder.wire.handshake.status).toBe(101);
  await recorder.end();
});

test('httpCredentials answer a 401 that names no scheme', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor(undefined) });
  const recorder = await open(server.url, { httpCredentials });

  expect(server.handshakes).toHaveLength(2);
  await recorder.end();
});

test('httpCredentials go with the first request when asked for', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Basic realm="x"') });
  const recorder = await open(server.url, { httpCredentials: { ...httpCredentials, send: 'always' } });

  expect(server.handshakes).toHaveLength(1);
  await recorder.end();
});

test('httpCredentials that are wrong are told, and sent once only', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Basic realm="x"') });
  const error = await failure(server.url, { httpCredentials: { username: 'me', password: 'wrong' } });

  expect(server.handshakes).toHaveLength(2);
  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": the server answered 401 Unauthorized`,
      '  cookies: 0 sent, from no cookies',
      '  The server refused the httpCredentials: check user name and password.',
    ),
  );
});

test('a server that asks for Basic has its remedy', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Basic realm="x"') });

  expect((await failure(server.url)).message).toBe(
    text(
      `Cannot connect to "${server.url}/": the server answered 401 Unauthorized`,
      '  cookies: 0 sent, from no cookies',
      '  Pass { httpCredentials: { username, password } }.',
    ),
  );
});

test('httpCredentials are not sent to a server that asks for another scheme', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Bearer') });

  expect((await failure(server.url, { httpCredentials })).status).toBe(401);
  expect(server.handshakes).toHaveLength(1);
});

test('httpCredentials are sent to their origin only', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Basic') });

  expect(
    (await failure(server.url, { httpCredentials: { ...httpCredentials, origin: 'https://other.example' } })).status,
  ).toBe(401);
  expect(server.handshakes).toHaveLength(1);

  const recorder = await open(server.url, { httpCredentials: { ...httpCredentials, origin: server.httpUrl } });
  await recorder.end();
});

test('httpCredentials of a list are the first that fit', async ({ startServer }) => {
  const server = await startServer({ refuse: asksFor('Basic') });
  const other = { username: 'other', password: 'other', origin: 'https://other.example' };
  const recorder = await open(server.url, { httpCredentials: [other, httpCredentials, { ...other, origin: '' }] });

  expect(server.handshakes).toHaveLength(2);
  await recorder.end();
});

test('httpCredentials are not sent to where a redirect leads', async ({ startServer }) => {
  const target = await startServer({ refuse: asksFor('Basic') });
  const server = await startServer({ refuse: () => ({ status: 302, headers: { location: target.url } }) });

  expect((await failure(server.url, { httpCredentials, maxRedirects: 1 })).status).toBe(401);
  expect(target.handshakes.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

/** Accepts `me:pass`, answers all others with 401 and this challenge. */
function asksFor(challenge: string | undefined): (request: IncomingMessage) => Refusal | undefined {
  return ({ headers }) => {
    if (headers.authorization === basic) return undefined;
    return { status: 401, headers: challenge === undefined ? {} : { 'www-authenticate': challenge } };
  };
}
