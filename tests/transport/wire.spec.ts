import { Writable } from 'node:stream';
import { mock } from 'node:test';
import type { Flushed } from '../../src/connection/wire.ts';
import { openClientWire } from '../../src/transport/handshake.ts';
import { closePayload, frame } from '../helpers/raw-frame.ts';
import type { RawPeer } from '../helpers/raw-peer.ts';
import type { RawServer } from '../helpers/raw-server.ts';
import { expect, test } from '../helpers/test.ts';
import { open, Recorder, requestFor } from './opening.ts';

test('text, bytes, pings and pongs are heard in order', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  await peer.write(
    Buffer.concat([
      frame({ payload: 'text' }),
      frame({ opcode: 'ping', payload: 'p1' }),
      frame({ opcode: 'binary', payload: 'bytes' }),
      frame({ opcode: 'pong', payload: 'p2' }),
      frame({ payload: '' }),
    ]),
  );

  for (const expected of [
    { kind: 'message', payload: 'text', isBinary: false },
    { kind: 'ping', payload: 'p1' },
    { kind: 'message', payload: 'bytes', isBinary: true },
    { kind: 'pong', payload: 'p2' },
    { kind: 'message', payload: '', isBinary: false },
  ]) {
    expect(await recorder.next()).toEqual(expected);
  }
  await recorder.end();
});

test('send, ping and pong write frames and call back when they are handed over', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  const { wire } = recorder;

  expect(await flushed((done) => wire.send(Buffer.from('text'), false, done))).toBeUndefined();
  expect(await flushed((done) => wire.send(new Uint8Array([1, 2]), true, done))).toBeUndefined();
  expect(await flushed((done) => wire.ping(Buffer.from('p1'), done))).toBeUndefined();
  expect(await flushed((done) => wire.pong(Buffer.from('p2'), done))).toBeUndefined();
  expect(await peer.readFrame()).toMatchObject({ opcode: 1, payload: Buffer.from('text'), isMasked: true });
  expect(await peer.readFrame()).toMatchObject({ opcode: 2, payload: Buffer.from([1, 2]) });
  expect(await peer.readFrame()).toMatchObject({ opcode: 9, payload: Buffer.from('p1') });
  expect(await peer.readFrame()).toMatchObject({ opcode: 10, payload: Buffer.from('p2') });
  await recorder.end();
});

test('the receiver of ws is ended once: each end more would make an error for nobody', async ({ rawServer }) => {
  const ends = mock.method(Writable.prototype, 'end');
  const [recorder, peer] = await connect(rawServer);
  recorder.wire.close(1000, '');
  await peer.readFrame();
  await peer.write(frame({ opcode: 'close', payload: closePayload(1000) }));
  await peer.end();
  expect(await recorder.next()).toMatchObject({ kind: 'close', code: 1000 });
  ends.mock.restore();

  const receivers = ends.mock.calls.filter(
    ({ this: stream }) => Reflect.get(Object(stream), 'constructor').name === 'Receiver',
  );
  expect(receivers).toHaveLength(1);
});

test('sending does not change the payload', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  const payload = new Uint8Array([1, 2, 3, 4, 5]);
  await flushed((done) => recorder.wire.send(payload, true, done));
  await peer.readFrame();

  expect([...payload]).toEqual([1, 2, 3, 4, 5]);
  await recorder.end();
});

test('pings are not answered by the wire', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  await peer.write(frame({ opcode: 'ping', payload: 'p1' }));
  await recorder.next();
  await flushed((done) => recorder.wire.send(Buffer.from('first'), false, done));

  expect(await peer.readFrame()).toMatchObject({ opcode: 1, payload: Buffer.from('first') });
  await recorder.end();
});

test('close sends code and reason, and tells what the server answered', async ({ server }) => {
  const recorder = await open(server.url);
  const connection = await server.nextConnection();
  recorder.wire.close(4001, 'enough');

  expect(await connection.closed).toEqual({ code: 4001, reason: 'enough' });
  expect(await recorder.next()).toEqual({ kind: 'close', code: 4001, reason: 'enough' });
});

test('close without a code sends an empty close frame', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  recorder.wire.close(undefined, '');

  expect(await peer.readFrame()).toMatchObject({ opcode: 8, payload: Buffer.alloc(0) });
  await recorder.end();
});

test('a closing handshake that the server does not answer ends after closeTimeout', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer, { closeTimeout: 50 });
  recorder.wire.close(1000, '');

  expect(await recorder.next()).toEqual({ kind: 'close', code: 1006, reason: '' });
  await peer.ended;
});

test('a close frame of the server is answered and told', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  await peer.write(frame({ opcode: 'close', payload: closePayload(4002, 'bye') }));

  expect(await peer.readFrame()).toMatchObject({ opcode: 8, payload: closePayload(4002, 'bye') });
  await peer.end();
  expect(await recorder.next()).toEqual({ kind: 'close', code: 4002, reason: 'bye' });
});

test('a close frame without a code is 1005', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  await peer.write(frame({ opcode: 'close' }));
  await peer.end();

  expect(await recorder.next()).toEqual({ kind: 'close', code: 1005, reason: '' });
});

test('a connection that breaks is 1006 without an error', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  await peer.reset();

  expect(await recorder.next()).toEqual({ kind: 'close', code: 1006, reason: '' });
});

test('no method throws, whatever the state and the arguments', async ({ server }) => {
  const recorder = await open(server.url);
  const { wire } = recorder;

  expect((await flushed((done) => wire.ping(Buffer.alloc(126), done)))?.message).toBe(
    'The data size must not be greater than 125 bytes',
  );
  wire.terminate();
  expect((await flushed((done) => wire.send(Buffer.from('x'), false, done)))?.message).toContain('not open');
  expect((await flushed((done) => wire.ping(Buffer.from('x'), done)))?.message).toContain('not open');
  expect(await recorder.next()).toEqual({ kind: 'close', code: 1006, reason: '' });
  expect((await flushed((done) => wire.pong(Buffer.from('x'), done)))?.message).toContain('not open');
  for (const act of [() => wire.close(1000, ''), () => wire.terminate(), () => wire.pause(), () => wire.resume()])
    act();
  expect(wire.bufferedAmount).toBeGreaterThanOrEqual(0);
  expect(recorder.heard).toHaveLength(1);
});

test('a close code that may not be sent is an error, then a close', async ({ server }) => {
  const recorder = await open(server.url);
  recorder.wire.close(1005, '');

  expect(await recorder.next()).toEqual({ kind: 'error', message: 'First argument must be a valid error code number' });
  expect(await recorder.next()).toEqual({ kind: 'close', code: 1006, reason: '' });
});

test('pause stops reading, resume goes on', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  recorder.wire.pause();
  await peer.write(frame({ payload: 'later' }));
  // The answer to a ping of ours would come after it: nothing is read, so nothing of both is heard.
  await flushed((done) => recorder.wire.ping(Buffer.from('p'), done));
  await peer.readFrame();
  expect(recorder.heard).toEqual([]);
  recorder.wire.resume();

  expect(await recorder.next()).toEqual({ kind: 'message', payload: 'later', isBinary: false });
  await recorder.end();
});

test('terminate ends the connection without a close frame', async ({ rawServer }) => {
  const [recorder, peer] = await connect(rawServer);
  recorder.wire.terminate();
  await peer.ended;

  await expect(peer.readFrame()).rejects.toThrow('the client ended the connection, 0 bytes are left');
  expect(await recorder.next()).toEqual({ kind: 'close', code: 1006, reason: '' });
});

test('a listener that throws leaves the wire alive', async ({ rawServer }) => {
  const thrown: unknown[] = [];
  const recorder = new (class extends Recorder {
    override message(payload: Buffer, isBinary: boolean): void {
      super.message(payload, isBinary);
      if (payload.toString() === 'bad') throw new Error('a bug');
    }
  })();
  const others = process.rawListeners('uncaughtException');
  process.removeAllListeners('uncaughtException').once('uncaughtException', (error) => thrown.push(error.message));
  try {
    const opening = openClientWire(requestFor(rawServer.url))(recorder, new AbortController().signal);
    const peer = await rawServer.nextPeer();
    await peer.accept();
    await opening;
    await peer.write(Buffer.concat([frame({ payload: 'bad' }), frame({ payload: 'good' })]));
    await recorder.next();

    expect(await recorder.next()).toEqual({ kind: 'message', payload: 'good', isBinary: false });
    await recorder.end();
    expect(thrown).toEqual(['a bug']);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', (...args) => Reflect.apply(listener, process, args));
  }
});

async function connect(server: RawServer, request: { closeTimeout?: number } = {}): Promise<[Recorder, RawPeer]> {
  const opening = open(server.url, request);
  const peer = await server.nextPeer();
  await peer.accept();
  return [await opening, peer];
}

function flushed(act: (done: Flushed) => void): Promise<Error | undefined> {
  return new Promise((resolve) => act(resolve));
}
