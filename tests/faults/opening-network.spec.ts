import { test } from '@playwright/test';
import { closedPort } from '../helpers/listening.ts';
import { response } from '../helpers/raw-peer.ts';
import { answering, at, failed, refused, remedies, timedOut, withLookup } from './opening.ts';
import { atOnce, fault, within } from './matrix.ts';
import { rejection } from './scene.ts';

// Until there is an answer: names, TCP, bytes that are no HTTP.

const timeout = within('`timeout`', 300);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'Nobody listens on the port',
      gets: {
        connect: failed(
          'connect ECONNREFUSED 127.0.0.1:PORT',
          '  Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
        ),
      },
      within: atOnce,
    },
    async ({ abortController, ws }) => {
      const { signal } = abortController();
      return { connect: await rejection(ws.connect(`ws://127.0.0.1:${await closedPort()}`, { signal })) };
    },
  ),
);

for (const [title, code, words, remedy] of [
  ['The host name is unknown', 'ENOTFOUND', 'it is unknown', 'Check the host name.'],
  ['No name server answers', 'EAI_AGAIN', 'the name server did not answer', 'Check the host name, and the network.'],
] as const) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: title,
        gets: {
          connect: at(
            'ws://shop.invalid/',
            failed(`the host name "shop.invalid" cannot be resolved: ${words}`, `  ${remedy}`),
          ),
        },
        within: atOnce,
      },
      async ({ ws }) => {
        const error = Object.assign(new Error(`getaddrinfo ${code} shop.invalid`), {
          code,
          syscall: 'getaddrinfo',
          hostname: 'shop.invalid',
        });
        const connect = withLookup(
          (_host, _options, done) => setImmediate(() => done(error)),
          () => rejection(ws.connect('ws://shop.invalid/')),
        );
        return { connect: await connect };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'Resolving the host name never ends',
      gets: {
        connect: at(
          'ws://shop.invalid/',
          timedOut('  It was resolving the host name "shop.invalid".', remedies.hostAndPort),
        ),
      },
      within: timeout,
    },
    async ({ ws }) => {
      const connect = withLookup(
        () => {},
        () => rejection(ws.connect('ws://shop.invalid/', { timeout: 300 })),
      );
      return { connect: await connect };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server takes the TCP connection and says nothing',
      gets: {
        connect: timedOut("  It was waiting for the server's answer.", remedies.otherServer),
        handshake: timedOut("  It was waiting for the server's answer.", remedies.otherServer),
      },
      within: timeout,
    },
    async ({ startRawServer, ws }) => {
      const { url } = await startRawServer();
      const [connect, handshake] = await Promise.all([
        rejection(ws.connect(url, { timeout: 300 })),
        rejection(ws.handshake(url, { timeout: 300 })),
      ]);
      return { connect, handshake };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The answer trickles in, a byte at a time',
      gets: {
        connect: timedOut("  It was waiting for the rest of the server's answer.", remedies.otherServer),
      },
      within: timeout,
    },
    async ({ startRawServer, ws }) => {
      const answer = response('101 Switching Protocols', { padding: 'x'.repeat(9000) });
      const { url } = await startRawServer({ connection: (peer) => void peer.trickle(answer, { every: 5 }) });
      return { connect: await rejection(ws.connect(url, { timeout: 300 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server sends "103 Early Hints", and then nothing',
      gets: {
        connect: timedOut("  It was waiting for the rest of the server's answer.", remedies.otherServer),
      },
      within: timeout,
    },
    async (scene) => {
      const { url } = await answering(scene, response('103 Early Hints'));
      return { connect: await rejection(scene.ws.connect(url, { timeout: 300 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'Each redirect takes its time: the limit is one for all of them',
      gets: {
        connect: timedOut(
          '  redirects: 302 to "ws://127.0.0.1:PORT/next"',
          "  It was waiting for the server's answer.",
          remedies.otherServer,
        ),
      },
      within: timeout,
    },
    async ({ startRawServer, ws }) => {
      let count = 0;
      const { url } = await startRawServer({
        connection: (peer) => {
          count += 1;
          if (count === 1) void peer.write(response('302 Found', { location: '/next', 'content-length': '0' }));
        },
      });
      return { connect: await rejection(ws.connect(url, { timeout: 300, maxRedirects: 5 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server closes the connection without an answer',
      gets: {
        connect: failed('the server closed the connection without an answer', '  If it speaks TLS, use wss:.'),
      },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const { url } = await startRawServer({ connection: (peer) => void peer.end() });
      return { connect: await rejection(ws.connect(url)) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server resets the connection (RST)',
      gets: {
        connect: failed('the server reset the connection without an answer', '  If it speaks TLS, use wss:.'),
      },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const { url } = await startRawServer({ connection: (peer) => void peer.readRequest().then(() => peer.reset()) });
      return { connect: await rejection(ws.connect(url)) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server closes the connection after half of the answer',
      gets: { connect: failed('the server closed the connection in the middle of its answer') },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const { url } = await startRawServer({
        connection: (peer) =>
          void peer.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: web').then(() => peer.end()),
      });
      return { connect: await rejection(ws.connect(url)) };
    },
  ),
);

for (const [title, bytes, gets] of [
  [
    'The server speaks another protocol',
    'SSH-2.0-OpenSSH_9.6\r\n',
    failed(
      'the server answered what is not HTTP: "SSH-2.0-OpenSSH_9.6\\r\\n"',
      '  Check host and port: what listens there does not speak HTTP.',
    ),
  ],
  [
    'The server answers with 64 kB of noise',
    Buffer.alloc(65_536, 0xfe),
    failed(
      `the server answered what is not HTTP: "${'\uFFFD'.repeat(59)}…"`,
      '  Check host and port: what listens there does not speak HTTP.',
    ),
  ],
  [
    'The answer breaks HTTP: a length and chunks',
    response('200 OK', { 'content-length': '3', 'transfer-encoding': 'chunked' }, 'abc'),
    failed("the server's answer breaks HTTP: Transfer-Encoding can't be present with Content-Length"),
  ],
  [
    'The headers of the answer are 1 MB',
    response('101 Switching Protocols', { big: 'x'.repeat(1 << 20) }),
    failed(
      "the headers of the server's answer exceed 16384 bytes, the limit of Node.js",
      '  Check what answers at this URL. NODE_OPTIONS=--max-http-header-size=<bytes> raises the limit.',
    ),
  ],
  [
    'The body of a refusal breaks HTTP: a bad chunk',
    response('500 Internal Server Error', { 'transfer-encoding': 'chunked' }, '5\r\nhello\r\nzz\r\n'),
    refused(
      'the server answered 500 Internal Server Error',
      '  body: hello (5 bytes, more did not come)',
      '  The server failed while it handled the request: look at its log.',
    ),
  ],
] as const) {
  test(
    ...fault({ stage: 'Opening', fault: title, gets: { connect: gets }, within: atOnce }, async (scene) => {
      const { url } = await answering(scene, bytes);
      return { connect: await rejection(scene.ws.connect(url)) };
    }),
  );
}
