import { test } from '@playwright/test';
import { closedPort } from '../helpers/listening.ts';
import { response } from '../helpers/raw-peer.ts';
import { selfSigned } from '../transport/certificates.ts';
import { at, failed, remedies, timedOut } from './opening.ts';
import { atOnce, fault, within } from './matrix.ts';
import { rejection, type Scene } from './scene.ts';

// A proxy between: HTTP with CONNECT, and SOCKS.

const shop = 'ws://shop.example/';
const timeout = within('`timeout`', 300);

for (const kind of ['http', 'socks5'] as const) {
  const name = kind === 'http' ? 'HTTP' : 'SOCKS';

  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `Nobody listens on the port of the ${name} proxy`,
        gets: {
          connect: at(
            shop,
            failed('the proxy 127.0.0.1:PORT cannot be reached: connect ECONNREFUSED 127.0.0.1:PORT', remedies.proxy),
          ),
        },
        within: atOnce,
      },
      async ({ ws }) => {
        const proxy = { server: `${kind}://127.0.0.1:${await closedPort()}` };
        return { connect: await rejection(ws.connect(shop, { proxy })) };
      },
    ),
  );

  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The ${name} proxy takes the connection and says nothing`,
        gets: { connect: at(shop, timedOut('  It was waiting for the proxy.', remedies.hostAndPort)) },
        within: timeout,
      },
      async ({ startProxy, ws }) => {
        const { host } = await startProxy(kind, { isSilent: true });
        const proxy = { server: `${kind}://${host}` };
        return { connect: await rejection(ws.connect(shop, { proxy, timeout: 300 })) };
      },
    ),
  );

  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The ${name} proxy closes the connection`,
        gets: {
          connect: at(shop, failed('the proxy closed the connection without an answer', remedies.proxy)),
        },
        within: atOnce,
      },
      async ({ startRawServer, ws }) => {
        const { port } = await startRawServer({ connection: (peer) => void peer.end() });
        return { connect: await rejection(ws.connect(shop, { proxy: { server: `${kind}://127.0.0.1:${port}` } })) };
      },
    ),
  );

  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The ${name} proxy requires credentials`,
        gets: {
          connect: failed(
            kind === 'http' ? 'the proxy answered 407 Proxy Authentication Required' : 'the proxy asks for credentials',
            remedies.proxyCredentials,
          ),
        },
        within: atOnce,
      },
      async ({ startServer, startProxy, ws }) => {
        const { url } = await startServer();
        const { host } = await startProxy(kind, { credentials: 'me:pass' });
        return { connect: await rejection(ws.connect(url, { proxy: { server: `${kind}://${host}` } })) };
      },
    ),
  );

  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The ${name} proxy refuses the credentials`,
        gets: {
          connect: failed(
            kind === 'http'
              ? 'the proxy answered 407 Proxy Authentication Required'
              : 'the proxy refused user name and password',
            remedies.proxyCredentials,
          ),
        },
        within: atOnce,
      },
      async ({ startServer, startProxy, ws }) => {
        const { url } = await startServer();
        const { host } = await startProxy(kind, { credentials: 'me:pass' });
        const proxy = { server: `${kind}://${host}`, username: 'me', password: 'wrong' };
        return { connect: await rejection(ws.connect(url, { proxy })) };
      },
    ),
  );

  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The server behind the ${name} proxy says nothing`,
        gets: { connect: timedOut("  It was waiting for the server's answer.", remedies.otherServer) },
        within: timeout,
      },
      async ({ startRawServer, startProxy, ws }) => {
        // The proxy passes the client's end on, and waits for the server's.
        const { url } = await startRawServer({ connection: (peer) => void peer.ended.then(() => peer.end()) });
        const { host } = await startProxy(kind);
        const proxy = { server: `${kind}://${host}` };
        return { connect: await rejection(ws.connect(url, { proxy, timeout: 300 })) };
      },
    ),
  );
}

for (const [title, answer, found] of [
  ['The HTTP proxy refuses', response('403 Forbidden', { 'content-length': '0' }), 'the proxy answered 403 Forbidden'],
  ['The HTTP proxy speaks another protocol', 'SSH-2.0\r\n', 'the proxy answered what is not HTTP: "SSH-2.0\\r\\n"'],
] as const) {
  test(
    ...fault(
      { stage: 'Opening', fault: title, gets: { connect: at(shop, failed(found, remedies.proxy)) }, within: atOnce },
      (scene) => throughRawProxy(scene, 'http', [answer]),
    ),
  );
}

for (const [title, answers, found] of [
  [
    'The SOCKS proxy cannot reach the server',
    [
      [5, 0],
      [5, 5, 0, 1],
    ],
    'the proxy could not connect: connection refused',
  ],
  [
    'The SOCKS proxy does not allow the host',
    [
      [5, 0],
      [5, 2, 0, 1],
    ],
    'the proxy could not connect: not allowed by its rules',
  ],
  ['The SOCKS proxy speaks another protocol', [[72, 84]], 'the proxy does not speak SOCKS 5'],
] as const) {
  test(
    ...fault(
      { stage: 'Opening', fault: title, gets: { connect: at(shop, failed(found, remedies.proxy)) }, within: atOnce },
      (scene) =>
        throughRawProxy(
          scene,
          'socks5',
          answers.map((bytes) => Buffer.from(bytes)),
        ),
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The SOCKS proxy stops in the middle of its answer',
      gets: { connect: at(shop, timedOut('  It was waiting for the proxy.', remedies.hostAndPort)) },
      within: timeout,
    },
    async ({ startRawServer, ws }) => {
      const { port } = await startRawServer({ connection: (peer) => void peer.write(Buffer.from([5])) });
      const proxy = { server: `socks5://127.0.0.1:${port}` };
      return { connect: await rejection(ws.connect(shop, { proxy, timeout: 300 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The certificate of an HTTPS proxy is signed by nobody that is trusted',
      gets: {
        connect: at(
          shop,
          failed('the proxy 127.0.0.1:PORT cannot be reached: self-signed certificate', remedies.ignoreErrors),
        ),
      },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const { httpUrl: server } = await startServer({ tls: await selfSigned() });
      return { connect: await rejection(ws.connect(shop, { proxy: { server } })) };
    },
  ),
);

/** Through a proxy that writes one of these answers whenever it has read something. */
async function throughRawProxy(
  { startRawServer, ws }: Scene,
  kind: 'http' | 'socks5',
  answers: readonly (string | Buffer)[],
): Promise<{ connect: unknown }> {
  const left = [...answers];
  const { port } = await startRawServer({
    connection: (peer) => {
      peer.socket.on('data', () => void peer.write(left.shift() ?? ''));
    },
  });
  return { connect: await rejection(ws.connect(shop, { proxy: { server: `${kind}://127.0.0.1:${port}` } })) };
}
