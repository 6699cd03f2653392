import { closedPort } from '../helpers/listening.ts';
import { type ProxyOptions, startConnectProxy, startSocksProxy, type TestProxy } from '../helpers/proxies.ts';
import { expect, test as base } from '../helpers/test.ts';
import { selfSigned } from './certificates.ts';
import { failure, open, text } from './opening.ts';

type StartProxy = (kind: 'http' | 'socks5', options?: ProxyOptions) => Promise<TestProxy>;

const test = base.extend<{ startProxy: StartProxy }>({
  startProxy: async ({}, use, testInfo) => {
    const proxies: TestProxy[] = [];
    await use(async (kind, options) => {
      const proxy = await (kind === 'http' ? startConnectProxy(options) : startSocksProxy(options));
      proxies.push(proxy);
      return proxy;
    });
    for (const proxy of proxies) {
      const left = testInfo.status === testInfo.expectedStatus ? await proxy.leftOpen() : 0;
      await proxy.close();
      expect(left).toBe(0);
    }
  },
});

for (const kind of ['http', 'socks5'] as const) {
  test(`${kind} proxy leads to a ws server`, async ({ server, startProxy }) => {
    const proxy = await startProxy(kind);
    const recorder = await open(`ws://shop.example:${server.port}/a`, { proxy: { server: `${kind}://${proxy.host}` } });

    expect(proxy.requests).toEqual([{ target: `shop.example:${server.port}`, credentials: undefined }]);
    expect(server.handshakes[0]?.headers.host).toBe(`shop.example:${server.port}`);
    await recorder.end();
  });

  test(`${kind} proxy leads to a wss server`, async ({ startServer, startProxy }) => {
    const server = await startServer({ tls: await selfSigned() });
    const proxy = await startProxy(kind);
    const recorder = await open(server.url, { proxy: { server: `${kind}://${proxy.host}` }, ignoreHTTPSErrors: true });
    const connection = await server.nextConnection();
    await connection.send('through');

    expect(await recorder.next()).toEqual({ kind: 'message', payload: 'through', isBinary: false });
    await recorder.end();
  });

  test(`${kind} proxy gets user name and password`, async ({ server, startProxy }) => {
    const proxy = await startProxy(kind, { credentials: 'me:pa:ss' });
    const options = { server: `${kind}://${proxy.host}`, username: 'me', password: 'pa:ss' };
    const recorder = await open(server.url, { proxy: options });

    expect(proxy.requests[0]?.credentials).toBe('me:pa:ss');
    expect(server.handshakes[0]?.headers).not.toHaveProperty('proxy-authorization');
    await recorder.end();
  });

  test(`${kind} proxy that says nothing is left at the deadline`, async ({ startProxy }) => {
    const proxy = await startProxy(kind, { isSilent: true });
    const error = await failure('ws://shop.example/', { proxy: { server: `${kind}://${proxy.host}` }, timeout: 200 });

    expect(error.message).toBe(
      text(
        'Cannot connect to "ws://shop.example/": the opening handshake did not end within 200 ms',
        '  It was waiting for the proxy.',
        '  Check host and port, or raise { timeout }.',
      ),
    );
    expect(await proxy.leftOpen()).toBe(0);
  });

  test(`${kind} proxy that does not listen is told`, async () => {
    const port = await closedPort();
    const error = await failure('ws://shop.example/', { proxy: { server: `${kind}://127.0.0.1:${port}` } });

    expect(error.code).toBe('WS_HANDSHAKE_FAILED');
    expect(error.message).toBe(
      text(
        `Cannot connect to "ws://shop.example/": the proxy 127.0.0.1:${port} cannot be reached: ` +
          `connect ECONNREFUSED 127.0.0.1:${port}`,
        '  Check { proxy }, or add the host to its `bypass`.',
      ),
    );
  });
}

test('an https proxy leads to a ws server', async ({ server, startProxy }) => {
  const proxy = await startProxy('http', { tls: await selfSigned() });
  const recorder = await open(server.url, { proxy: { server: `https://${proxy.host}` }, ignoreHTTPSErrors: true });

  expect(proxy.requests).toHaveLength(1);
  await recorder.end();
});

test('an https proxy leads to a wss server', async ({ startServer, startProxy }) => {
  const server = await startServer({ tls: await selfSigned() });
  const proxy = await startProxy('http', { tls: await selfSigned() });
  const recorder = await open(server.url, { proxy: { server: `https://${proxy.host}` }, ignoreHTTPSErrors: true });

  expect(proxy.requests).toHaveLength(1);
  await recorder.end();
});

test('a proxy without a scheme is an http proxy, and its URL may have the credentials', async ({
  server,
  startProxy,
}) => {
  const proxy = await startProxy('http', { credentials: 'me:50%' });
  const recorder = await open(server.url, { proxy: { server: `http://me:50%25@${proxy.host}` } });
  const other = await open(server.url, { proxy: { server: proxy.host, username: 'me', password: '50%' } });

  expect(proxy.requests).toHaveLength(2);
  await Promise.all([recorder.end(), other.end()]);
});

test('an http proxy that asks for credentials is told with the remedy', async ({ server, startProxy }) => {
  const proxy = await startProxy('http', { credentials: 'me:pass' });
  const error = await failure(server.url, { proxy: { server: proxy.host } });

  expect(error.code).toBe('WS_HANDSHAKE_FAILED');
  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": the proxy answered 407 Proxy Authentication Required`,
      '  Pass { proxy: { server, username, password } }.',
    ),
  );
});

test('a socks5 proxy that refuses the credentials is told, without them', async ({ server, startProxy }) => {
  const proxy = await startProxy('socks5', { credentials: 'me:pass' });
  const error = await failure(server.url, {
    proxy: { server: `socks5://${proxy.host}`, username: 'me', password: 'wrong' },
  });

  expect(error.message).toBe(
    text(
      `Cannot connect to "${server.url}/": the proxy refused: Socks5 Authentication failed`,
      '  Check { proxy }, or add the host to its `bypass`.',
    ),
  );
  expect(JSON.stringify(error.cause)).not.toContain('wrong');
});

test('a silent server behind a proxy is told from a silent proxy', async ({ rawServer, startProxy }) => {
  const proxy = await startProxy('http');
  const error = await failure(rawServer.url, { proxy: { server: proxy.host }, timeout: 200 });
  const peer = await rawServer.nextPeer();
  await peer.end();

  expect(error.message).toBe(
    text(
      `Cannot connect to "${rawServer.url}/": the opening handshake did not end within 200 ms`,
      "  It was waiting for the server's answer.",
      '  Check that a WebSocket server answers at this URL, or raise { timeout }.',
    ),
  );
});

test("bytes in the segment of the proxy's answer are the server's", async ({ rawServer }) => {
  const failing = failure('ws://shop.example/', { proxy: { server: rawServer.url.replace('ws:', 'http:') } });
  const peer = await rawServer.nextPeer();
  const connect = await peer.readRequest();
  await peer.write('HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH_9.6\r\n');

  expect(`${connect.method} ${connect.target}`).toBe('CONNECT shop.example:80');
  expect((await failing).message).toBe(
    text(
      'Cannot connect to "ws://shop.example/": Parse Error: Expected HTTP/, RTSP/ or ICE/',
      '  Check host and port: what listens there does not speak HTTP.',
    ),
  );
});

test('an aborted signal ends the connection to a proxy', async ({ startProxy }) => {
  for (const kind of ['http', 'socks5'] as const) {
    const proxy = await startProxy(kind, { isSilent: true });
    const error = await failure(
      'ws://shop.example/',
      { proxy: { server: `${kind}://${proxy.host}` }, timeout: 0 },
      AbortSignal.timeout(50),
    );

    expect(error.code).toBe('WS_HANDSHAKE_ABORTED');
    expect(await proxy.leftOpen()).toBe(0);
  }
});

for (const [bypass, isBypassed] of [
  ['127.0.0.1', true],
  ['localhost, 127.0.0.1', true],
  ['.0.0.1', true],
  ['*.0.0.1', true],
  ['*', true],
  ['127.0.0.1:{port}', true],
  ['127.0.0.1:1', false],
  ['27.0.0.1', false],
  ['example.com', false],
  ['', false],
] as const) {
  test(`bypass "${bypass}" ${isBypassed ? 'reaches' : 'does not reach'} 127.0.0.1 without the proxy`, async ({
    server,
    startProxy,
  }) => {
    const proxy = await startProxy('http');
    const options = { server: proxy.host, bypass: bypass.replace('{port}', String(server.port)) };
    const recorder = await open(server.url, { proxy: options });

    expect(proxy.requests).toHaveLength(isBypassed ? 0 : 1);
    await recorder.end();
  });
}
