import { connect } from '../../src/client.ts';
import { failureText, text } from '../helpers/failure-text.ts';
import { frame } from '../helpers/raw-frame.ts';
import { expect, test } from './open-client.ts';

test('not.toReceiveMessage passes on an open connection when nothing comes', async ({ open }) => {
  const { client } = await open();

  await expect(client).not.toReceiveMessage();
});

test('not.toReceiveMessage lets other messages come and claims none', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  const watching = expect(client).not.toReceiveMessage('b');
  await peer.send('c');
  await watching;

  expect(client.messages.unclaimed.map((message) => message.text)).toEqual(['a', 'c']);
});

test('not.toReceiveMessage does not see a claimed message', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('error');
  await expect(client).toReceiveMessage('error');

  await expect(client).not.toReceiveMessage('error');
});

test('not.toReceiveMessage fails at once for a message in the buffer', async ({ open }) => {
  const { client, peer } = await open();
  await client.send('go');
  await peer.send({ type: 'error', message: 'boom' });
  await expect(client).toHaveReceivedMessageCount(1);

  expect(await failureText(expect(client).not.toReceiveMessage({ type: 'error' }, { quietFor: 60_000 }))).toBe(
    text(
      'expect(client).not.toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: no {"type": "error"} for 60000ms',
      'Received: #1, +N ms: {"type":"error","message":"boom"}',
      '',
      'Call log:',
      '  - sent  +N ms  text   2 B  go',
      '  - #1  +N ms  text  33 B  {"type":"error","message":"boom"}',
    ),
  );
});

test('not.toReceiveMessage fails at once when the message comes', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).not.toReceiveMessage(/^$/, { quietFor: 60_000 }));
  await peer.send('');

  expect(await failing).toContain(text('for 60000ms', 'Received: #1, +N ms, empty'));
});

test('not.toReceiveMessage leaves the unwanted message to others', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('x');
  await expect(client).toHaveReceivedMessageCount(1);
  await expect(expect(client).not.toReceiveMessage('x')).rejects.toThrow('failed');

  await expect(client).toReceiveMessage('x');
});

test('not.toReceiveMessage fails when the connection closes within its window', async ({ open }) => {
  const { client, peer } = await open();
  const failing = failureText(expect(client).not.toReceiveMessage('error', { quietFor: 60_000 }));
  await peer.close(1000, 'done');

  expect(await failing).toBe(
    text(
      'expect(client).not.toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), closed',
      'Expected: no "error" for 60000ms',
      'Received: nothing',
      'Closed:   1000 Normal closure "done", by the server, after N ms of waiting',
      '',
      'Call log:',
      '  - received  +N ms  close  6 B  1000 done',
      '  - sent  +N ms  close  6 B  1000 done',
    ),
  );
});

test('not.toReceiveMessage fails on a closed connection', async ({ open }) => {
  const { client } = await open();
  await client.close();

  expect(await failureText(expect(client).not.toReceiveMessage('error'))).toContain(
    'Closed:   1000 Normal closure, by the client, before the call\n',
  );
});

test('not.toReceiveMessage after a mark does not look before it', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('error');
  await expect(client).toHaveReceivedMessageCount(1);

  await expect(client).not.toReceiveMessage('error', { after: client.mark() });
});

test('quietFor is the length of the window whatever the timeout is', async ({ open }) => {
  const { client, peer } = await open();
  const watching = expect.configure({ timeout: 1 })(client).not.toReceiveMessage('x', { quietFor: 60_000 });
  await client.send('go');
  await peer.nextMessage();
  await peer.send('x');

  await expect(watching).rejects.toThrow('for 60000ms');
});

test('timeout is for the fence alone', async ({ open }) => {
  const { client } = await open();
  const watching = expect(client).not.toReceiveMessage('x', { timeout: 500 });

  expect(await failureText(watching)).toBe(
    text(
      'Cannot use "timeout" without "fence": it limits the wait for the fence\'s answer',
      '  Write { quietFor: 500 } for the time in which nothing may come.',
    ),
  );
});

test('a fence ends the window with the answer of the application', async ({ open }) => {
  const { client, peer } = await open();
  const fence = { send: { action: 'ping' }, expect: { type: 'pong' } };
  const watching = expect(client).not.toReceiveMessage({ type: 'error' }, { fence, timeout: 0 });
  await peer.nextMessage();
  await peer.send({ type: 'other' });
  await peer.send({ type: 'pong' });
  await watching;

  expect(client.messages.unclaimed.map((message) => message.text)).toEqual(['{"type":"other"}']);
});

test('a fence takes no answer that was there before it', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send({ type: 'pong' });
  await expect(client).toHaveReceivedMessageCount(1);
  const fence = { send: 'ping', expect: { type: 'pong' } };

  expect(await failureText(expect(client).not.toReceiveMessage({ type: 'error' }, { fence, timeout: 30 }))).toBe(
    text(
      'expect(client).not.toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: no {"type": "error"} until the fence is answered',
      'Received: 1 message, none matched',
      'Fence:    not answered within 30ms',
      '',
      'Call log:',
      '  - #1  +N ms  text  15 B  {"type":"pong"}',
      '  - sent  +N ms  text   4 B  ping',
    ),
  );
});

test('a fence takes no earlier answer that another wait gives back', async ({ open }) => {
  const { client, peer } = await open();
  const controller = new AbortController();
  const both = failureText(expect(client).toReceiveMessages(['pong', 'never'], { signal: controller.signal }));
  await peer.send('pong');
  await expect(client).toHaveReceivedMessageCount(1);
  const fence = { send: 'ping', expect: 'pong' };
  const watching = failureText(expect(client).not.toReceiveMessage('error', { fence, timeout: 30 }));
  controller.abort();
  await both;

  expect(await watching).toContain('Fence:    not answered within 30ms\n');
});

test('a message before the answer of the fence is unwanted', async ({ open }) => {
  const { client, peer } = await open();
  const fence = { send: 'ping', expect: 'pong' };
  const failing = failureText(expect(client).not.toReceiveMessage({ type: 'error' }, { fence, timeout: 0 }));
  await peer.nextMessage();
  await peer.send({ type: 'error' });

  expect(await failing).toContain('Received: #1, +N ms: {"type":"error"}\n');
  await peer.send('pong');
  await expect(client).toReceiveMessage('pong');
});

test('what comes in the packet of the answer, after it, is outside of the window', async ({ rawServer }) => {
  const connecting = connect(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept();
  const client = await connecting;
  const watching = expect(client).not.toReceiveMessage('error', {
    fence: { send: 'ping', expect: 'pong' },
    timeout: 0,
  });
  await peer.readFrame();
  await peer.write(Buffer.concat([frame({ payload: 'pong' }), frame({ payload: 'error' })]));
  await watching;

  await expect(client).toReceiveMessage('error');
  client.terminate();
});

test('fence: true ends the window with a pong, which is no pong of the server', async ({ open }) => {
  const { client, peer } = await open();
  await expect(client).not.toReceiveMessage('error', { fence: true, timeout: 0 });

  expect((await peer.nextPing()).toString()).toMatch(/^playwright-ws \d+$/);
  await expect(client).not.toReceivePong();
});

test('a fence that cannot be sent fails with the reason', async ({ open }) => {
  const { client } = await open();
  const fence = { send: 1n, expect: 'pong' };

  expect(await failureText(expect(client).not.toReceiveMessage('error', { fence }))).toContain(
    text('Received: nothing', 'Fence:    could not be sent: Cannot send a value that is not JSON: '),
  );
});

test('a fence whose answer cannot be judged is a TypeError', async ({ open }) => {
  const { client, peer } = await open();
  const fence = { send: 'ping', expect: JSON.parse('"pong"') };
  fence.expect = function isPong(): string {
    return 'yes';
  };
  const failing = failureText(expect(client).not.toReceiveMessage('error', { fence, timeout: 0 }));
  await peer.nextMessage();
  await peer.send('pong');

  expect(await failing).toBe(
    text(
      'Cannot use isPong as the expectation of fence: the predicate returned "yes", true or false was wanted.',
      "  Return a boolean: fence((message) => message.text === 'ready').",
    ),
  );
});
