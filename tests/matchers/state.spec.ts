import { connect, type WebSocketClient } from '../../src/client.ts';
import { createClient } from '../connection/test-client.ts';
import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

test('toBeOpen passes for an open connection', async ({ open }) => {
  const { client } = await open();

  await expect(client).toBeOpen();
});

test('toBeOpen fails at once for a closed connection', async ({ open }) => {
  const { client, peer } = await open();
  await peer.close(4001, 'kicked');
  await client.waitForClose();

  expect(await failureText(expect(client).toBeOpen({ timeout: 0 }))).toBe(
    text(
      'expect(client).toBeOpen() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: open',
      'Received: closed with 4001 "kicked", by the server',
      '',
      'Call log:',
      '  - received  +N ms  close  8 B  4001 kicked',
      '  - sent  +N ms  close  8 B  4001 kicked',
    ),
  );
});

test('toBeOpen for a time passes when the connection stays open', async ({ open }) => {
  const { client } = await open();

  await expect(client).toBeOpen({ for: 30 });
});

test('toBeOpen for a time fails at once when the connection closes', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toBeOpen({ for: 60_000 }));
  await peer.close(1001);

  expect(await failing).toBe(
    text(
      'expect(client).toBeOpen() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: open for 60000ms',
      'Received: open for N ms',
      'Closed:   1001 Going away, by the server, after N ms of waiting',
      '',
      'Call log:',
      '  - received  +N ms  close  2 B  1001',
      '  - sent  +N ms  close  2 B  1001',
    ),
  );
});

test('not.toBeOpen judges this instant', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).not.toBeOpen())).toContain(
    text('Expected: not open', 'Received: open', '', 'Call log:'),
  );
  await client.close();
  await expect(client).not.toBeOpen();
});

test('not.toBeOpen takes no duration', async ({ open }) => {
  const { client } = await open();
  // @ts-expect-error not open for a while says nothing
  const failing = expect(client).not.toBeOpen({ for: 10 });

  expect(await failureText(failing)).toBe('Unknown option "for" of toBeOpen: it takes timeout, signal');
});

test('toBeClosed waits for the close', async ({ open }) => {
  const { client, peer } = await open();
  const closed = expect(client).toBeClosed({ code: 4001, reason: 'kicked', wasClean: true, by: 'server' });
  void peer.close(4001, 'kicked');

  await closed;
});

test('toBeClosed takes a RegExp for the reason', async ({ open }) => {
  const { client, peer } = await open();
  await peer.close(4000, 'order 17 is gone');

  await expect(client).toBeClosed({ reason: /order \d+/ });
});

test('toBeClosed tells who closed', async ({ open }) => {
  const { client } = await open();
  await client.close(4000, 'enough');

  await expect(client).toBeClosed({ code: 4000, by: 'client', wasClean: true });
});

test('toBeClosed tells a loss from a close', async ({ open }) => {
  const { client, peer } = await open();
  await peer.terminate();

  await expect(client).toBeClosed({ code: 1006, by: 'network', wasClean: false });
});

test('toBeClosed fails at the limit for a connection that stays open', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toBeClosed({ timeout: 30 }))).toBe(
    text(
      'expect(client).toBeClosed() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: closed',
      'Received: open',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('toBeClosed fails at once for another close', async ({ open }) => {
  const { client, peer } = await open();
  await peer.close(4001, 'kicked');
  await client.waitForClose();

  expect(
    await failureText(
      expect(client).toBeClosed({ code: 1000, reason: /bye/, by: 'client', wasClean: false, timeout: 0 }),
    ),
  ).toBe(
    text(
      'expect(client).toBeClosed() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: closed with 1000, /bye/, by the client, not cleanly',
      'Received: closed with 4001 "kicked", by the server',
      '',
      'Call log:',
      '  - received  +N ms  close  8 B  4001 kicked',
      '  - sent  +N ms  close  8 B  4001 kicked',
    ),
  );
});

for (const [name, wrong] of [
  ['code', { code: 4002 }],
  ['reason', { reason: 'kick' }],
  ['reason as a RegExp', { reason: /^kick$/ }],
  ['wasClean', { wasClean: false }],
  ['by', { by: 'client' }],
] as const) {
  test(`toBeClosed judges ${name}`, async ({ open }) => {
    const { client, peer } = await open();
    await peer.close(4001, 'kicked');

    expect(await failureText(expect(client).toBeClosed(wrong))).toContain(
      'Received: closed with 4001 "kicked", by the server',
    );
  });
}

test('toBeClosed that came before the call is too early for notBefore', async ({ open }) => {
  const { client, peer } = await open();
  await peer.close(1000);
  await client.waitForClose();

  expect(await failureText(expect(client).toBeClosed({ notBefore: 0 }))).toContain(
    text(
      'Expected: closed, not before 0ms after the call',
      'Received: closed with 1000 Normal closure, by the server, N ms before the call',
      '',
      'Call log:',
    ),
  );
});

test('toBeClosed that came too early fails at once', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toBeClosed({ notBefore: 60_000 }));
  await peer.close(1000);

  expect(await failing).toContain('Received: closed with 1000 Normal closure, by the server, N ms after the call\n');
});

test('toBeClosed within a time names it as the limit', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toBeClosed({ within: 30 }))).toContain(
    text('Expected: closed, within 30ms after the call', 'Received: open', 'Within:   30ms', '', 'Call log:'),
  );
});

test('toBeClosed within no time at all ends', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toBeClosed({ within: 0 }))).toContain('Within:   0ms\n');
});

test('toBeClosed with a timeout below within ends at the timeout', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toBeClosed({ within: 60_000, timeout: 20 }))).toContain('Timeout:  20ms\n');
});

test('not.toBeClosed judges this instant', async ({ open }) => {
  const { client, peer } = await open();
  await expect(client).not.toBeClosed();
  await peer.close(4001);
  await client.waitForClose();
  await expect(client).not.toBeClosed({ code: 4002 });

  expect(await failureText(expect(client).not.toBeClosed({ code: 4001 }))).toContain(
    text('Expected: not closed with 4001', 'Received: closed with 4001, by the server', '', 'Call log:'),
  );
});

test('toHaveSubprotocol judges what the server chose', async ({ startServer }) => {
  const server = await startServer({ websocket: { handleProtocols: () => 'v2' } });
  const client = await connect(`${server.url}/orders`, { protocols: ['v1', 'v2'] });
  await expect(client).toHaveSubprotocol('v2');
  await expect(client).not.toHaveSubprotocol('v1');

  expect(await failureText(expect(client).toHaveSubprotocol('v1'))).toBe(
    text(
      'expect(client).toHaveSubprotocol(name) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: subprotocol "v1"',
      'Received: subprotocol "v2"',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
  await client.close();
});

test('toHaveSubprotocol of an empty name means none', async ({ open }) => {
  const { client } = await open();
  await expect(client).toHaveSubprotocol('');

  expect(await failureText(expect(client).not.toHaveSubprotocol(''))).toContain(
    text('Expected: a subprotocol', 'Received: no subprotocol', '', 'Call log:'),
  );
});

test('a passing toBeClosed expects the close: it is no finding', async () => {
  const { client, connection, registry } = createClient();
  connection.close(4001, Buffer.from('kicked'));
  await expect(client).toBeClosed({ code: 4001 });

  expect(registry.judge()).toEqual([]);
});

for (const [what, assert] of [
  ['a failing toBeClosed', (client: WebSocketClient) => failureText(expect(client).toBeClosed({ code: 1000 }))],
  ['not.toBeClosed', (client: WebSocketClient) => expect(client).not.toBeClosed({ code: 1000 })],
  ['not.toBeOpen', (client: WebSocketClient) => expect(client).not.toBeOpen()],
] as const) {
  test(`${what} expects no close: it is a finding`, async () => {
    const { client, connection, registry } = createClient();
    connection.close(4001, Buffer.from('kicked'));
    await assert(client);

    expect(registry.judge().map(({ kind }) => kind)).toEqual(['unexpectedClose']);
  });
}
