import { expect, test } from '@playwright/test';

import type { Wire } from '../../src/connection/wire.ts';
import type { Abortable } from '../../src/support/abort.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import { FakeWire, testHandshake } from '../helpers/fake-wire.ts';
import { createClient, rejection, untyped } from './test-client.ts';

const nothing = Buffer.alloc(0);

test.describe('close', () => {
  test('sends code and reason, and resolves with how the connection ended', async () => {
    const { client, wire } = createClient();

    expect(await client.close(4001, 'done')).toEqual({ code: 4001, reason: 'done', wasClean: true, by: 'client' });
    expect(wire.closedWith).toEqual({ code: 4001, reason: 'done' });
    expect(client.readyState).toBe(3);
  });

  test('uses 1000 without a reason by default', async () => {
    const { client, wire } = createClient();
    await client.close();

    expect(wire.closedWith).toEqual({ code: 1000, reason: '' });
  });

  test('twice sends one close frame, and both resolve', async () => {
    const { client, wire } = createClient();
    const [first, second] = await Promise.all([client.close(4001), client.close(4002)]);

    expect(wire.closedWith?.code).toBe(4001);
    expect(second).toEqual(first);
    expect(client.frames.filter(({ opcode, direction }) => opcode === 'close' && direction === 'sent')).toHaveLength(1);
  });

  test('of a closed connection resolves with how it ended', async () => {
    const { client, connection, wire } = createClient();
    connection.close(4001, Buffer.from('kicked'));

    expect(await client.close()).toEqual({ code: 4001, reason: 'kicked', wasClean: true, by: 'server' });
    expect(wire.closedWith).toBeUndefined();
  });

  test('is closing until the other side has answered', async () => {
    const { client, connection, wire } = createClient();
    wire.answersClose = false;
    const closed = client.close(1000, 'bye');
    expect(client.readyState).toBe(2);

    connection.close(1000, nothing);
    expect(await closed).toMatchObject({ code: 1000, by: 'client' });
    expect(client.readyState).toBe(3);
  });

  test('at both sides at once: the code of the other one, begun by us', async () => {
    const { client, connection, wire } = createClient();
    wire.answersClose = false;
    const closed = client.close(4001, 'ours');
    connection.close(4002, Buffer.from('theirs'));

    expect(await closed).toEqual({ code: 4002, reason: 'theirs', wasClean: true, by: 'client' });
  });

  const refused: [string, unknown[], string][] = [
    [
      'a code that no endpoint may send',
      [1006],
      'Cannot close with code 1006: expected 1000 to 1014 but for 1004, 1005 and 1006, or 3000 to 4999 (RFC 6455 section 7.4)',
    ],
    [
      'a code that is no number',
      ['1000'],
      'Cannot close with code 1000: expected 1000 to 1014 but for 1004, 1005 and 1006, or 3000 to 4999 (RFC 6455 section 7.4)',
    ],
    [
      'a reason of more than 123 bytes',
      [1000, 'ü'.repeat(62)],
      'Cannot close with this reason: expected text of at most 123 bytes, found 124 bytes',
    ],
    [
      'a reason that is no text',
      [1000, 7],
      'Cannot close with this reason: expected text of at most 123 bytes, found number',
    ],
  ];
  for (const [name, args, message] of refused) {
    test(`refuses ${name}, and the connection stays open`, async () => {
      const { client, wire } = createClient();
      const error = await rejection(untyped(client, 'close', ...args));

      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe(message);
      expect(wire.closedWith).toBeUndefined();
      expect(client.readyState).toBe(1);
    });
  }

  test('takes a reason of 123 bytes', async () => {
    const { client, wire } = createClient();
    await client.close(3000, `ü${'x'.repeat(121)}`);

    expect(Buffer.byteLength(wire.closedWith?.reason ?? '')).toBe(123);
  });
});

test.describe('who closed, and how', () => {
  const kinds: [string, number, string, object][] = [
    ['a close frame of the server', 4001, 'kicked', { code: 4001, reason: 'kicked', wasClean: true, by: 'server' }],
    ['a close frame without a code', 1005, '', { code: 1005, reason: '', wasClean: true, by: 'server' }],
    ['an end without a close frame', 1006, '', { code: 1006, reason: '', wasClean: false, by: 'network' }],
  ];
  for (const [name, code, reason, info] of kinds) {
    test(name, async () => {
      const { client, connection } = createClient();
      connection.close(code, Buffer.from(reason));

      expect(await client.closed).toEqual(info);
    });
  }

  test('an end without a close frame while the wire was closing is by the network, also when we close then', async () => {
    const { client, connection, wire } = createClient();
    Object.assign(wire, { answersClose: false, isClosing: true });
    const closed = client.close();
    connection.close(1006, nothing);

    expect(await closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'network' });
  });

  test('an end without a close frame after our close was begun by us, and is not clean', async () => {
    const { client, connection, wire } = createClient();
    wire.answersClose = false;
    const closed = client.close();
    connection.close(1006, nothing);

    expect(await closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'client' });
  });

  test('what the wire tells after the end changes nothing', () => {
    const { client, connection } = createClient();
    const ends: number[] = [];
    client.on('close', ({ code }) => ends.push(code));
    connection.close(4001, nothing);
    connection.close(1000, nothing);

    expect(connection.closeInfo).toMatchObject({ code: 4001 });
    expect(ends).toEqual([4001]);
    expect(client.frames.length).toBe(2);
  });
});

test.describe('between the close frame of the server and the end', () => {
  test('the client is closing, and sends nothing', async () => {
    const { client, wire } = createClient();
    wire.isClosing = true;

    expect(client.readyState).toBe(2);
    expect((await rejection(client.send('a'))).message).toBe('Cannot send on "/orders": it is closing');
  });

  for (const method of ['close', 'terminate'] as const) {
    test(`${method}() hurries the end, which was begun by the server all the same`, async () => {
      const { client, connection, registry, wire } = createClient();
      Object.assign(wire, { answersClose: false, isClosing: true });
      wire.terminate = () => {};
      const ended = client[method]();
      connection.close(4001, Buffer.from('kicked'));
      await ended;

      expect(await client.closed).toEqual({ code: 4001, reason: 'kicked', wasClean: true, by: 'server' });
      expect(shown(client.frames)).toEqual(['received close 4001 kicked', 'sent close 4001 kicked']);
      expect(registry.judge().map(({ kind }) => kind)).toEqual(['unexpectedClose']);
    });
  }

  test('the end of the test hides no close that nobody expected', async () => {
    const { connection, registry, wire } = createClient();
    Object.assign(wire, { answersClose: false, isClosing: true });
    const closed = registry.close();
    connection.close(4001, nothing);
    await closed;

    expect(registry.judge().map(({ kind }) => kind)).toEqual(['unexpectedClose']);
  });
});

test.describe('a violation of the server', () => {
  const error = new Error('The server broke the protocol');

  test('is a close by us: its frame is in the log, and the server has not answered', async () => {
    const { client, connection } = createClient();
    connection.error(error, 1002);
    expect(client.readyState).toBe(2);
    connection.close(1006, nothing);

    expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'client' });
    expect(shown(client.frames)).toEqual(['sent close 1002 ']);
  });

  test('after our close changes nothing about who closed, and sends no second close frame', async () => {
    const { client, connection, wire } = createClient();
    wire.answersClose = false;
    const closed = client.close(4001, 'ours');
    connection.error(error, 1002);
    connection.close(1006, nothing);

    expect(await closed).toMatchObject({ code: 1006, by: 'client' });
    expect(shown(client.frames)).toEqual(['sent close 4001 ours']);
  });

  test('that nobody judges is no unexpected close either', () => {
    const { connection, registry } = createClient({ findings: { protocolError: false } });
    connection.error(error, 1002);
    connection.close(1006, nothing);

    expect(registry.judge()).toEqual([]);
  });
});

test.describe('close frames in the log', () => {
  test('of a close by the server are its frame and the answer', () => {
    const { client, connection } = createClient();
    connection.close(4001, Buffer.from('kicked'));

    expect(shown(client.frames)).toEqual(['received close 4001 kicked', 'sent close 4001 kicked']);
  });

  test('of a close by us are ours and the answer', async () => {
    const { client } = createClient();
    await client.close(4001, 'done');

    expect(shown(client.frames)).toEqual(['sent close 4001 done', 'received close 4001 done']);
  });

  test('without a code are empty', () => {
    const { client, connection } = createClient();
    connection.close(1005, nothing);

    expect([...client.frames].map(({ direction, size }) => [direction, size])).toEqual([
      ['received', 0],
      ['sent', 0],
    ]);
  });

  test('are none when the connection was lost', () => {
    const { client, connection } = createClient();
    connection.close(1006, nothing);

    expect(client.frames.length).toBe(0);
  });
});

test.describe('terminate', () => {
  test('ends the connection without a close frame', async () => {
    const { client, wire } = createClient();
    client.terminate();

    expect(client.readyState).toBe(2);
    expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'client' });
    expect(wire).toMatchObject({ isTerminated: true, closedWith: undefined });
  });

  test('ends a close that the server does not answer', async () => {
    const { client, wire } = createClient();
    wire.answersClose = false;
    const closed = client.close();
    client.terminate();

    expect(await closed).toMatchObject({ code: 1006, by: 'client' });
  });

  test('of a closed connection does nothing', () => {
    const { client, connection, wire } = createClient();
    connection.close(1000, nothing);
    client.terminate();

    expect(wire.isTerminated).toBe(false);
  });
});

test.describe('waitForClose', () => {
  test('resolves when the connection closes, whoever closes it', async () => {
    const { client, connection } = createClient();
    const closed = client.waitForClose();
    connection.close(4001, Buffer.from('kicked'));

    expect(await closed).toMatchObject({ code: 4001, reason: 'kicked', by: 'server' });
  });

  test('resolves at once when it has closed', async () => {
    const { client, connection } = createClient();
    connection.close(1006, nothing);

    expect(await client.waitForClose({ timeout: 0 })).toMatchObject({ code: 1006 });
  });

  test('fails after its timeout, and expects nothing then', async () => {
    const { client, connection } = createClient();
    expect(await rejection(client.waitForClose({ timeout: 1 }))).toMatchObject({ code: 'WS_WAIT_TIMEOUT' });
    connection.close(4001, nothing);

    expect(connection.closing.isExpected).toBe(false);
  });
});

test.describe('the end of a connection', () => {
  test('is a closing handshake with 1000', async () => {
    const { connection, wire } = createClient();
    await connection.end();

    expect(wire.closedWith).toEqual({ code: 1000, reason: '' });
    expect(connection.closeInfo).toMatchObject({ code: 1000, by: 'client' });
  });

  test('terminates when the closing handshake takes longer than closeTimeout', async () => {
    const { connection, wire } = createClient({ closeTimeout: 0 });
    wire.answersClose = false;
    await connection.end();

    expect(wire.isTerminated).toBe(true);
    expect(connection.closeInfo).toMatchObject({ code: 1006, by: 'client' });
  });

  test('comes also when the wire does not even terminate', async () => {
    const { connection, wire } = createClient({ closeTimeout: 0 });
    wire.answersClose = false;
    wire.terminate = () => {};
    await connection.end();

    expect(connection.closeInfo).toEqual({ code: 1006, reason: '', wasClean: false, by: 'client' });
  });
});

test.describe('an opening handshake', () => {
  test('that fails closes the connection: never opened, by the network', async () => {
    const { client, connection } = createClient({ isConnecting: true });
    const error = new HandshakeError('WS_HANDSHAKE_FAILED', 'refused');
    const errors: Error[] = [];
    client.on('error', (heard) => errors.push(heard));

    expect(await rejection(connection.start(() => Promise.reject(error)))).toBe(error);
    expect(await client.closed).toEqual({ code: 1006, reason: '', wasClean: false, by: 'network' });
    expect(errors).toEqual([error]);
    expect(connection.failure).toBe(error);
  });

  for (const method of ['close', 'terminate'] as const) {
    test(`is aborted by ${method}(): closed by us`, async () => {
      const { client, connection } = createClient({ isConnecting: true });
      const started = rejection(connection.start((_listener, signal) => untilAborted(signal)));
      expect(client.readyState).toBe(0);
      const ended = client[method]();

      expect((await started).message).toBe(`the client was ${method === 'close' ? 'closed' : 'terminated'}`);
      await ended;
      expect(await client.closed).toMatchObject({ code: 1006, by: 'client' });
    });
  }

  test('that hangs does not hold up the end', async () => {
    const { connection } = createClient({ isConnecting: true, closeTimeout: 0 });
    void connection.start(() => new Promise(() => {}));
    await connection.end();

    expect(connection.closeInfo).toMatchObject({ code: 1006, by: 'client' });
  });

  test('that fails after the end changes nothing', async () => {
    const { client, connection } = createClient({ isConnecting: true, closeTimeout: 0 });
    const heard: string[] = [];
    client.on('close', () => heard.push('close'));
    client.on('error', () => heard.push('error'));
    let fail = (_error: Error): void => {};
    const started = connection.start(() => new Promise((_resolve, reject) => (fail = reject)));
    await connection.end();
    const info = connection.closeInfo;
    fail(new Error('too late'));
    await expect(started).rejects.toThrow('too late');

    expect(heard).toEqual(['close']);
    expect(connection.closeInfo).toBe(info);
  });

  test('that succeeds after the end leaves no open wire', async () => {
    const { client, connection } = createClient({ isConnecting: true, closeTimeout: 0 });
    let open = (_wire: Wire): void => {};
    void connection.start((listener) => new Promise(() => (open = (wire) => listener.open(wire))));
    await connection.end();
    const wire = new FakeWire(connection, testHandshake());
    open(wire);

    expect(wire.isTerminated).toBe(true);
    expect(client.readyState).toBe(3);
  });
});

function shown(frames: Iterable<{ direction: string; opcode: string; payload: Buffer }>): string[] {
  return [...frames].map(({ direction, opcode, payload }) => {
    return `${direction} ${opcode} ${payload.readUInt16BE()} ${payload.toString('utf8', 2)}`;
  });
}

function untilAborted(signal: Abortable): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
