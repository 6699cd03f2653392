import { writeFile } from 'node:fs/promises';
import { TLSSocket } from 'node:tls';
import { expect, test } from '../helpers/test.ts';
import { selfSigned } from './certificates.ts';
import { failure, open } from './opening.ts';

test('ignoreHTTPSErrors accepts a self-signed certificate', async ({ startServer }) => {
  const server = await startServer({ tls: await selfSigned() });
  const recorder = await open(server.url, { ignoreHTTPSErrors: true });

  expect(recorder.wire.handshake.status).toBe(101);
  await recorder.end();
});

test('the host name is sent to the server', async ({ startServer }) => {
  const names: unknown[] = [];
  const server = await startServer({
    tls: {
      ...(await selfSigned()),
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    },
  });
  const recorder = await open(server.url.replace('127.0.0.1', 'localhost'), { ignoreHTTPSErrors: true });

  expect(names).toEqual(['localhost']);
  await recorder.end();
});

test('a client certificate of the origin is shown to the server', async ({ startServer }) => {
  const client = await selfSigned('a client');
  const server = await startServer({ tls: { ...(await selfSigned()), requestCert: true, ca: [client.cert] } });
  const origin = server.httpUrl;
  const recorder = await open(server.url, {
    ignoreHTTPSErrors: true,
    clientCertificates: [
      { origin: 'https://other.example', cert: Buffer.from('other'), key: Buffer.from('other') },
      { origin, cert: Buffer.from(client.cert), key: Buffer.from(client.key) },
    ],
  });

  expect(clientOf(server.handshakes[0]?.socket)).toBe('a client');
  await recorder.end();
});

test('a client certificate is read from files', async ({ startServer }, testInfo) => {
  const client = await selfSigned('from a file');
  const [certPath, keyPath] = [testInfo.outputPath('cert.pem'), testInfo.outputPath('key.pem')];
  await writeFile(certPath, client.cert);
  await writeFile(keyPath, client.key);
  const server = await startServer({ tls: { ...(await selfSigned()), requestCert: true, ca: [client.cert] } });
  const recorder = await open(server.url, {
    ignoreHTTPSErrors: true,
    clientCertificates: [{ origin: server.httpUrl, certPath, keyPath }],
  });

  expect(clientOf(server.handshakes[0]?.socket)).toBe('from a file');
  await recorder.end();
});

test('a client certificate of another origin is not shown', async ({ startServer }) => {
  const client = await selfSigned('a client');
  const server = await startServer({
    tls: { ...(await selfSigned()), requestCert: true, rejectUnauthorized: false, ca: [client.cert] },
  });
  const recorder = await open(server.url, {
    ignoreHTTPSErrors: true,
    clientCertificates: [{ origin: 'https://127.0.0.1', cert: Buffer.from(client.cert), key: Buffer.from(client.key) }],
  });

  expect(clientOf(server.handshakes[0]?.socket)).toBeUndefined();
  await recorder.end();
});

test('a client certificate that cannot be read is told', async ({ server }, testInfo) => {
  const certPath = testInfo.outputPath('missing.pem');
  const url = server.url.replace('ws:', 'wss:');
  const clientCertificates = [{ origin: server.httpUrl.replace('http:', 'https:'), certPath, keyPath: certPath }];

  expect((await failure(url, { clientCertificates })).message).toBe(
    `Cannot connect to "${url}/": it could not be prepared: ENOENT: no such file or directory, open '${certPath}'`,
  );
});

test('a client certificate that is none is told', async ({ server }) => {
  const url = server.url.replace('ws:', 'wss:');
  const pem = Buffer.from('nonsense');
  const clientCertificates = [{ origin: server.httpUrl.replace('http:', 'https:'), cert: pem, key: pem }];
  const error = await failure(url, { clientCertificates });

  // The text is OpenSSL's.
  expect(error.code).toBe('WS_HANDSHAKE_FAILED');
  expect(error.message).toContain(`Cannot connect to "${url}/": `);
});

/** Common name of the client's certificate; `undefined` when it showed none. */
function clientOf(socket: unknown): string | string[] | undefined {
  if (!(socket instanceof TLSSocket)) throw new Error('Cannot read a certificate: the socket has no TLS');
  return socket.getPeerCertificate().subject?.CN;
}
