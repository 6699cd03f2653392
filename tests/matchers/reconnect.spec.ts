import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

const reconnect = { maxAttempts: 3, delay: 0 };

test('toBeOpen in a gap waits until the connection is open again', async ({ open, server }) => {
  const { client, peer } = await open({ reconnect });
  await peer.terminate();
  await server.nextConnection();

  await expect(client).toBeOpen();
});

test('toBeOpen for a time fails at a gap, although the connection is opened again', async ({ open }) => {
  const { client, peer } = await open({ reconnect });
  const failing = failureText(expect(client).toBeOpen({ for: 60_000 }));
  await peer.terminate();

  expect(await failing).toBe(
    text(
      'expect(client).toBeOpen() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), reconnecting for N ms',
      'Expected: open for 60000ms',
      'Received: open for N ms, then closed with 1006 Abnormal closure, by the network',
      '',
      'Call log:',
      '  - gap  +N ms  closed with 1006 Abnormal closure, by the network, reconnecting',
    ),
  );
  await expect(client).toBeOpen();
});

test('toBeOpen fails with the reason of each attempt when they are used up', async ({ open, server }) => {
  const { client, peer } = await open({ reconnect: { maxAttempts: 1, delay: 0 } });
  const failing = failureText(expect(client).toBeOpen({ for: 60_000 }));
  await peer.terminate();
  const again = await server.nextConnection();
  await again.terminate();
  await failing;
  await client.closed;

  expect(await failureText(expect(client).toBeOpen())).toBe(
    text(
      'expect(client).toBeOpen() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: open',
      'Received: closed with 1006 Abnormal closure, by the network',
      '          Cannot reconnect "/orders": the only attempt is used up',
      '            attempt 1: opened, then closed with 1006 Abnormal closure, by the network',
      '',
      'Call log:',
      '  - gap  +N ms  closed with 1006 Abnormal closure, by the network, open again after N ms',
    ),
  );
});

test('toBeClosed passes only at the end of the attempts', async ({ open, server }) => {
  const { client, peer } = await open({ reconnect: { maxAttempts: 1, delay: 0 } });
  const closed = expect(client).toBeClosed({ code: 4002, by: 'server' });
  await peer.close(4001);
  const again = await server.nextConnection();
  await again.close(4002);

  await closed;
});

for (const [name, negated] of [
  ['toReceiveMessage', () => ({ quietFor: 60_000 })],
  ['toReceivePing', () => undefined],
] as const) {
  test(`not.${name} fails at a gap: silence without a connection proves nothing`, async ({ open }) => {
    const { client, peer } = await open({ reconnect });
    const { not } = expect(client);
    const options = negated();
    const failing = failureText(
      options === undefined
        ? not.toReceivePing(undefined, { quietFor: 60_000 })
        : not.toReceiveMessage('never', options),
    );
    await peer.terminate();

    expect(await failing).toContain('Closed:   1006 Abnormal closure, by the network, after N ms of waiting');
    await expect(client).toBeOpen();
  });
}

test('not.toReceiveMessage in a gap fails at once', async ({ open, server }) => {
  const { client, peer } = await open({ reconnect: { maxAttempts: 1, delay: 60_000 } });
  const closed = peer.terminate();
  const lost = expect(client).not.toReceiveMessage('never', { quietFor: 60_000 });
  await expect(lost).rejects.toThrow('Closed:');
  await closed;

  expect(await failureText(expect(client).not.toReceiveMessage('never'))).toContain(
    'Closed:   1006 Abnormal closure, by the network, before the call',
  );
  expect(server.connections).toHaveLength(1);
});

test('toReceiveMessage waits across a gap for what comes on the new connection', async ({ open, server }) => {
  const { client, peer } = await open({ reconnect });
  const received = expect(client).toReceiveMessage({ type: 'welcome back' });
  await peer.terminate();
  const again = await server.nextConnection();
  await again.send({ type: 'welcome back' });

  await received;
});
