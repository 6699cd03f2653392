// `npm run test:peers`: nginx as a TLS proxy between the client and a server.
import { randomBytes } from 'node:crypto';
import { expect, test } from '../../src/index.ts';
import { urlOf } from './test.ts';

test.use({ ignoreHTTPSErrors: true });

/** What nginx allows between two reads from the server at `/impatient/`. Its default is 60 s. */
const patienceMs = 1000;

test('nginx hands messages on, both ways', async ({ ws }) => {
  const client = await ws.connect(urlOf('nginx', '/echo'), { perMessageDeflate: true });
  const bytes = randomBytes(1_000_000);
  await client.send(bytes);
  await expect(client).toReceiveMessage(bytes);
  await expect(client).toBeOpen();
});

test('nginx hands the refusal of the server on', async ({ ws }) => {
  const { status } = await ws.handshake(urlOf('nginx', '/refuse'));
  expect(status).toBe(403);
});

test('nginx hands the close of the server on', async ({ ws }) => {
  const client = await ws.connect(urlOf('nginx', '/close'), { params: { code: '4001', reason: 'kicked' } });
  await client.send('go');
  await expect(client).toBeClosed({ code: 4001, reason: 'kicked', by: 'server' });
});

test('a certificate that nobody knows is refused, and the error says how to accept it', async ({ ws }) => {
  const opening = ws.connect(urlOf('nginx', '/echo'), { ignoreHTTPSErrors: false });
  await expect(opening).rejects.toThrow(/self-signed certificate[\s\S]*ignoreHTTPSErrors/);
});

test('nginx ends a connection that is idle for longer than its proxy_read_timeout', async ({ ws }) => {
  const client = await ws.connect(urlOf('nginx', '/impatient/silent'));
  await expect(client).toBeClosed({ code: 1006, wasClean: false, by: 'network', notBefore: patienceMs / 2 });
});

test('keepAlive keeps a connection open beyond the proxy_read_timeout of nginx', async ({ ws }) => {
  const client = await ws.connect(urlOf('nginx', '/impatient/silent'), { keepAlive: patienceMs / 4 });
  await expect(client).toBeOpen({ for: 3 * patienceMs });
});
