import { expect, test } from '@playwright/test';
import { Wait } from '../../src/connection/waits.ts';
import { ControlWatch } from '../../src/connection/watch-control.ts';
import { Mark } from '../../src/frames/mark.ts';
import { createTranscript, type Transcript } from '../../src/transcript/transcript.ts';
import { createTestConnection, FakeOwner, receive } from '../helpers/fake-wire.ts';
import { clientOf } from './lines.ts';

function textsOf({ frames }: Transcript): string[] {
  return Array.from({ length: frames.length }, (_, position) => frames.at(position).payload.toString());
}

test('transcript of no connection is empty', () => {
  expect(createTranscript({ connections: [], waits: [], findings: [] })).toMatchObject({
    isEmpty: true,
    connections: [],
  });
});

test('transcript of a connection without frames is not empty', () => {
  const { connection } = createTestConnection();

  expect(createTranscript({ connections: [connection], waits: [], findings: [] }).isEmpty).toBe(false);
});

test('transcript holds payloads as views, not as copies', () => {
  const { connection } = createTestConnection();
  receive(connection, 'hello');

  const { frames } = createTranscript({ connections: [connection], waits: [], findings: [] });
  expect(frames.at(0).payload.buffer).toBe(connection.log.payload(0).buffer);
});

test('transcript counts milliseconds from the connection that began first', () => {
  const first = createTestConnection().connection;
  const second = createTestConnection().connection;
  const third = createTestConnection().connection;
  receive(second, 'hello');

  const { connections, frames } = createTranscript({ connections: [second, first, third], waits: [], findings: [] });
  expect(connections.map(({ ms }) => ms)).toEqual(
    [second.createdAt, first.createdAt, third.createdAt].map((at) => at - first.createdAt),
  );
  expect(frames.at(0).ms).toBe(second.log.monotonicTime(0) - first.createdAt);
});

test('transcript masks secrets of URLs by their names', () => {
  const url = 'ws://127.0.0.1/?token=t0p';
  const { connection } = createTestConnection({ url });

  const { connections } = createTranscript({ connections: [connection], waits: [], findings: [] });
  expect(connections[0]).toMatchObject({
    url: 'ws://127.0.0.1/?token=***',
    handshake: { url: 'ws://127.0.0.1/?token=***' },
  });
});

test('transcript tells who claimed a ping', () => {
  const { connection, owner } = createTestConnection();
  receive(connection, 'hello');
  connection.ping(Buffer.from('1'));
  connection.pong(Buffer.from('2'));
  const settings = { method: 'toReceivePing', call: '', site: undefined, connections: [connection], timeout: 0 };
  Wait.start(settings, new ControlWatch({ opcode: 'ping', payload: undefined, isUnwanted: false }));

  const { frames, waits } = createTranscript({ connections: [connection], waits: owner.waits, findings: [] });
  const claimed = Array.from({ length: frames.length }, (_, position) => frames.at(position).claimedBy?.method);
  expect(claimed).toEqual([undefined, 'toReceivePing', undefined, undefined]);
  expect(waits.map((wait) => wait.claimed)).toEqual([[connection.log.sequence(1)]]);
});

test.describe('slice', () => {
  test('leaves out the frames up to a sequence number', () => {
    const { connection } = createTestConnection();
    receive(connection, 'before');
    const from = new Mark().sequence;
    receive(connection, 'after');

    expect(textsOf(createTranscript({ connections: [connection], waits: [], findings: [], from }))).toEqual(['after']);
  });

  test('keeps the numbers that messages have on their connection', () => {
    const { connection } = createTestConnection();
    receive(connection, 'before');
    const from = new Mark();
    receive(connection, 'after');

    const { frames } = createTranscript({ connections: [connection], waits: [], findings: [], from });
    expect(frames.at(0).message).toBe(2);
  });

  test('tells who claimed its frames', async () => {
    const { connection } = createTestConnection();
    receive(connection, 'before');
    const from = new Mark();
    receive(connection, 'after');
    await clientOf(connection).waitForMessage('after');

    const { frames } = createTranscript({ connections: [connection], waits: [], findings: [], from });
    expect(frames.at(0).claimedBy?.method).toBe('waitForMessage');
  });

  test('from a mark leaves out the waits that had ended', async () => {
    const { connection, owner } = createTestConnection();
    receive(connection, 'before');
    await clientOf(connection).waitForMessage('before');
    const from = await laterMark();
    receive(connection, 'after');
    await clientOf(connection).waitForMessage('after');

    const { waits } = createTranscript({ connections: [connection], waits: owner.waits, findings: [], from });
    expect(waits.map(({ claimed }) => claimed)).toEqual([[connection.log.sequence(1)]]);
  });

  test('from a mark leaves out the connections that had closed', async () => {
    const owner = new FakeOwner();
    const closed = createTestConnection({ owner, name: 'closed' }).connection;
    const open = createTestConnection({ owner, name: 'open' }).connection;
    closed.close(1000, Buffer.alloc(0));
    const from = await laterMark();
    open.close(1006, Buffer.alloc(0));

    const { connections } = createTranscript({ connections: [closed, open], waits: [], findings: [], from });
    expect(connections.map(({ name }) => name)).toEqual(['open']);
  });

  test('in which an open connection did nothing is empty', async () => {
    const { connection } = createTestConnection();
    receive(connection, 'before');
    const from = await laterMark();

    expect(createTranscript({ connections: [connection], waits: [], findings: [], from }).isEmpty).toBe(true);
  });

  test('in which a connection closed without a frame is not empty', async () => {
    const { connection } = createTestConnection();
    const from = await laterMark();
    connection.close(1006, Buffer.alloc(0));

    expect(createTranscript({ connections: [connection], waits: [], findings: [], from }).isEmpty).toBe(false);
  });

  test('in which a connection was opened is not empty', async () => {
    const from = await laterMark();
    const { connection } = createTestConnection();

    expect(createTranscript({ connections: [connection], waits: [], findings: [], from }).isEmpty).toBe(false);
  });

  test('in which a connection that had begun was opened is not empty', async () => {
    const { connection, wire } = createTestConnection({ isConnecting: true });
    const from = await laterMark();
    connection.open(wire);

    expect(createTranscript({ connections: [connection], waits: [], findings: [], from }).isEmpty).toBe(false);
  });

  test('with a wait alone is not empty', async () => {
    const { connection } = createTestConnection();
    const from = await laterMark();
    const settings = { method: 'toReceivePing', call: '', site: undefined, connections: [connection], timeout: 0 };
    const { record } = Wait.start(
      settings,
      new ControlWatch({ opcode: 'ping', payload: undefined, isUnwanted: false }),
    );

    expect(createTranscript({ connections: [connection], waits: [record], findings: [], from }).isEmpty).toBe(false);
  });

  test('with a note alone is not empty', async () => {
    const { connection } = createTestConnection();
    const from = await laterMark();
    const notes = [{ kind: 'handlerError', text: 'thrown', site: undefined }] as const;

    expect(createTranscript({ connections: [connection], waits: [], findings: [], notes, from }).isEmpty).toBe(false);
  });

  test('with a finding alone is not empty', async () => {
    const { connection } = createTestConnection();
    const from = await laterMark();
    const findings = [{ kind: 'handlerError', text: 'thrown', site: undefined }] as const;

    expect(createTranscript({ connections: [connection], waits: [], findings, from }).isEmpty).toBe(false);
  });
});

/** A mark at a later moment than all before it: the clock has steps. */
async function laterMark(): Promise<Mark> {
  const before = new Mark();
  let mark = new Mark();
  while (mark.monotonicTime <= before.monotonicTime) {
    await new Promise(setImmediate);
    mark = new Mark();
  }
  return mark;
}
