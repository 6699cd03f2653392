import { closedPort } from '../helpers/listening.ts';
import { text } from '../helpers/failure-text.ts';
import { expect, rejection, test } from './test.ts';

test('1 managed connect fixture: connect to a dead port fails with the cause', async ({ ws }) => {
  const connecting = ws.connect(`ws://127.0.0.1:${await closedPort()}`, { timeout: 500 });
  expect(await rejection(connecting)).toBe(
    text(
      'Cannot connect to "ws://127.0.0.1:PORT/": connect ECONNREFUSED 127.0.0.1:PORT',
      '  Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
    ),
  );
});

test('1 managed connect fixture: connect to a server without an answer fails after the timeout', async ({
  rawServer,
  ws,
}) => {
  const connecting = ws.connect(rawServer.url, { timeout: 200 });
  expect(await rejection(connecting)).toBe(
    text(
      'Cannot connect to "ws://127.0.0.1:PORT/": the opening handshake did not end within N ms',
      "  It was waiting for the server's answer.",
      '  Check that a WebSocket server answers at this URL, or raise { timeout }.',
    ),
  );
});

test('7 handshake result: a refusal has its status, headers and whole body', async ({ startServer, ws }) => {
  const body = { error: 'no', details: 'x'.repeat(5000) };
  const { httpUrl } = await startServer({ refuse: () => ({ status: 403, headers: { 'x-reason': 'quota' }, body }) });
  const refusal = await ws.handshake(httpUrl);
  expect([refusal.accepted, refusal.status, refusal.statusText]).toEqual([false, 403, 'Forbidden']);
  expect(refusal.headers).toMatchObject({ 'x-reason': 'quota' });
  expect(refusal.json()).toEqual(body);
});

test('7 handshake result: an accepted one has status, subprotocol and extensions', async ({ startServer, ws }) => {
  const { url } = await startServer({ websocket: { perMessageDeflate: true } });
  const client = await ws.connect('/subprotocol', { protocols: ['prices.v1', 'prices.v2'] });
  const compressed = await ws.connect(url, { perMessageDeflate: true });
  expect([client.handshake.status, client.handshake.protocol]).toEqual([101, 'prices.v2']);
  expect(compressed.handshake.extensions).toBe('permessage-deflate');
});

test('8 close: code, reason, clean flag and who closed are asserted at once', async ({ ws }) => {
  const client = await ws.connect('/kick', { params: { code: 4001, reason: 'kicked' } });
  await expect(client).toBeClosed({ code: 4001, reason: 'kicked', wasClean: true, by: 'server' });
});

test('8 close: the server gets code and reason', async ({ server, ws }) => {
  const client = await ws.connect(server.url);
  const info = await client.close(3000, 'enough');
  expect(info).toEqual({ code: 3000, reason: 'enough', wasClean: true, by: 'client' });
  expect(await (await server.nextConnection()).closed).toEqual({ code: 3000, reason: 'enough' });
});

for (const ending of ['end', 'reset'] as const) {
  test(`8 close: the ${ending} of the TCP connection without a close frame is 1006 by the network`, async ({
    rawServer,
    ws,
  }) => {
    const connecting = ws.connect(rawServer.url);
    const peer = await rawServer.nextPeer();
    await peer.accept();
    const client = await connecting;
    await peer[ending]();
    await expect(client).toBeClosed({ code: 1006, reason: '', wasClean: false, by: 'network' });
  });
}

test('8 close: a code that must not be sent is refused', async ({ ws }) => {
  const client = await ws.connect('/silent');
  expect(await rejection(client.close(1006))).toBe(
    'Cannot close with code 1006: expected 1000 to 1014 but for 1004, 1005 and 1006, or 3000 to 4999 (RFC 6455 section 7.4)',
  );
});

test('8 close: a reason of more than 123 bytes is refused', async ({ ws }) => {
  const client = await ws.connect('/silent');
  expect(await rejection(client.close(1000, 'é'.repeat(62)))).toBe(
    'Cannot close with this reason: expected text of at most 123 bytes, found 124 bytes',
  );
});

test('8 close: a socket of the WHATWG class takes 1000 and 3000 to 4999 alone', async ({ ws }) => {
  const socket = new ws.WebSocket('/silent');
  await expect(socket).toBeOpen();
  const closing = Promise.resolve().then(() => socket.close(1001));
  expect(await rejection(closing)).toBe('Cannot close with code 1001: expected 1000, or 3000 to 4999');
});

test('11 several clients: two clients of one URL are told apart', async ({ ws }) => {
  const first = await ws.connect('/echo');
  const second = await ws.connect('/echo');
  await first.send('to the first');
  await expect(first).toReceiveMessage('to the first');
  expect([first.name, second.name]).toEqual(['/echo', '/echo 2']);
  await expect(second).not.toHaveReceivedMessage('to the first');
});

test('11 several clients: an assertion on a list holds for each of them, or for none', async ({ ws }) => {
  const users = await Promise.all(['ann', 'ben', 'cy', 'di'].map((name) => ws.connect('/chat/four', { name })));
  const [ann] = users;
  await ann?.send({ event: 'SET_NAME', new_name: 'Ann' });
  await expect(users).toReceiveMessage({ event: 'JOINED', user: 'Ann' });
  await expect(users).not.toReceiveMessage({ event: 'ERROR' }, { fence: true });
});

test('11 several clients: a list fails with the names of those for which it does not hold', async ({ ws }) => {
  const ann = await ws.connect('/echo', { name: 'ann' });
  const ben = await ws.connect('/silent', { name: 'ben' });
  await ann.send('hello');
  const asserting = expect([ann, ben]).toReceiveMessage('hello', { timeout: 200 });
  expect(await rejection(asserting)).toBe(
    text(
      'expect(clients).toReceiveMessage(expected) failed',
      '',
      'Clients:  1 of 2 fails: ben',
      'Expected: "hello"',
      'Received: ben: nothing',
      'Timeout:  200ms',
      '',
      'Call log of ben:',
      '  - no frames',
    ),
  );
});

test.describe(() => {
  test.use({ extraHTTPHeaders: { 'x-tenant': 'acme' }, userAgent: 'suite/1.0' });

  test('18 connection options: a login with request gives the client its cookie', async ({ request, ws }) => {
    await request.post('/api/login', { data: { user: 'alice', password: 'wonderland' } });
    const orders = await ws.connect('/orders');
    expect(orders.handshake.status).toBe(101);
  });

  test('18 connection options: without the login the same connect is refused', async ({ ws }) => {
    expect((await ws.handshake('/orders')).status).toBe(401);
  });

  test('18 connection options: what is written and what `use` says is sent', async ({ server, ws }) => {
    const cookie = { name: 'lang', value: 'en', domain: '127.0.0.1', path: '/', expires: -1 };
    await ws.connect(server.url, {
      params: { room: 7 },
      headers: { authorization: 'Bearer abc' },
      origin: 'https://shop.example',
      protocols: ['v1'],
      cookies: { cookies: [cookie], origins: [] },
    });
    const [request] = server.handshakes;
    expect(request?.url).toBe('/?room=7');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer abc',
      cookie: 'lang=en',
      origin: 'https://shop.example',
      'sec-websocket-protocol': 'v1',
      'user-agent': 'suite/1.0',
      'x-tenant': 'acme',
    });
  });

  test('18 connection options: a message above maxPayload ends the connection with 1009', async ({ server, ws }) => {
    await ws.connect(server.url, { maxPayload: 100, findings: { protocolError: false } });
    const connection = await server.nextConnection();
    await connection.send('x'.repeat(101));
    expect((await connection.closed).code).toBe(1009);
  });
});
