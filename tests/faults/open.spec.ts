import { test } from '@playwright/test';
import { anyMessage } from '../../src/expectation/any-message.ts';
import { frame } from '../helpers/raw-frame.ts';
import type { RawPeer } from '../helpers/raw-peer.ts';
import { accepted, closedWait, forget, lost, lostFinding, pendingWait, steady } from './accepted.ts';
import { atOnce, fault, stated, within } from './matrix.ts';
import { rejection } from './scene.ts';

// What the server and the network can do to an open connection; what breaks the protocol is in violations.spec.ts.

const withoutCloseFrame = 'The server ended the connection without a close frame';

const ends: readonly [fault: string, end: (peer: RawPeer) => Promise<unknown>, why: string][] = [
  ['The server resets the connection', (peer) => peer.reset(), 'The connection broke: read ECONNRESET'],
  ['The server ends the connection without a close frame', (peer) => peer.end(), withoutCloseFrame],
  [
    'The server ends the connection in the middle of a frame',
    async (peer) => {
      await peer.write(frame({ payload: 'never whole' }).subarray(0, 5));
      await peer.end();
    },
    withoutCloseFrame,
  ],
];
for (const [what, end, why] of ends) {
  test(
    ...fault(
      {
        stage: 'Open',
        fault: what,
        gets: {
          'a pending wait': closedWait(['1006 Abnormal closure, by the network', why], []),
          'client.closed': lost('network'),
        },
        findings: [lostFinding('open.spec.ts', `1006 Abnormal closure, by the network: ${why}`)],
        within: atOnce,
        steady,
      },
      async ({ startRawServer, ws }) => {
        const server = await startRawServer();
        const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
        const wait = pendingWait(client);
        await end(peer);
        return { 'a pending wait': await wait, 'client.closed': await client.closed };
      },
    ),
  );
}

const silence = 'The server left a ping of keepAlive unanswered for 20ms';

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'The network goes away, and nobody says so (with `keepAlive`)',
      gets: {
        'a pending wait': closedWait(
          ['1006 Abnormal closure, by the network', silence],
          ['sent  +N ms  ping  15 B  playwright-ws 1'],
        ),
        'client.closed': lost('network'),
      },
      findings: [lostFinding('open.spec.ts', `1006 Abnormal closure, by the network: ${silence}`)],
      within: within('two intervals of `keepAlive`', 40),
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client] = await accepted(server, ws.connect(`${server.url}/feed`, { keepAlive: 20 }));
      const wait = pendingWait(client);
      return { 'a pending wait': await wait, 'client.closed': await client.closed };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'The network goes away, and nobody says so (without `keepAlive`)',
      gets: {
        'a wait': stated(
          'WaitTimeoutError',
          'WS_WAIT_TIMEOUT',
          'client.waitForMessage(expected) failed',
          '',
          'Client:   /feed (ws://127.0.0.1:PORT/feed), open for N ms',
          'Expected: "ready"',
          'Received: nothing',
          'Timeout:  20ms',
          '',
          'Call log:',
          '  - no frames',
        ),
      },
      within: within('`waitTimeout`; the end of the test within `closeTimeout`', 40),
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const options = { waitTimeout: 20, closeTimeout: 20 };
      const [client] = await accepted(server, ws.connect(`${server.url}/feed`, options));
      return { 'a wait': await rejection(client.waitForMessage('ready')) };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'The server reads nothing: what is sent piles up',
      gets: {
        send: stated(
          'WaitTimeoutError',
          'WS_WAIT_TIMEOUT',
          'client.send(data) failed',
          '',
          'Client:   /feed (ws://127.0.0.1:PORT/feed), open for N ms',
          'Expected: the bytes handed to the socket',
          'Received: N bytes still queued: the server reads too slowly',
          'Timeout:  50ms',
          '',
          'Call log:',
          '  - sent  +N ms  binary  20000000 B  <00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 …>',
        ),
        'client.close()': lost('client'),
      },
      within: within('`waitTimeout`; closing within `closeTimeout`', 100),
      steady: (text) => steady(text).replaceAll(/\d+ bytes still/g, 'N bytes still'),
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const options = { waitTimeout: 50, closeTimeout: 50 };
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`, options));
      peer.socket.pause();
      const send = await rejection(client.send(Buffer.alloc(20_000_000)));
      const close = await client.close();
      forget(peer);
      return { send, 'client.close()': close };
    },
  ),
);

const reset = 'The connection broke: read ECONNRESET';

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'The server resets the connection while bytes are queued',
      gets: {
        send: stated(
          'WebSocketError',
          'WS_SEND_FAILED',
          'Cannot send on "/feed": the connection ended with the bytes still queued',
        ),
        'client.closed': lost('network'),
      },
      findings: [lostFinding('open.spec.ts', `1006 Abnormal closure, by the network: ${reset}`)],
      within: atOnce,
      // The client reads or writes when it learns of it.
      steady: (text) => steady(text).replace('write ECONNRESET', 'read ECONNRESET'),
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
      peer.socket.pause();
      const send = rejection(client.send(Buffer.alloc(20_000_000)));
      await peer.reset();
      return { send: await send, 'client.closed': await client.closed };
    },
  ),
);

const storm = 5000;

test(
  ...fault(
    {
      stage: 'Open',
      fault: `${storm} pings in one segment`,
      gets: { 'answered, in order': storm, 'client.readyState': 1 },
      within: atOnce,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
      const pings = Array.from({ length: storm }, (_, index) => frame({ opcode: 'ping', payload: `${index}` }));
      await peer.write(Buffer.concat(pings));
      let answered = 0;
      while (answered < storm && (await peer.readFrame()).payload.toString() === `${answered}`) answered += 1;
      const { readyState } = client;
      peer.socket.end();
      await client.close();
      return { 'answered, in order': answered, 'client.readyState': readyState };
    },
  ),
);

const flood = 1_000_000;
const letters = 'abcdefghijklmnopqrstuvwxy';

const large = 256_000_000;

/** Seconds of work on a busy machine. */
const asFast = within('as fast as it comes', 20_000);

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'One million frames of one byte, faster than the test reads',
      gets: { 'client.messages.length': flood, 'of them in order': flood, 'read by the test meanwhile': true },
      within: asFast,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`));
      const written = peer.write(floodBytes());
      const last = client.waitForMessage('z', { timeout: 0 });
      let read = 0;
      for (; read < 100; read++) await client.waitForMessage(letterAt(read));
      await Promise.all([written, last]);
      let inOrder = 0;
      for (const { text } of client.messages) if (text === letterAt(inOrder)) inOrder += 1;
      peer.socket.end();
      await client.close();
      return {
        'client.messages.length': client.messages.length,
        'of them in order': inOrder,
        'read by the test meanwhile': read > 0,
      };
    },
  ),
);

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'One frame of 256 MB, `maxPayload` raised',
      gets: { 'message.size': large, 'its last byte': 7, 'client.readyState': 1 },
      within: asFast,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`, { maxPayload: large }));
      const chunk = Buffer.alloc(1_000_000, 7);
      const message = client.waitForMessage(anyMessage, { timeout: 0 });
      await peer.write(frame({ opcode: 'binary', length: large }));
      for (let written = 0; written < large; written += chunk.length) await peer.write(chunk);
      const { bytes, size } = await message;
      const { readyState } = client;
      const last = bytes.at(-1);
      // A close frame after it would move it to a file.
      client.terminate();
      await client.closed;
      return { 'message.size': size, 'its last byte': last, 'client.readyState': readyState };
    },
  ),
);

/** Written by hand: `frame` makes a million objects. */
function floodBytes(): Buffer {
  const bytes = Buffer.alloc(flood * 3);
  for (let index = 0; index < flood; index++) {
    bytes.writeUInt16BE(0x8101, index * 3);
    bytes.write(letterAt(index), index * 3 + 2);
  }
  return bytes;
}

/** `a` to `y` again and again, and `z` at the end. */
function letterAt(index: number): string {
  return index === flood - 1 ? 'z' : (letters[index % letters.length] ?? '');
}
