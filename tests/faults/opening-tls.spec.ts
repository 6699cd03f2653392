import type { TlsOptions } from 'node:tls';
import { test } from '@playwright/test';
import type { ConnectOptions } from '../../src/client.ts';
import { selfSigned } from '../transport/certificates.ts';
import { at, certificate, failed, remedies, timedOut, trusting } from './opening.ts';
import { atOnce, fault, within } from './matrix.ts';
import { rejection } from './scene.ts';

// TLS, and the lack of it. The texts of OpenSSL differ between versions: none of them is in a message.

const wss = 'wss://127.0.0.1:PORT/';
const day = 24 * 60 * 60 * 1000;

for (const [title, validity, found] of [
  ['The certificate is signed by nobody that is trusted', {}, 'self-signed certificate'],
  [
    'The certificate has expired',
    { notBeforeDate: new Date(Date.now() - 2 * day), notAfterDate: new Date(Date.now() - day) },
    'certificate has expired',
  ],
  [
    'The certificate is not valid yet',
    { notBeforeDate: new Date(Date.now() + day), notAfterDate: new Date(Date.now() + 2 * day) },
    'certificate is not yet valid',
  ],
] as const) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: title,
        gets: { connect: at(wss, failed(found, remedies.ignoreErrors)) },
        within: atOnce,
      },
      async ({ startServer, ws }) => {
        const tls = await certificate('127.0.0.1', validity);
        const { url } = await startServer({ tls });
        // Its authority is known where that is not the point.
        const connect = (): Promise<unknown> => rejection(ws.connect(url));
        return { connect: await (found === 'self-signed certificate' ? connect() : trusting(tls.cert, connect)) };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The certificate is for another host',
      gets: {
        connect: at(
          wss,
          failed(
            "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: ",
            remedies.ignoreErrors,
          ),
        ),
      },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const tls = await certificate('shop.example');
      const { url } = await startServer({ tls });
      return { connect: await trusting(tls.cert, () => rejection(ws.connect(url))) };
    },
  ),
);

for (const [version, alert] of [
  ['TLSv1.2', 'handshake failure'],
  ['TLSv1.3', 'certificate required'],
] as const) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The server requires a client certificate (${version})`,
        gets: {
          connect: at(wss, failed(`the server ended the TLS handshake: ${alert}`, remedies.clientCertificate)),
        },
        within: atOnce,
      },
      async ({ startServer, ws }) => {
        const tls = { ...(await selfSigned()), requestCert: true, minVersion: version, maxVersion: version };
        const { url } = await startServer({ tls });
        return { connect: await rejection(ws.connect(url, { ignoreHTTPSErrors: true })) };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server does not accept the client certificate, and says nothing',
      gets: {
        connect: at(
          wss,
          failed(
            'the server closed the connection during the TLS handshake',
            '  It may not speak TLS, then use ws:. It may want { clientCertificates }, or other ones.',
          ),
        ),
      },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const [{ cert, key }, known] = await Promise.all([selfSigned('a client'), selfSigned('another')]);
      const tls: TlsOptions = { ...(await selfSigned()), requestCert: true, ca: [known.cert], maxVersion: 'TLSv1.2' };
      const { url, httpUrl: origin } = await startServer({ tls });
      const clientCertificates = [{ origin, cert: Buffer.from(cert), key: Buffer.from(key) }];
      return { connect: await rejection(ws.connect(url, { ignoreHTTPSErrors: true, clientCertificates })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'wss: to a server without TLS',
      gets: {
        connect: at(
          wss,
          failed('the server does not speak TLS', '  Check the scheme: for a server without TLS it is ws:.'),
        ),
      },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const { port } = await startServer();
      return { connect: await rejection(ws.connect(`wss://127.0.0.1:${port}`)) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'ws: to a server with TLS',
      gets: {
        connect: failed('the server closed the connection without an answer', '  If it speaks TLS, use wss:.'),
      },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const { port } = await startServer({ tls: await selfSigned() });
      return { connect: await rejection(ws.connect(`ws://127.0.0.1:${port}`)) };
    },
  ),
);

for (const [title, answers, gets, options] of [
  [
    'The TLS handshake never ends',
    false,
    timedOut('  It was in the TLS handshake.', remedies.hostAndPort),
    { timeout: 300 },
  ],
  [
    'The server closes the connection during the TLS handshake',
    true,
    failed(
      'the server closed the connection during the TLS handshake',
      '  It may not speak TLS, then use ws:. It may want { clientCertificates }, or other ones.',
    ),
    {},
  ],
] satisfies [string, boolean, ReturnType<typeof failed>, ConnectOptions][]) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: title,
        gets: { connect: at(wss, gets) },
        within: answers ? atOnce : within('`timeout`', 300),
      },
      async ({ startRawServer, ws }) => {
        const { port } = await startRawServer({ connection: (peer) => void (answers && peer.end()) });
        return { connect: await rejection(ws.connect(`wss://127.0.0.1:${port}`, options)) };
      },
    ),
  );
}
