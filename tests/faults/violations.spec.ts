import { deflateRawSync } from 'node:zlib';
import { test } from '@playwright/test';
import { closeCodeName } from '../../src/protocol/close-code.ts';
import type { ConnectOptions } from '../../src/transport/connect-options.ts';
import type { AcceptOptions } from '../helpers/raw-peer.ts';
import { closePayload, frame } from '../helpers/raw-frame.ts';
import { accepted, closeCodeSentTo, closedWait, lost, pendingWait, steady } from './accepted.ts';
import { atOnce, fault, type Stage, within } from './matrix.ts';

// What breaks RFC 6455 or a limit of the client: the client closes, and tells both sides why.

interface Violation {
  readonly stage: Stage;
  readonly fault: string;
  readonly bytes: Buffer | (() => Buffer);
  /** What the server did, in our words. */
  readonly what: string;
  /** What the server is told. */
  readonly code: number;
  readonly remedy?: string;
  readonly options?: ConnectOptions;
  readonly accept?: AcceptOptions;
}

const fragment = frame({ opcode: 'continuation', fin: false, payload: 'x' });
const compressed: Pick<Violation, 'accept'> = {
  accept: { headers: { 'sec-websocket-extensions': 'permessage-deflate' } },
};

const open: readonly Omit<Violation, 'stage'>[] = [
  {
    fault: 'Text that is not valid UTF-8',
    bytes: frame({ payload: Buffer.from([0xff]) }),
    what: broke('text or a close reason that is not valid UTF-8', '8.1'),
    code: 1007,
  },
  {
    fault: 'Text whose fragments are not valid UTF-8 together',
    bytes: Buffer.concat([
      frame({ fin: false, payload: Buffer.from([0xe2, 0x82]) }),
      frame({ opcode: 'continuation', payload: 'x' }),
    ]),
    what: broke('text or a close reason that is not valid UTF-8', '8.1'),
    code: 1007,
  },
  {
    fault: 'A frame with RSV1, no compression agreed on',
    bytes: frame({ rsv: 4 }),
    what: broke('a frame that claims to be compressed and must not be', '5.2'),
    code: 1002,
  },
  {
    fault: 'A compressed ping, compression agreed on',
    bytes: frame({ rsv: 4, opcode: 'ping' }),
    what: broke('a frame that claims to be compressed and must not be', '5.2'),
    code: 1002,
    options: { perMessageDeflate: true },
    ...compressed,
  },
  {
    fault: 'A frame with RSV2',
    bytes: frame({ rsv: 2 }),
    what: broke('a frame with a reserved bit, RSV2 or RSV3', '5.2'),
    code: 1002,
  },
  {
    fault: 'A frame with the opcode 3',
    bytes: frame({ opcode: 3 }),
    what: broke('a frame with the reserved opcode 3', '5.2'),
    code: 1002,
  },
  {
    fault: 'A frame with the opcode 15',
    bytes: frame({ opcode: 15 }),
    what: broke('a frame with the reserved opcode 15', '5.2'),
    code: 1002,
  },
  {
    fault: 'A masked frame',
    bytes: frame({ mask: true, payload: 'x' }),
    what: broke('a masked frame', '5.1'),
    code: 1002,
  },
  {
    fault: 'A ping in fragments',
    bytes: frame({ opcode: 'ping', fin: false }),
    what: broke('a ping, pong or close frame in fragments', '5.5'),
    code: 1002,
  },
  {
    fault: 'A ping of 126 bytes',
    bytes: frame({ opcode: 'ping', payload: 'x'.repeat(126) }),
    what: broke('a ping, pong or close frame of more than 125 bytes', '5.5'),
    code: 1002,
  },
  {
    fault: 'A message amid the fragments of another',
    bytes: Buffer.concat([frame({ fin: false, payload: 'a' }), frame({ payload: 'b' })]),
    what: broke('a new message amid the fragments of another', '5.4'),
    code: 1002,
  },
  {
    fault: 'A continuation of nothing',
    bytes: frame({ opcode: 'continuation' }),
    what: broke('a continuation frame of no message', '5.4'),
    code: 1002,
  },
  {
    fault: 'A frame that announces 2^53 bytes',
    bytes: Buffer.from([0x82, 127, 0, 0x20, 0, 0, 0, 0, 0, 0]),
    what: 'announced a frame of 2^53 bytes or more, which Node.js cannot hold',
    code: 1009,
  },
  {
    fault: 'A frame that announces 256 MB, with the default `maxPayload`',
    bytes: frame({ opcode: 'binary', length: 256_000_000 }),
    what: 'sent a message of more than 104857600 bytes, the limit of maxPayload',
    code: 1009,
    remedy: ' Raise { maxPayload } if the message is right.',
  },
  {
    fault: 'Fragments of more than `maxPayload` together',
    bytes: Buffer.concat([frame({ fin: false, payload: 'two' }), frame({ opcode: 'continuation', payload: 'two' })]),
    what: 'sent a message of more than 4 bytes, the limit of maxPayload',
    code: 1009,
    remedy: ' Raise { maxPayload } if the message is right.',
    options: { maxPayload: 4 },
  },
  {
    fault: 'A message in more than `maxFragments` frames',
    bytes: Buffer.concat([frame({ fin: false, payload: 'x' }), fragment, fragment]),
    what: 'sent a message of more than 2 frames, the limit of maxFragments',
    code: 1008,
    remedy: ' Raise { maxFragments } if the message is right.',
    options: { maxFragments: 2 },
  },
  {
    fault: 'A message in more than 16,384 frames, the default of `maxFragments`',
    bytes: () =>
      Buffer.concat([frame({ fin: false, payload: 'x' }), ...Array.from({ length: 16_384 }, () => fragment)]),
    what: 'sent a message of more than 16384 frames, the limit of maxFragments',
    code: 1008,
    remedy: ' Raise { maxFragments } if the message is right.',
  },
  {
    fault: 'Compressed data that cannot be inflated',
    bytes: frame({ rsv: 4, payload: Buffer.from([0xff, 0xff, 0xff]) }),
    what: 'broke the protocol: compressed data that cannot be inflated (RFC 7692 section 7.2.2)',
    code: 1007,
    options: { perMessageDeflate: true },
    ...compressed,
  },
  {
    fault: 'A compression bomb: 10 kB that inflate to 10 MB, above `maxPayload`',
    bytes: () => frame({ rsv: 4, payload: deflateRawSync(Buffer.alloc(10_000_000)) }),
    what: 'sent a message of more than 1000000 bytes, the limit of maxPayload',
    code: 1009,
    remedy: ' Raise { maxPayload } if the message is right.',
    options: { perMessageDeflate: true, maxPayload: 1_000_000 },
    ...compressed,
  },
];

const closing: readonly Omit<Violation, 'stage'>[] = [
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000].map((code) => ({
    fault: `A close frame with the code ${code}`,
    bytes: frame({ opcode: 'close', payload: closePayload(code) }),
    what: broke(`a close frame with the code ${code}`, '7.4'),
    code: 1002,
  })),
  {
    fault: 'A close frame with a reason of 124 bytes',
    bytes: frame({ opcode: 'close', payload: closePayload(1000, 'x'.repeat(124)) }),
    what: broke('a ping, pong or close frame of more than 125 bytes', '5.5'),
    code: 1002,
  },
  {
    fault: 'A close frame whose reason is not valid UTF-8',
    bytes: frame({ opcode: 'close', payload: closePayload(1000, Buffer.from([0xff])) }),
    what: broke('text or a close reason that is not valid UTF-8', '8.1'),
    code: 1007,
  },
  {
    fault: 'A close frame of one byte',
    bytes: frame({ opcode: 'close', payload: Buffer.from([3]) }),
    what: broke('a close frame with half a close code', '5.5.1'),
    code: 1002,
  },
];

const rows: readonly Violation[] = [
  ...open.map((row) => ({ ...row, stage: 'Open' as const })),
  ...closing.map((row) => ({ ...row, stage: 'Closing' as const })),
];
for (const row of rows) {
  const told = `The client closed the connection with ${row.code} ${closeCodeName(row.code)}.${row.remedy ?? ''}`;
  const what = `The server ${row.what}`;
  const gone = '1006 Abnormal closure, by the client';
  const failed = { error: 'WebSocketError', code: 'WS_PROTOCOL_ERROR' as const, message: `${what}\n  ${told}` };
  test(
    ...fault(
      {
        stage: row.stage,
        fault: row.fault,
        gets: {
          'the handler of "error"': [failed],
          'a pending wait': closedWait([gone, what, `  ${told}`], [`sent  +N ms  close  2 B  ${row.code}`]),
          'a send afterwards': {
            error: 'ConnectionClosedError',
            code: 'WS_NOT_OPEN',
            message: `Cannot send on "/feed": it closed with ${gone}: ${what}\n  ${told}`,
          },
          'client.closed': lost('client'),
          'the server gets the close code': row.code,
        },
        findings: [`on "/feed" (ws://127.0.0.1:PORT/feed), the server ${row.what}\n  ${told}`],
        within: atOnce,
        steady,
      },
      async ({ startRawServer, ws }) => {
        const server = await startRawServer();
        const errors: Error[] = [];
        const options = { ...row.options, on: { error: (error: Error) => errors.push(error) } };
        const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`, options), row.accept);
        const wait = pendingWait(client);
        await peer.write(typeof row.bytes === 'function' ? row.bytes() : row.bytes);
        const code = await closeCodeSentTo(peer);
        await peer.end();
        return {
          'the handler of "error"': errors,
          'a pending wait': await wait,
          'a send afterwards': await client.send('late').catch((error: unknown) => error),
          'client.closed': await client.closed,
          'the server gets the close code': code,
        };
      },
    ),
  );
}

test(
  ...fault(
    {
      stage: 'Open',
      fault: 'The server breaks the protocol and then does not end the connection',
      gets: { 'client.closed': lost('client') },
      findings: [
        'on "/feed" (ws://127.0.0.1:PORT/feed), the server broke the protocol: a masked frame (RFC 6455 section 5.1)\n  The client closed the connection with 1002 Protocol error.',
      ],
      within: within('`closeTimeout`', 20),
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`, { closeTimeout: 20 }));
      await peer.write(frame({ mask: true }));
      return { 'client.closed': await client.closed };
    },
  ),
);

function broke(what: string, section: string): string {
  return `broke the protocol: ${what} (RFC 6455 section ${section})`;
}
