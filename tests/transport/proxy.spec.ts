import { type ProxyOptions, startConnectProxy, startSocksProxy, type TestProxy } from '../helpers/proxies.ts';
import type { RawServer } from '../helpers/raw-server.ts';
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

test("bytes in the segment of the proxy's answer are the server's", async ({ rawServer }) => {
  const failing = failure('ws://shop.example/', { proxy: { server: rawServer.url.replace('ws:', 'http:') } });
  const peer = await rawServer.nextPeer();
  const connect = await peer.readRequest();
  await peer.write('HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH_9.6\r\n');

  expect(`${connect.method} ${connect.target}`).toBe('CONNECT shop.example:80');
  expect((await failing).message).toBe(
    text(
      'Cannot connect to "ws://shop.example/": the server answered what is not HTTP: "SSH-2.0-OpenSSH_9.6\\r\\n"',
      '  Check host and port: what listens there does not speak HTTP.',
    ),
  );
});

for (const [url, address] of [
  ['ws://127.0.0.1:8080/', [1, 127, 0, 0, 1]],
  ['ws://[2001:db8::ff:1]:8080/', [4, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 1]],
  ['ws://shop.example:8080/', [3, 12, ...Buffer.from('shop.example')]],
] as const) {
  test(`socks5 asks for ${url}`, async ({ rawServer }) => {
    const asked = await bytesToProxy(rawServer, { url, kind: 'socks5' }, [
      [5, 0],
      [5, 1],
    ]);

    expect(asked).toEqual([
      [5, 1, 0],
      [5, 1, 0, ...address, 8080 >> 8, 8080 & 255],
    ]);
  });
}

for (const [url, address, name] of [
  ['ws://127.0.0.1:8080/', [127, 0, 0, 1], []],
  ['ws://shop.example:8080/', [0, 0, 0, 1], [...Buffer.from('shop.example'), 0]],
] as const) {
  test(`socks4 asks for ${url}`, async ({ rawServer }) => {
    const asked = await bytesToProxy(rawServer, { url, kind: 'socks4' }, [[0, 91, 0, 0, 0, 0, 0, 0]]);

    expect(asked).toEqual([[4, 1, 8080 >> 8, 8080 & 255, ...address, ...Buffer.from('me'), 0, ...name]]);
  });
}

test('socks4 leads to a server', async ({ rawServer }) => {
  const opening = open('ws://shop.example/', { proxy: { server: `socks4://127.0.0.1:${rawServer.port}` } });
  const peer = await rawServer.nextPeer();
  peer.socket.once('data', () => void peer.write(Buffer.from([0, 90, 0, 0, 0, 0, 0, 0])).then(() => peer.accept()));
  const recorder = await opening;

  expect(recorder.wire.handshake.status).toBe(101);
  await recorder.end();
});

test("socks5 leaves what follows the proxy's answer to the server", async ({ rawServer }) => {
  const failing = failure('ws://shop.example/', { proxy: { server: `socks5://127.0.0.1:${rawServer.port}` } });
  const peer = await rawServer.nextPeer();
  const answers = [
    [5, 0],
    [5, 0, 0, 3, 1, 120, 0, 80, ...Buffer.from('SSH-2.0\r\n')],
  ];
  peer.socket.on('data', () => void peer.write(Buffer.from(answers.shift() ?? [])));

  expect((await failing).message.split('\n')[0]).toBe(
    'Cannot connect to "ws://shop.example/": the server answered what is not HTTP: "SSH-2.0\\r\\n"',
  );
});

test('socks5 takes credentials of up to 255 bytes', async ({ rawServer }) => {
  const proxy = { server: `socks5://127.0.0.1:${rawServer.port}`, username: 'me', password: 'x'.repeat(256) };
  const failing = failure('ws://shop.example/', { proxy });
  const peer = await rawServer.nextPeer();
  await peer.write(Buffer.from([5, 2]));

  expect((await failing).message).toBe(
    text(
      'Cannot connect to "ws://shop.example/": SOCKS 5 takes host name, user name and password of up to 255 bytes each',
      '  Check { proxy }, or add the host to its `bypass`.',
    ),
  );
});

/** What a SOCKS proxy was sent before each of its answers; the last of them refuses. */
async function bytesToProxy(
  server: RawServer,
  { url, kind }: { readonly url: string; readonly kind: 'socks4' | 'socks5' },
  answers: readonly (readonly number[])[],
): Promise<number[][]> {
  const failing = failure(url, {
    proxy: { server: `${kind}://127.0.0.1:${server.port}`, ...(kind === 'socks4' ? { username: 'me' } : {}) },
  });
  const peer = await server.nextPeer();
  const asked: number[][] = [];
  peer.socket.on('data', (bytes: Buffer) => {
    const answer = Buffer.from(answers[asked.length] ?? []);
    asked.push([...bytes]);
    // What was asked is all there is to see.
    if (asked.length === answers.length) peer.socket.end(answer);
    else void peer.write(answer);
  });
  await failing;
  return asked;
}

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
