/* oxlint-disable unicorn/prefer-add-event-listener -- the on… attributes are part of what is tested */
import { basename } from 'node:path';
import { runInNewContext } from 'node:vm';
import { nextMacrotask } from '../../src/playwright/host.ts';
import { CallSite } from '../../src/support/call-site.ts';
import { frame } from '../helpers/raw-frame.ts';
import { expect } from '../helpers/test.ts';
import { nextEvent, test, type Sockets } from './whatwg.ts';

test('a handler that throws is a finding, and the next one is called', async ({ server, sockets }) => {
  server.onConnection((connection) => void connection.send('hello'));
  const socket = new sockets.WebSocket(server.url);
  const place = nextLine();
  socket.onmessage = () => {
    throw new Error('no such event');
  };
  await nextEvent(socket, 'message');

  expect(await findings(sockets)).toEqual([
    ['handlerError', `the handler of "message" at ${place} threw: no such event`],
  ]);
});

test('a listener that rejects is a finding', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const place = nextLine();
  socket.addEventListener('open', () => Promise.reject(new Error('not ready')));
  await nextEvent(socket, 'open');

  expect(await findings(sockets)).toEqual([['handlerError', `the handler of "open" at ${place} threw: not ready`]]);
});

test('a listener of message that was never called is a finding', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(`${server.url}/chat`);
  const place = nextLine();
  socket.addEventListener('message', () => {});
  await nextEvent(socket, 'open');

  expect(await findings(sockets)).toEqual([
    [
      'uncalledHandler',
      `the handler of "message" at ${place} was never called: "/chat" received no message after it was added\n  Pass { optional: true } if that is right`,
    ],
  ]);
});

test('onmessage that was never called is a finding', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const place = nextLine();
  socket.onmessage = () => {};
  await nextEvent(socket, 'open');

  expect(await findings(sockets)).toEqual([
    ['uncalledHandler', expect.stringContaining(`the handler of "message" at ${place} was never called`)],
  ]);
});

for (const [name, listen] of [
  ['optional', (socket) => socket.addEventListener('message', () => {}, { optional: true })],
  [
    'removed',
    (socket) => {
      const listener = (): void => {};
      socket.addEventListener('message', listener);
      socket.removeEventListener('message', listener);
    },
  ],
  [
    'aborted',
    (socket) => {
      const controller = new AbortController();
      socket.addEventListener('message', () => {}, { signal: controller.signal });
      controller.abort();
    },
  ],
  [
    'replaced by null',
    (socket) => {
      socket.onmessage = () => {};
      socket.onmessage = null;
    },
  ],
  ['for another event', (socket) => socket.addEventListener('ping', () => {})],
] satisfies [string, (socket: InstanceType<Sockets['WebSocket']>) => void][]) {
  test(`a listener that is ${name} may stay uncalled`, async ({ server, sockets }) => {
    const socket = new sockets.WebSocket(server.url);
    listen(socket);
    await nextEvent(socket, 'open');

    expect(await findings(sockets)).toEqual([]);
  });
}

test('a listener that dispatchEvent called is not uncalled', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  socket.addEventListener('message', () => {});
  socket.dispatchEvent(new MessageEvent('message'));
  await nextEvent(socket, 'open');

  expect(await findings(sockets)).toEqual([]);
});

test('a listener that was added again must be called again', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  const listener = (): void => {};
  socket.addEventListener('message', listener, { once: true });
  socket.dispatchEvent(new MessageEvent('message'));
  const place = nextLine();
  socket.addEventListener('message', listener, { once: true });
  await nextEvent(socket, 'open');

  expect(await findings(sockets)).toEqual([
    ['uncalledHandler', expect.stringContaining(`the handler of "message" at ${place} was never called`)],
  ]);
});

test('a listener that a package added may stay uncalled', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  inPackage('socket.onmessage = () => {}; socket.addEventListener("message", () => {})', { socket });
  await nextEvent(socket, 'open');

  expect(await findings(sockets)).toEqual([]);
});

test('data sent after the close is a finding, told once', async ({ server, sockets }) => {
  server.onConnection((connection) => void connection.close(1000, 'bye'));
  const socket = new sockets.WebSocket(`${server.url}/chat`);
  await nextEvent(socket, 'close');
  const place = nextLine();
  socket.send('too late');
  socket.send('again');

  expect(await findings(sockets)).toEqual([
    [
      'unawaitedFailure',
      `the send at ${place} was dropped, as the WHATWG standard has it: "/chat" had closed with 1000 Normal closure "bye", by the server`,
    ],
  ]);
});

test('data sent while we close is a finding', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(`${server.url}/chat`);
  await nextEvent(socket, 'open');
  socket.close();
  const place = nextLine();
  socket.send('too late');

  expect(await findings(sockets)).toEqual([
    ['unawaitedFailure', `the send at ${place} was dropped, as the WHATWG standard has it: "/chat" is closing`],
  ]);
});

test('data sent while the server closes is a finding', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(`${rawServer.url}/chat`);
  const peer = await rawServer.nextPeer();
  await peer.accept();
  await nextEvent(socket, 'open');
  socket.addEventListener('ping', () => queueMicrotask(() => setImmediate(() => socket.send('too late'))));
  await peer.write(Buffer.concat([frame({ opcode: 'ping' }), frame({ opcode: 'close' })]));
  await nextEvent(socket, 'ping');
  await peer.readFrame();
  await peer.readFrame();
  await peer.end();
  await nextEvent(socket, 'close');

  // Whether the close frame has been read by then is the machine's affair.
  const text = expect.stringMatching(/"\/chat" (is closing|had closed with 1005)/);
  expect(await findings(sockets)).toMatchObject([['unawaitedFailure', text]]);
});

test('data that a broken connection lost is told as the close that it is', async ({ rawServer, sockets }) => {
  const socket = new sockets.WebSocket(rawServer.url);
  const peer = await rawServer.nextPeer();
  await peer.accept();
  await nextEvent(socket, 'open');
  const blob = new SlowBlob();
  socket.send(blob);
  const closed = nextEvent(socket, 'close');
  await peer.reset();
  await closed;
  blob.read();
  await nextMacrotask();

  expect(await findings(sockets)).toMatchObject([['unexpectedClose', expect.any(String)]]);
});

test('data that a package sends after the close is no finding', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.close();
  inPackage('socket.send("heartbeat")', { socket });
  await nextEvent(socket, 'close');

  expect(await findings(sockets)).toEqual([]);
});

test('data sent when the test has ended is no finding', async ({ server, sockets }) => {
  const socket = new sockets.WebSocket(server.url);
  await nextEvent(socket, 'open');
  socket.onclose = () => socket.send('too late');

  expect(await findings(sockets)).toEqual([]);
});

test('a socket that is still connecting when the test ends is a finding', async ({ startRawServer, sockets }) => {
  const rawServer = await startRawServer();
  const place = nextLine();
  const socket = new sockets.WebSocket(rawServer.url);
  await rawServer.nextPeer();

  expect(await findings(sockets)).toEqual([['pendingWait', `new WebSocket at ${place} was not awaited`]]);
  expect(socket.readyState).toBe(3);
});

test('a handshake that is refused is one finding, and no unhandled rejection', async ({ startServer, sockets }) => {
  const server = await startServer({ refuse: () => ({ status: 503 }) });
  const place = nextLine();
  const socket = new sockets.WebSocket(`${server.url}/chat`);
  await nextEvent(socket, 'close');
  await nextMacrotask(); // The handshake's own promise has been rejected by now.

  expect(await findings(sockets)).toEqual([
    [
      'unexpectedClose',
      `"/chat" (${server.url}/chat), connected at ${place}, could not be opened: Cannot connect to "${server.url}/chat": the server answered 503 Service Unavailable\n  Wait until the server is ready before connecting.`,
    ],
  ]);
});

test('a socket that is constructed when the test has ended connects to nothing and tells nothing', async ({
  server,
  sockets,
}) => {
  await sockets.end();
  const socket = new sockets.WebSocket(server.url);
  const heard: string[] = [];
  for (const type of ['open', 'error', 'close'] as const) socket.addEventListener(type, () => heard.push(type));
  await fetch(server.httpUrl);

  expect(server.handshakes).toEqual([]);
  expect(heard).toEqual([]);
  expect(socket.readyState).toBe(0);
  socket.close();
  await nextEvent(socket, 'close');
  expect(heard).toEqual(['error', 'close']);
});

/** A Blob whose bytes come when the test says so. */
class SlowBlob extends Blob {
  read: () => void = () => {};
  readonly #bytes = new Promise<ArrayBuffer>((resolve) => {
    this.read = () => resolve(new ArrayBuffer(1));
  });

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes;
  }
}

async function findings(sockets: Sockets): Promise<[kind: string, text: string][]> {
  return (await sockets.end()).map(({ kind, text }) => [kind, text]);
}

/** The place of the next line, as findings name it. */
function nextLine(): string {
  const { file = '', line = 0 } = CallSite.capture(nextLine).location ?? {};
  return `${basename(file)}:${line + 1}`;
}

/** Runs code as if a file of an installed package had it. */
function inPackage(code: string, context: object): void {
  runInNewContext(code, context, { filename: '/project/node_modules/some-client/index.js' });
}
