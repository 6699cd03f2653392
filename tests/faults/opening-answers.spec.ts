import { gzipSync } from 'node:zlib';
import { test } from '@playwright/test';
import { acceptKey, type AcceptOptions, response } from '../helpers/raw-peer.ts';
import { answering, failed, invalid, refused } from './opening.ts';
import { atOnce, fault, type StatedError, within, withoutPorts } from './matrix.ts';
import { rejection } from './scene.ts';

// What the server answers: a 101 that is none, and everything that is not 101.

const noSubprotocol = '  Pass { protocols } with a name that the server knows, or none.';

for (const [title, answer, gets, protocols] of [
  [
    'Sec-WebSocket-Accept is wrong',
    { accept: acceptKey('another key') },
    invalid('invalid Sec-WebSocket-Accept header', '  Something between may have answered from its cache.'),
  ],
  [
    'Sec-WebSocket-Accept is missing',
    { accept: false },
    invalid('invalid Sec-WebSocket-Accept header', '  Something between may have answered from its cache.'),
  ],
  ['The 101 upgrades to something else', { headers: { upgrade: 'h2c' } }, invalid('invalid Upgrade header')],
  [
    'A subprotocol was asked for, and the server chooses none',
    {},
    invalid('server sent no subprotocol', '  subprotocols: offered "chat", "log"; chosen none', noSubprotocol),
    ['chat', 'log'],
  ],
  [
    'The server chooses a subprotocol that was not offered',
    { headers: { 'sec-websocket-protocol': 'video' } },
    invalid(
      'server sent an invalid subprotocol',
      '  subprotocols: offered "chat", "log"; chosen "video"',
      noSubprotocol,
    ),
    ['chat', 'log'],
  ],
  [
    'The server chooses a subprotocol, and none was offered',
    { headers: { 'sec-websocket-protocol': 'chat' } },
    invalid(
      'server sent a subprotocol but none was requested',
      '  subprotocols: offered none; chosen "chat"',
      noSubprotocol,
    ),
  ],
  [
    'The server uses an extension that was not offered',
    { headers: { 'sec-websocket-extensions': 'permessage-deflate' } },
    invalid(
      'server sent a Sec-WebSocket-Extensions header but no extension was requested',
      '  extensions: permessage-deflate',
      '  { perMessageDeflate: true } offers it.',
    ),
  ],
] satisfies [string, AcceptOptions, StatedError, string[]?][]) {
  test(
    ...fault(
      { stage: 'Opening', fault: title, gets: { connect: gets }, within: atOnce },
      async ({ startRawServer, ws }) => {
        const { url } = await startRawServer({ connection: (peer) => void peer.accept(answer) });
        return { connect: await rejection(ws.connect(url, { protocols: protocols ?? [] })) };
      },
    ),
  );
}

for (const [title, headers, missing] of [
  ['The 101 has no Upgrade header', { connection: 'Upgrade' }, 'missing Upgrade header'],
  ['The 101 has no "Connection: Upgrade" header', { upgrade: 'websocket' }, 'missing "Connection: Upgrade" header'],
  ['The 101 has neither', {}, 'missing Upgrade header and "Connection: Upgrade" header'],
] as const) {
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: title,
        gets: { connect: invalid(missing, '  A proxy between may have removed it.') },
        within: atOnce,
      },
      async (scene) => {
        const { url } = await answering(scene, response('101 Switching Protocols', headers));
        return { connect: await rejection(scene.ws.connect(url)) };
      },
    ),
  );
}

for (const [status, body, headers, lines] of [
  [
    '200 OK',
    '<h1>Shop</h1>',
    {},
    ['body: <h1>Shop</h1>', 'Check the path: the server answers it as a page, not as a WebSocket.'],
  ],
  ['204 No Content', '', {}, ['Check the path: the server answers it, but not as a WebSocket.']],
  [
    '301 Moved Permanently',
    '',
    { location: 'https://shop.example/ws?token=abc' },
    ['Connect to "wss://shop.example/ws?token=***", or pass { maxRedirects: 1 } to follow redirects.'],
  ],
  [
    '302 Found',
    '',
    { location: '/login' },
    ['Connect to "ws://127.0.0.1:PORT/login", or pass { maxRedirects: 1 } to follow redirects.'],
  ],
  ['302 Found', '', {}, ['It has no Location header: the server does not say where to connect.']],
  [
    '400 Bad Request',
    '',
    {},
    ['Check path, { protocols } and { headers }: the server does not take the request for a WebSocket handshake.'],
  ],
  [
    '401 Unauthorized',
    '{"error":"missing token"}',
    {},
    [
      'body: {"error":"missing token"}',
      'cookies: 0 sent, from none',
      'Log in with `request` first, or pass { headers: { authorization: … } }.',
    ],
  ],
  [
    '401 Unauthorized',
    '',
    { 'www-authenticate': 'Basic realm="shop"' },
    ['cookies: 0 sent, from none', 'Pass { httpCredentials: { username, password } }.'],
  ],
  [
    '403 Forbidden',
    '',
    {},
    [
      'cookies: 0 sent, from none',
      'Log in with `request` first, or pass { headers: { authorization: … } }. Some servers want an { origin }.',
    ],
  ],
  ['404 Not Found', '', {}, ['Check the path and `baseURL`: no WebSocket is served there.']],
  [
    '426 Upgrade Required',
    '',
    {},
    ['The server saw no upgrade it supports: a proxy may have removed the Upgrade header.'],
  ],
  [
    '429 Too Many Requests',
    '',
    { 'retry-after': '30' },
    ['retry-after: 30', 'The server limits connections: close some, or connect more slowly.'],
  ],
  [
    '500 Internal Server Error',
    'oops',
    {},
    ['body: oops', 'The server failed while it handled the request: look at its log.'],
  ],
  ['502 Bad Gateway', '', {}, ['A gateway answered: check that the server behind it runs.']],
  [
    '503 Service Unavailable',
    '',
    { 'retry-after': '5' },
    ['retry-after: 5', 'Wait until the server is ready before connecting.'],
  ],
] as const) {
  const details = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  test(
    ...fault(
      {
        stage: 'Opening',
        fault: [`The server answers ${status}`, ...details].join(', '),
        gets: {
          connect: refused(`the server answered ${status}`, ...lines.map((line) => `  ${line}`)),
          handshake: { accepted: false, status: Number(status.slice(0, 3)), body },
        },
        within: atOnce,
      },
      async (scene) => {
        const length = status.startsWith('204') ? {} : { 'content-length': String(body.length) };
        const { url } = await answering(scene, response(status, { ...headers, ...length }, body));
        const connect = await rejection(scene.ws.connect(url));
        const handshake = await scene.ws.handshake(url);
        const { accepted, status: found } = handshake;
        return { connect, handshake: { accepted, status: found, body: handshake.text() } };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'Redirects form a loop, and are followed',
      gets: {
        connect: refused(
          'the server redirected more than 2 times',
          '  redirects: 302 to "ws://127.0.0.1:PORT/b", 302 to "ws://127.0.0.1:PORT/b", 302 to "ws://127.0.0.1:PORT/b"',
          '  The redirects form a loop.',
        ),
      },
      within: atOnce,
    },
    async (scene) => {
      const { url } = await answering(scene, response('302 Found', { location: '/b', 'content-length': '0' }));
      return { connect: await rejection(scene.ws.connect(url, { maxRedirects: 2 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'A followed redirect leads to another scheme',
      gets: {
        connect: refused(
          'the server answered 302 Found',
          '  It leads to "ftp://shop.example/", which is no WebSocket URL.',
        ),
      },
      within: atOnce,
    },
    async (scene) => {
      const { url } = await answering(
        scene,
        response('302 Found', { location: 'ftp://shop.example/', 'content-length': '0' }),
      );
      return { connect: await rejection(scene.ws.connect(url, { maxRedirects: 1 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'A followed redirect leads to a port on which nobody listens',
      gets: {
        connect: failed(
          'connect ECONNREFUSED 127.0.0.1:PORT',
          '  redirects: 302 to "ws://127.0.0.1:PORT/"',
          '  Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
        ),
      },
      within: atOnce,
    },
    async (scene) => {
      const gone = await scene.startRawServer();
      await gone.close();
      const location = gone.url.replace('ws:', 'http:');
      const { url } = await answering(scene, response('302 Found', { location, 'content-length': '0' }));
      return { connect: await rejection(scene.ws.connect(url, { maxRedirects: 1 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The body of a refusal is 10 MB',
      gets: {
        connect: refused('the server answered 418 Teapot', `  body: ${'x'.repeat(300)}… (10485760 bytes)`),
        'handshake.body': '10485760 bytes',
      },
      within: atOnce,
    },
    async (scene) => {
      const body = 'x'.repeat(10 << 20);
      const { url } = await answering(scene, response('418 Teapot', { 'content-length': String(body.length) }, body));
      const connect = await rejection(scene.ws.connect(url));
      const handshake = await scene.ws.handshake(url);
      return { connect, 'handshake.body': `${handshake.body.length} bytes` };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The body of a refusal never ends',
      gets: {
        connect: refused('the server answered 418 Teapot', '  body: hello (5 bytes, more did not come)'),
      },
      within: within('`timeout`', 300),
    },
    async (scene) => {
      const { url } = await answering(
        scene,
        response('418 Teapot', { 'transfer-encoding': 'chunked' }, '5\r\nhello\r\n'),
      );
      return { connect: await rejection(scene.ws.connect(url, { timeout: 300 })) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The server closes the connection in the middle of the body of a refusal',
      gets: { connect: refused('the server answered 418 Teapot', '  body: half (4 bytes, more did not come)') },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const answer = response('418 Teapot', { 'content-length': '100' }, 'half');
      const { url } = await startRawServer({ connection: (peer) => void peer.write(answer).then(() => peer.end()) });
      return { connect: await rejection(ws.connect(url)) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The body of a refusal is compressed',
      gets: { connect: refused('the server answered 418 Teapot', '  body: {"error":"packed"}') },
      within: atOnce,
    },
    async (scene) => {
      const { url } = await answering(scene, compressed('{"error":"packed"}'));
      return { connect: await rejection(scene.ws.connect(url)) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Opening',
      fault: 'The body of a refusal is a compression bomb: 17 MiB in 17 kB',
      gets: {
        connect: refused('the server answered 418 Teapot', '  body: N bytes that are no text, content-encoding gzip'),
      },
      within: atOnce,
      // How small it gets is a matter of the version of zlib.
      steady: (text) => withoutPorts(text).replace(/\d+ bytes/, 'N bytes'),
    },
    async (scene) => {
      const { url } = await answering(scene, compressed(Buffer.alloc(17 << 20)));
      return { connect: await rejection(scene.ws.connect(url)) };
    },
  ),
);

function compressed(body: string | Buffer): Buffer {
  const bytes = gzipSync(body);
  const headers = { 'content-encoding': 'gzip', 'content-length': String(bytes.length) };
  return Buffer.concat([response('418 Teapot', headers), bytes]);
}
