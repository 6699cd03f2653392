import { test } from '@playwright/test';
import type { WebSocketClient } from '../../src/connection/web-socket-client.ts';
import { anyMessage } from '../../src/expectation/any-message.ts';
import { expect } from '../../src/playwright/expect.ts';
import type { WebSockets } from '../../src/playwright/web-sockets.ts';
import type { ConnectOptions } from '../../src/transport/connect-options.ts';
import { closePayload, frame } from '../helpers/raw-frame.ts';
import { accepted, lost, steady } from './accepted.ts';
import { atOnce, fault, type Stated, stated, type StatedError } from './matrix.ts';

// A function of the user's that throws, at every place that takes one. None of them may make the socket deaf.

interface Place {
  readonly where: string;
  readonly options?: ConnectOptions;
  /** Opens it in another way. */
  readonly connect?: (ws: WebSockets, url: string) => Promise<WebSocketClient>;
  /** Begins what the function is given to. */
  readonly start?: (client: WebSocketClient) => unknown;
  /** Whether it ends by itself, before the connection does. */
  readonly ends?: boolean;
  /** What the call gives. */
  readonly call?: Stated;
  readonly findings?: readonly string[];
}

function boom(): never {
  throw new Error('boom');
}

const throwing = { asymmetricMatch: boom };
const forever = { timeout: 0 };
const handler = (event: string, times = ''): string =>
  `the handler of "${event}" at user-code.spec.ts:LINE threw: boom${times}`;

/** The frames that a failure shows. */
const packet = ['received  +N ms  ping  0 B', 'sent  +N ms  pong  0 B', 'received  +N ms  pong  0 B'];
const messages = ['#1  +N ms  text  7 B  {"n":1}', '#2  +N ms  text  7 B  {"n":2}', '#3  +N ms  text  7 B  {"n":3}'];
const closeFrames = ['received  +N ms  close  2 B  1000', 'sent  +N ms  close  2 B  1000'];

/** What a wait says whose connection closes: its facts, and the frames. */
function failure(
  call: string,
  facts: readonly string[],
  { frames = [...packet, ...messages], thrown = 'the predicate threw: boom', closest = '#3,', isOpen = false } = {},
): StatedError {
  const nearest = thrown === '' ? [] : [`Closest: ${closest} +N ms`, thrown, ''];
  const lines = [
    `${call} failed`,
    '',
    `Client:   /feed (ws://127.0.0.1:PORT/feed), ${isOpen ? 'open for N ms' : 'closed'}`,
    ...facts,
    '',
    ...nearest,
    'Call log:',
    ...[...frames, ...(isOpen ? [] : closeFrames)].map((line) => `  - ${line}`),
  ];
  const isMatcher = call.startsWith('expect');
  return {
    error: isMatcher ? 'Error' : 'ConnectionClosedError',
    code: isMatcher ? undefined : 'WS_CONNECTION_CLOSED',
    message: lines.join('\n'),
  };
}

const none = 'Received: 3 messages, none matched';
const closed = 'Closed:   1000 Normal closure, by the server, after N ms of waiting';
const sentX = 'sent  +N ms  text  1 B  x';

const segment = [
  frame({ opcode: 'ping' }),
  frame({ opcode: 'pong' }),
  frame({ payload: '{"n":1}' }),
  frame({ payload: '{"n":2}' }),
];

const places: readonly Place[] = [
  { where: '`on.message`', options: { on: { message: boom } }, findings: [handler('message', ' (3 times)')] },
  { where: '`on.ping`', options: { on: { ping: boom } }, findings: [handler('ping')] },
  { where: '`on.pong`', options: { on: { pong: boom } }, findings: [handler('pong')] },
  { where: '`on.close`', options: { on: { close: boom } }, findings: [handler('close')] },
  {
    where: '`client.on`',
    start: (client) => void client.on('message', boom),
    findings: [handler('message', ' (3 times)')],
  },
  {
    where: '`client.once`',
    start: (client) => void client.once('message', boom),
    findings: [handler('message')],
  },
  {
    where: 'an asynchronous handler, which rejects',
    start: (client) => void client.on('message', async () => boom()),
    findings: [handler('message', ' (3 times)')],
  },
  {
    where: '`addEventListener` of a `ws.WebSocket`',
    connect: async (ws, url) => {
      const socket = new ws.WebSocket(url);
      socket.addEventListener('message', { handleEvent: boom });
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      return ws.clients[0];
    },
    findings: ['the handler of "message" at user-code.spec.ts:LINE threw: boom (3 times)'],
  },
  {
    where: '`client.setTimeout`',
    start: (client) => void client.setTimeout(boom, 0),
    findings: ['the setTimeout function at user-code.spec.ts:LINE threw: boom'],
  },
  {
    where: '`client.setInterval`',
    start: (client) => repeatOnce(client),
    findings: ['the setInterval function at user-code.spec.ts:LINE threw: boom'],
  },
  {
    where: '`ignore`',
    options: { ignore: boom },
    findings: ['the `ignore` expectation at user-code.spec.ts:LINE threw: boom (3 times)'],
  },
  {
    where: '`autoReply.on`',
    options: { autoReply: { on: boom, send: 'x' } },
    findings: ['the `autoReply` at user-code.spec.ts:LINE threw: boom (3 times)'],
  },
  {
    where: '`autoReply.send`',
    options: { autoReply: { on: { n: 1 }, send: boom } },
    findings: ['the `autoReply` at user-code.spec.ts:LINE threw: boom'],
  },
  {
    where: '`schema`',
    options: { schema: { '~standard': { version: 1, vendor: 'mine', validate: boom } } },
    findings: ['a message of "/feed" has no value: boom (3 times)'],
  },
  {
    where: '`codec.decode`',
    options: { codec: { encode: String, decode: boom } },
    start: (client) => client.waitForMessage({ n: 1 }, forever),
    call: failure('client.waitForMessage(expected)', ['Expected: {"n": 1}', none, closed], {
      thrown: 'could not be decoded: boom',
    }),
    findings: ['a message of "/feed" has no value: boom (3 times)'],
  },
  {
    where: '`codec.encode`',
    options: { codec: { encode: boom, decode: String } },
    start: (client) => client.send({ n: 1 }),
    call: { error: 'Error', code: undefined, message: 'boom' },
  },
  {
    where: '`toJSON` of what is sent',
    start: (client) => client.send({ toJSON: boom }),
    call: stated('TypeError', 'WS_INVALID_ARGUMENT', 'Cannot send a value that is not JSON: boom'),
  },
  {
    where: 'a predicate of `waitForMessage`',
    start: (client) => client.waitForMessage(boom, forever),
    call: failure('client.waitForMessage(expected)', ['Expected: boom', none, closed]),
  },
  {
    where: 'an asymmetric matcher',
    start: (client) => client.waitForMessage({ n: throwing }, forever),
    call: failure(
      'client.waitForMessage(expected)',
      ['Expected: {"n": {"asymmetricMatch": [Function boom]}}', none, closed],
      { thrown: 'the expectation threw: boom' },
    ),
  },
  {
    where: 'a predicate of `where`',
    start: (client) => client.waitForMessage({ n: 1 }, { ...forever, where: boom }),
    call: failure('client.waitForMessage(expected)', [
      'Expected: {"n": 1}',
      'Where:    boom',
      'Received: 3 messages, none selected',
      closed,
    ]),
  },
  {
    where: 'a predicate of `waitForMessages`',
    start: (client) => client.waitForMessages([boom], forever),
    call: failure('client.waitForMessages(expected)', ['Expected: boom', none, closed]),
  },
  {
    where: '`correlate` of `request`',
    start: (client) => client.request({ n: 0 }, anyMessage, { ...forever, correlate: boom }),
    call: failure(
      'client.request(data, expected)',
      [
        'Expected: any message',
        'Where:    the reply that boom selects',
        'Received: 3 messages after the sent frame, none selected',
        closed,
      ],
      { frames: ['sent  +N ms  text  7 B  {"n":0}', ...packet, ...messages], thrown: 'correlate threw: boom' },
    ),
  },
  {
    where: 'a predicate of `sendUntil`',
    start: (client) => client.sendUntil('x', boom, { interval: 60_000, maxAttempts: 2 }),
    call: failure(
      'client.sendUntil(data, expected)',
      ['Expected: boom', 'Received: 3 messages after the mark, none matched', closed],
      { frames: [sentX, ...packet, ...messages] },
    ),
  },
  {
    where: 'a function of `extract`',
    start: (client) => client.extract(boom, forever),
    call: failure(
      'client.extract(expression)',
      ['Expected: boom over the last message', 'Received: boom threw: boom', closed],
      {
        thrown: '',
      },
    ),
  },
  {
    where: 'a predicate of `toReceiveMessage`',
    start: (client) => expect(client).toReceiveMessage(boom, forever),
    call: failure('expect(client).toReceiveMessage(expected)', ['Expected: boom', none, closed]),
  },
  {
    where: 'a predicate of `not.toReceiveMessage`: a message at which it throws does not meet it',
    start: (client) => expect(client).not.toReceiveMessage(boom, { quietFor: 20 }),
    ends: true,
    call: 'passes',
  },
  {
    where: 'a predicate of `fence.expect`',
    start: (client) => expect(client).not.toReceiveMessage('x', { timeout: 500, fence: { send: 'x', expect: boom } }),
    ends: true,
    call: failure(
      'expect(client).not.toReceiveMessage(expected)',
      [
        'Expected: no "x" until the fence is answered',
        none,
        'Fence:    not answered within 500ms',
        '          #3: the predicate threw: boom',
      ],
      { frames: [sentX, ...packet, ...messages], isOpen: true, thrown: '' },
    ),
  },
  {
    where: 'a predicate of `toHaveReceivedMessage`',
    start: (client) => expect(client).toHaveReceivedMessage(boom, forever),
    call: failure('expect(client).toHaveReceivedMessage(expected)', ['Expected: boom', none, closed]),
  },
  {
    where: 'a predicate of `toHaveSentMessage`',
    start: async (client) => {
      await client.send('x');
      await expect(client).toHaveSentMessage(boom, forever);
    },
    call: failure(
      'expect(client).toHaveSentMessage(expected)',
      ['Expected: boom', 'Received: 1 sent message, none matched', closed],
      { frames: [sentX, ...packet, ...messages], closest: 'sent' },
    ),
  },
];

for (const { call, connect, ends, findings, options, start, where } of places) {
  test(
    ...fault(
      {
        stage: 'The test around it',
        fault: `A function throws: ${where}`,
        gets: { ...(call === undefined ? {} : { 'the call': call }), 'the next message is heard': true },
        findings: findings ?? [],
        within: atOnce,
        // The columns of the frames.
        steady: (text) => steady(text).replaceAll(/(text|ping|pong) {2,}/g, '$1  '),
      },
      async ({ startRawServer, ws }) => {
        const server = await startRawServer();
        const url = `${server.url}/feed`;
        const [client, peer] = await accepted(server, connect?.(ws, url) ?? ws.connect(url, options));
        const started = settled(start?.(client));
        await peer.write(Buffer.concat(segment));
        await peer.write(frame({ payload: '{"n":3}' }));
        await expect(client).toHaveReceivedMessage('{"n":3}');
        if (ends === true) await started;
        await peer.write(frame({ opcode: 'close', payload: closePayload(1000) }));
        await peer.end();
        await client.closed;
        const came = await started;
        return { ...(call === undefined ? {} : { 'the call': came }), 'the next message is heard': true };
      },
    ),
  );
}

const masked = 'The server broke the protocol: a masked frame (RFC 6455 section 5.1)';
const told = '\n  The client closed the connection with 1002 Protocol error.';

test(
  ...fault(
    {
      stage: 'The test around it',
      fault: 'A function throws: `on.error`, when the server breaks the protocol',
      gets: { 'client.closed': lost('client') },
      findings: [`on "/feed" (ws://127.0.0.1:PORT/feed), ${masked.replace('The', 'the')}${told}`, handler('error')],
      within: atOnce,
      steady,
    },
    async ({ startRawServer, ws }) => {
      const server = await startRawServer();
      const [client, peer] = await accepted(server, ws.connect(`${server.url}/feed`, { on: { error: boom } }));
      await peer.write(frame({ mask: true }));
      await peer.end();
      return { 'client.closed': await client.closed };
    },
  ),
);

async function settled(result: unknown): Promise<unknown> {
  try {
    await result;
    return 'passes';
  } catch (error) {
    return error;
  }
}

function repeatOnce(client: WebSocketClient): void {
  const stop = client.setInterval(() => {
    stop();
    boom();
  }, 1);
}
