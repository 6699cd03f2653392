import { test } from '@playwright/test';
import type { ConnectOptions } from '../../src/client.ts';
import { response } from '../helpers/raw-peer.ts';
import { aborted, at, withLookup } from './opening.ts';
import { atOnce, fault, withoutPorts } from './matrix.ts';
import { rejection } from './scene.ts';

// An opening handshake that our side ends: the signal at each stage, close(), terminate(), the end of the test.

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The `signal` is aborted before `connect`',
      gets: { connect: aborted(), connections: 0 },
      within: atOnce,
    },
    async ({ abortController, startRawServer, ws }) => {
      const server = await startRawServer();
      const controller = abortController();
      controller.abort();
      const connect = await rejection(ws.connect(server.url, { signal: controller.signal }));
      return { connect, connections: server.peers.length };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The `signal` aborts while the host name is resolved',
      gets: { connect: at('ws://shop.invalid/', aborted('enough')) },
      within: atOnce,
    },
    async ({ abortController, ws }) => {
      const controller = abortController();
      const connect = withLookup(
        () => setImmediate(() => controller.abort(new Error('enough'))),
        () => rejection(ws.connect('ws://shop.invalid/', { signal: controller.signal })),
      );
      return { connect: await connect };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The `signal` aborts in the turn of `connect`, before TCP is through',
      gets: { connect: aborted('enough') },
      within: atOnce,
    },
    async ({ abortController, startRawServer, ws }) => {
      const { url } = await startRawServer();
      const controller = abortController();
      const connect = rejection(ws.connect(url, { signal: controller.signal }));
      controller.abort(new Error('enough'));
      return { connect: await connect };
    },
  ),
);

for (const [stage, scheme, proxy, reads] of [
  ['during the TLS handshake', 'wss', undefined, false],
  ["while it waits for the server's answer", 'ws', undefined, true],
  ['while it waits for an HTTP proxy', 'ws', 'http', true],
  ['while it waits for a SOCKS proxy', 'ws', 'socks5', false],
] as const) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `The \`signal\` aborts ${stage}`,
        gets: { connect: at(`${scheme}://127.0.0.1:PORT/`, aborted('enough')) },
        within: atOnce,
      },
      async ({ abortController, startRawServer, ws }) => {
        const server = await startRawServer();
        const controller = abortController();
        const options: ConnectOptions = {
          signal: controller.signal,
          ...(proxy === undefined ? {} : { proxy: { server: `${proxy}://127.0.0.1:${server.port}` } }),
        };
        const connect = rejection(ws.connect(`${scheme}://127.0.0.1:${server.port}`, options));
        const peer = await server.nextPeer();
        if (reads) await peer.readRequest();
        controller.abort(new Error('enough'));
        return { connect: await connect };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The `signal` aborts while the body of a refusal is read',
      gets: { connect: aborted('enough') },
      within: atOnce,
    },
    async ({ abortController, startRawServer, ws }) => {
      const server = await startRawServer();
      const controller = abortController();
      const connect = rejection(ws.connect(server.url, { signal: controller.signal }));
      const peer = await server.nextPeer();
      await peer.readRequest();
      await peer.write(response('418 Teapot', { 'content-length': '10' }, 'half'));
      controller.abort(new Error('enough'));
      return { connect: await connect };
    },
  ),
);

for (const method of ['close', 'terminate'] as const) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: `\`${method}()\` during the opening handshake`,
        gets: {
          connect: aborted(`the client was ${method === 'close' ? 'closed' : 'terminated'}`),
          closed: { code: 1006, reason: '', wasClean: false, by: 'client' },
        },
        within: atOnce,
      },
      async ({ startRawServer, ws }) => {
        const server = await startRawServer();
        const connect = rejection(ws.connect(server.url));
        await (await server.nextPeer()).readRequest();
        const [client] = ws.clients;
        void client[method]();
        return { connect: await connect, closed: await client.closed };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The test ends during an opening handshake that it did not await',
      gets: { connect: aborted('the test ended before it was done') },
      findings: ['connect at opening-ended.spec.ts:LINE was not awaited'],
      within: atOnce,
      steady: (text) => withoutPorts(text).replace(/\.ts:\d+/, '.ts:LINE'),
    },
    async ({ end, startRawServer, ws }) => {
      const server = await startRawServer();
      const connect = ws.connect(server.url);
      await (await server.nextPeer()).readRequest();
      await end();
      return { connect: await rejection(connect) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: '500 opening handshakes that no server answers, when the test ends',
      gets: { connect: 'aborted, 500 times' },
      findings: ['connect at opening-ended.spec.ts:LINE was not awaited (500 times)'],
      within: { words: 'at once', limit: 25_000 },
      steady: (text) => withoutPorts(text).replace(/\.ts:\d+/, '.ts:LINE'),
    },
    async ({ end, startRawServer, ws }) => {
      const server = await startRawServer();
      const all = Array.from({ length: 500 }, () => rejection(ws.connect(server.url, { timeout: 0 })));
      await Promise.all(all.map(async () => (await server.nextPeer()).readRequest()));
      await end();
      const codes = (await Promise.all(all)).map((error) => Object(error).code);
      return { connect: `aborted, ${codes.filter((code) => code === 'WS_HANDSHAKE_ABORTED').length} times` };
    },
  ),
);
