import { failureText, text } from '../helpers/failure-text.ts';
import { expect, test } from './open-client.ts';

const soon = { timeout: 30 };

test('toReceivePing waits for a ping and claims it', async ({ open }) => {
  const { client, peer } = await open();
  const pinged = expect(client).toReceivePing();
  peer.ping('x');
  await pinged;

  expect(await failureText(expect(client).toReceivePing(undefined, soon))).toBe(
    text(
      'expect(client).toReceivePing() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: a ping',
      'Received: 1 ping',
      '          a ping with "x" matches, but it was claimed by toReceivePing at control-frames.spec.ts:LINE',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - received  +N ms  ping  1 B  x  (claimed by toReceivePing at control-frames.spec.ts:LINE)',
      '  - sent  +N ms  pong  1 B  x',
    ),
  );
});

test('toReceivePing judges the payload, text or bytes', async ({ open }) => {
  const { client, peer } = await open();
  peer.ping('x');
  await expect(client).toReceivePing('x');
  peer.ping(Buffer.from([0xff]));
  await expect(client).toReceivePing(new Uint8Array([0xff]));
  peer.ping('y');

  expect(await failureText(expect(client).toReceivePing(Buffer.from([0xfe]), soon))).toContain(
    text('Expected: a ping with <fe>', 'Received: 3 pings, none with <fe>', 'Timeout:  30ms'),
  );
});

test('toReceivePing to which none came says so', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).toReceivePing('', soon))).toContain(
    text('expect(client).toReceivePing(data) failed', '', 'Client:   /orders'),
  );
  expect(await failureText(expect(client).toReceivePing('', soon))).toContain(
    text('Expected: a ping without payload', 'Received: no ping', 'Timeout:  30ms'),
  );
});

test('toReceivePing ends at once when the connection closes', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).toReceivePing(undefined, { timeout: 0 }));
  await peer.close(1000);

  expect(await failing).toContain(
    text('Received: no ping', 'Closed:   1000 Normal closure, by the server, after N ms of waiting'),
  );
});

test('toReceivePong sees pongs that nobody asked for, and not those of ping()', async ({ open }) => {
  const { client, peer } = await open();
  await client.ping();
  peer.pong('alive');
  await expect(client).toReceivePong('alive');

  expect(await failureText(expect(client).toReceivePong(undefined, soon))).toContain(
    text(
      'Expected: a pong',
      'Received: 1 pong',
      '          a pong with "alive" matches, but it was claimed by toReceivePong at control-frames.spec.ts:LINE',
    ),
  );
});

test('not.toReceivePing passes when none comes', async ({ open }) => {
  const { client, peer } = await open();
  peer.ping('x');
  await expect(client).toReceivePing('x');

  await expect(client).not.toReceivePing(undefined, { quietFor: 20 });
});

test('not.toReceivePing fails at once when one comes', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).not.toReceivePing(undefined, { quietFor: 60_000 }));
  peer.ping();

  expect(await failing).toBe(
    text(
      'expect(client).not.toReceivePing() failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: no ping for 60000ms',
      'Received: a ping without payload',
      '',
      'Call log:',
      '  - received  +N ms  ping  0 B',
      '  - sent  +N ms  pong  0 B',
    ),
  );
});

test('not.toReceivePong lets other payloads come', async ({ open }) => {
  const { client, peer } = await open();
  const watching = expect(client).not.toReceivePong('x');
  peer.pong('y');
  await watching;

  await expect(client).toReceivePong('y');
});

test('a payload that is neither text nor bytes is a TypeError', async ({ open }) => {
  const { client } = await open();
  // @ts-expect-error a ping carries bytes
  const failing = expect(client).toReceivePing({ a: 1 });

  expect(await failureText(failing)).toBe('Cannot toReceivePing: expected text or bytes, found object');
});
