import { test } from '@playwright/test';
import type { CloseInfo } from '../../src/support/errors.ts';
import { closePayload, frame } from '../helpers/raw-frame.ts';
import { accepted, closeCodeSentTo, closedWait, forget, lost, lostFinding, pendingWait, steady } from './accepted.ts';
import { atOnce, fault, stated, within } from './matrix.ts';
import { rejection } from './scene.ts';

// Close frames that break RFC 6455 are in violations.spec.ts.

function clean(code: number, reason: string, by: CloseInfo['by']): CloseInfo {
  return { code, reason, wasClean: true, by };
}

const cutOff = stated(
  'WebSocketError',
  'WS_SEND_FAILED',
  'Cannot send on "/feed": the connection ended with the bytes still queued',
);
const bye = frame({ opcode: 'close', payload: closePayload(1000, 'bye') });
const kick = frame({ opcode: 'close', payload: closePayload(4001, 'kicked') });

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The server never answers the closing handshake',
      gets: {
        'client.close()': lost('client'),
        'a pending wait': closedWait(
          [
            '1006 Abnormal closure, by the client',
            'The server did not answer the closing handshake within closeTimeout, 20ms',
          ],
          ['sent  +N ms  close  2 B  1000'],
        ),
        'a send afterwards': stated(
          'ConnectionClosedError',
          'WS_NOT_OPEN',
          'Cannot send on "/feed": it closed with 1006 Abnormal closure, by the client: The server did not answer the closing handshake within closeTimeout, 20ms',
        ),
      },
      within: within('`closeTimeout`', 20),
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client] = await accepted(server, ws.connect(`${server.url}/feed`, { closeTimeout: 20 }));
      const wait = pendingWait(client);
      return {
        'client.close()': await client.close(),
        'a pending wait': await wait,
        'a send afterwards': await rejection(client.send('late')),
      };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The server answers the closing handshake after it has sent what it still had',
      gets: { 'client.close()': clean(1000, '', 'client'), 'client.messages': ['first', 'second'] },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
      const closing = client.close();
      await peer.readFrame();
      await peer.write(frame({ payload: 'first' }));
      await peer.write(frame({ payload: 'second' }));
      await peer.write(frame({ opcode: 'close', payload: closePayload(1000) }));
      await peer.end();
      return { 'client.close()': await closing, 'client.messages': [...client.messages].map(({ text }) => text) };
    },
  ),
);

for (const [code, reason] of [
  [1011, 'crashed'],
  [4001, 'kicked'],
] as const) {
  const how = code === 1011 ? '1011 Internal error' : String(code);
  test(
    ...fault(
      {
        stage: 'Closing',
        fault: `The server closes with ${code} and a reason`,
        gets: {
          'a pending wait': closedWait(
            [`${how} "${reason}", by the server`],
            [
              `received  +N ms  close  ${reason.length + 2} B  ${code} ${reason}`,
              `sent  +N ms  close  ${reason.length + 2} B  ${code} ${reason}`,
            ],
          ),
          'client.closed': clean(code, reason, 'server'),
          'the server gets the close code': code,
        },
        findings: [lostFinding('closing.spec.ts', `${how} "${reason}", by the server`)],
        within: atOnce,
        steady,
      },
      async ({ startRawServer, ws }) => {
        const server = await startRawServer();
        const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
        const wait = pendingWait(client);
        await peer.write(frame({ opcode: 'close', payload: closePayload(code, reason) }));
        const answer = await closeCodeSentTo(peer);
        await peer.end();
        return {
          'a pending wait': await wait,
          'client.closed': await client.closed,
          'the server gets the close code': answer,
        };
      },
    ),
  );
}

for (const code of [1000, 1001, undefined]) {
  test(
    ...fault(
      {
        stage: 'Closing',
        fault: `The server closes ${code === undefined ? 'without a code' : `with ${code}`}`,
        gets: { 'client.closed': clean(code ?? 1005, '', 'server'), 'the server gets': code ?? 'no code' },
        within: atOnce,
      },
      async ({ startRawServer, ws }) => {
        const server = await startRawServer();
        const [client, peer] = await accepted(server, ws.connect(server.url));
        await peer.write(frame({ opcode: 'close', payload: closePayload(code) }));
        const answer = await closeCodeSentTo(peer);
        await peer.end();
        return { 'client.closed': await client.closed, 'the server gets': answer };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'Both sides close at once',
      gets: { 'client.close()': clean(4001, 'kicked', 'client'), 'the server gets the close code': 4002 },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(server.url));
      const closing = client.close(4002);
      await peer.write(kick);
      const code = await closeCodeSentTo(peer);
      await peer.end();
      return { 'client.close()': await closing, 'the server gets the close code': code };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The server closes and does not end the connection; the test closes too',
      gets: {
        'client.readyState': 2,
        'a send meanwhile': stated('ConnectionClosedError', 'WS_NOT_OPEN', 'Cannot send on "/feed": it is closing'),
        'client.close()': clean(4001, 'kicked', 'server'),
      },
      findings: [lostFinding('closing.spec.ts', '4001 "kicked", by the server')],
      within: within('`closeTimeout`', 20),
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`, { closeTimeout: 20 }));
      await peer.write(kick);
      await peer.readFrame();
      const { readyState } = client;
      const send = await rejection(client.send('late'));
      return { 'client.readyState': readyState, 'a send meanwhile': send, 'client.close()': await client.close() };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The server sends a message and a broken frame after its close frame',
      gets: { 'client.closed': clean(1000, 'bye', 'server'), 'client.messages.length': 0 },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(server.url));
      await peer.write(Buffer.concat([bye, frame({ payload: 'late' }), frame({ opcode: 3 })]));
      await peer.readFrame();
      await peer.end();
      return { 'client.closed': await client.closed, 'client.messages.length': client.messages.length };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The test closes while a send is on its way',
      gets: { 'bytes at the server': 5_000_000, send: 'sent', 'client.close()': clean(1000, '', 'client') },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const server = await startServer();
      const client = await ws.connect(server.url);
      const connection = await server.nextConnection();
      const sending = client.send(Buffer.alloc(5_000_000)).then(({ direction }) => direction);
      const closing = client.close();
      const { bytes } = await connection.nextMessage();
      return { 'bytes at the server': bytes.length, send: await sending, 'client.close()': await closing };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The test closes while it waits for a message',
      gets: {
        'a pending wait': closedWait(
          ['1000 Normal closure, by the client'],
          ['sent  +N ms  close  2 B  1000', 'received  +N ms  close  2 B  1000'],
        ),
        'client.close()': clean(1000, '', 'client'),
      },
      within: atOnce,
      steady,
    },
    async ({ startServer, ws }) => {
      const server = await startServer();
      const client = await ws.connect(`${server.url}/feed`);
      const wait = pendingWait(client);
      return { 'client.close()': await client.close(), 'a pending wait': await wait };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The test terminates while bytes are queued that the server does not read',
      gets: {
        send: cutOff,
        'client.closed': lost('client'),
        'client.bufferedAmount': 0,
      },
      within: atOnce,
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
      peer.socket.pause();
      const send = rejection(client.send(Buffer.alloc(20_000_000)));
      client.terminate();
      const info = await client.closed;
      forget(peer);
      return { send: await send, 'client.closed': info, 'client.bufferedAmount': client.bufferedAmount };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The test closes a paused client',
      gets: { 'client.close()': clean(1000, '', 'client'), 'client.messages.length': 1 },
      within: atOnce,
    },
    async ({ startServer, ws }) => {
      const server = await startServer();
      const client = await ws.connect(server.url);
      const connection = await server.nextConnection();
      client.pause();
      await connection.send('while paused');
      return { 'client.close()': await client.close(), 'client.messages.length': client.messages.length };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'The server closes while the client is paused',
      gets: {
        'client.readyState while paused': 1,
        'client.closed after resume()': clean(1000, 'bye', 'server'),
        'client.messages.length': 1,
      },
      within: within('at once after `resume()`', 0),
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(server.url));
      client.pause();
      await peer.write(Buffer.concat([frame({ payload: 'while paused' }), bye]));
      await peer.end();
      // A frame of ours that the server has read shows that it has had its turn.
      await client.send('x');
      await peer.readFrame();
      const { readyState } = client;
      client.resume();
      return {
        'client.readyState while paused': readyState,
        'client.closed after resume()': await client.closed,
        'client.messages.length': client.messages.length,
      };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Closing',
      fault: 'A paused client with `keepAlive`: the pongs of the server are not read',
      gets: { 'pings that the server answered': 4, 'client.close()': clean(1000, '', 'client') },
      within: within('never lost while it is paused', 100),
    },
    async ({ startServer, ws }) => {
      const server = await startServer();
      const client = await ws.connect(server.url, { keepAlive: 10 });
      const connection = await server.nextConnection();
      client.pause();
      let pings = 0;
      while (pings < 4) {
        await connection.nextPing();
        pings += 1;
      }
      return { 'pings that the server answered': pings, 'client.close()': await client.close() };
    },
  ),
);
