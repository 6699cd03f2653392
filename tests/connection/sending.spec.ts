import { expect, test } from '@playwright/test';
import { encode } from '@msgpack/msgpack';

import { createClient, rejection, type TestClient } from './test-client.ts';

test.describe('send', () => {
  const kinds: [string, unknown, string, boolean][] = [
    ['text as it is', 'two\nlines ü', 'two\nlines ü', false],
    ['an empty text', '', '', false],
    ['an object as JSON', { a: [1, null] }, '{"a":[1,null]}', false],
    ['an array as JSON', [1, 'b'], '[1,"b"]', false],
    ['a number as JSON', 0, '0', false],
    ['a boolean as JSON', false, 'false', false],
    ['null as JSON', null, 'null', false],
    ['a Buffer as binary', Buffer.from('abc'), 'abc', true],
    ['a typed array as binary', new Uint8Array([97, 98, 99]), 'abc', true],
    ['a part of a typed array as that part', new Uint8Array([120, 97, 98, 120]).subarray(1, 3), 'ab', true],
    ['numbers of two bytes as their bytes', new Uint16Array([0x6261]), 'ab', true],
    ['a DataView as its bytes', new DataView(new Uint8Array([120, 97, 98]).buffer, 1), 'ab', true],
    ['an ArrayBuffer as binary', new Uint8Array([97, 98]).buffer, 'ab', true],
    ['a SharedArrayBuffer as binary', shared('ab'), 'ab', true],
    ['no bytes as an empty binary message', Buffer.alloc(0), '', true],
    ['a Blob as binary', new Blob(['abc']), 'abc', true],
  ];
  for (const [name, data, payload, isBinary] of kinds) {
    test(`puts ${name} on the wire`, async () => {
      const { client, wire } = createClient();
      const frame = await client.send(data);

      expect(sentBy(wire)).toEqual([{ payload, isBinary }]);
      expect(frame).toMatchObject({ index: 0, direction: 'sent', opcode: isBinary ? 'binary' : 'text', text: payload });
    });
  }

  const refused: [string, unknown, string][] = [
    [
      'undefined',
      undefined,
      'Cannot send undefined: expected text, bytes (Buffer, ArrayBuffer, typed array, Blob), or an object, array, number, boolean or null',
    ],
    [
      'a function',
      () => {},
      'Cannot send function: expected text, bytes (Buffer, ArrayBuffer, typed array, Blob), or an object, array, number, boolean or null',
    ],
    ['a promise', Promise.resolve('a'), 'Cannot send a promise: await it first\n  Write send(await data).'],
    ['a BigInt', { big: 1n }, 'Cannot send a value that is not JSON: Do not know how to serialize a BigInt'],
    [
      'a value whose toJSON gives nothing',
      { toJSON: () => undefined },
      'Cannot send a value whose JSON is empty: expected text, bytes (Buffer, ArrayBuffer, typed array, Blob), or an object, array, number, boolean or null',
    ],
  ];
  for (const [name, data, message] of refused) {
    test(`refuses ${name}, and sends nothing`, async () => {
      const { client, wire } = createClient();
      const error = await rejection(client.send(data));

      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ code: 'WS_INVALID_ARGUMENT', message });
      expect(wire.sent).toEqual([]);
      expect(client.frames.length).toBe(0);
    });
  }

  test('puts the message on the wire in the turn of the call', () => {
    const { client, wire } = createClient();
    void client.send('a');

    expect(sentBy(wire)).toEqual([{ payload: 'a', isBinary: false }]);
  });

  test('goes out in call order, also behind a Blob that is still being read', async () => {
    const { client, wire } = createClient();
    const [slow, quick] = [new Blob(['1']), new Blob(['3'])];
    let read = (): void => {};
    slow.arrayBuffer = () => new Promise((resolve) => (read = () => resolve(new Uint8Array([49]).buffer)));
    const sends = [client.send(slow), client.send('2'), client.send(quick), client.send({ n: 4 })];
    expect(wire.sent).toEqual([]);
    read();
    await Promise.all(sends);
    await client.send('5');

    expect(sentBy(wire).map(({ payload }) => payload)).toEqual(['1', '2', '3', '{"n":4}', '5']);
  });

  test('goes on behind a Blob that cannot be read, whose send alone fails', async () => {
    const { client, wire } = createClient();
    const blob = new Blob(['1']);
    blob.arrayBuffer = () => Promise.reject(new Error('unreadable'));
    const [failed, next] = [client.send(blob), client.send('2')];

    expect((await rejection(failed)).message).toBe('unreadable');
    await next;
    expect(sentBy(wire).map(({ payload }) => payload)).toEqual(['2']);
  });

  test('behind a Blob rejects when the connection closed meanwhile', async () => {
    const { client, connection } = createClient();
    const sent = client.send(new Blob(['1']));
    connection.close(1006, Buffer.alloc(0));

    expect(await rejection(sent)).toMatchObject({ code: 'WS_NOT_OPEN' });
  });

  test('takes the bytes as they are at the call: changing the array later changes neither wire nor record', async () => {
    for (const size of [3, 100_000]) {
      const { client, wire } = createClient();
      const data = new Uint8Array(size).fill(1);
      wire.send = (payload, _isBinary, flushed) => {
        data.fill(2);
        expect(payload.every((byte) => byte === 1)).toBe(true);
        flushed();
      };
      const frame = await client.send(data);

      expect(frame.payload.every((byte) => byte === 1)).toBe(true);
    }
  });

  test('takes a copy of what a codec returns: it may use its buffer again', async () => {
    const buffer = Buffer.alloc(100_000, 1);
    const { client } = createClient({ codec: { encode: () => buffer, decode: () => undefined } });
    const frame = await client.send('a codec is not asked for text');
    const encoded = await client.send({});
    buffer.fill(2);

    expect(frame.opcode).toBe('text');
    expect(encoded.payload.every((byte) => byte === 1)).toBe(true);
  });

  test('encodes with the codec, as text or binary by what it returns', async () => {
    const { client, wire } = createClient({ codec: { encode, decode: () => undefined } });
    const { client: xml, wire: xmlWire } = createClient({
      codec: { encode: (value) => `<n>${String(value)}</n>`, decode: () => undefined },
    });
    await client.send({ a: 1 });
    await xml.send(7);

    expect(wire.sent).toMatchObject([{ payload: Buffer.from(encode({ a: 1 })), isBinary: true }]);
    expect(sentBy(xmlWire)).toEqual([{ payload: '<n>7</n>', isBinary: false }]);
  });

  test('refuses what a codec returns when it is neither text nor bytes', async () => {
    const codec = { encode: (): string => JSON.parse('7'), decode: () => undefined };
    const error = await rejection(createClient({ codec }).client.send({}));

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe('Cannot send: codec.encode returned number, expected text or bytes');
  });

  test('rejects with what the wire says when the bytes cannot be handed over', async () => {
    const { client, wire } = createClient();
    wire.sendError = new Error('write EPIPE');
    const error = await rejection(client.send('a'));

    expect(error).toMatchObject({ name: 'WebSocketError', code: 'WS_SEND_FAILED' });
    expect(error.message).toBe('Cannot send on "/orders": write EPIPE');
    expect(error.cause).toBe(wire.sendError);
  });

  test('waits for the socket no longer than waitTimeout', async () => {
    const { client, connection, wire } = createClient({ waitTimeout: 1 });
    wire.send = () => {};

    expect(await rejection(client.send('a'))).toMatchObject({ code: 'WS_WAIT_TIMEOUT', timeout: 1 });
    expect(connection.waits.size).toBe(0);
  });
});

test.describe('on a connection that is not open', () => {
  const calls: [string, (client: TestClient['client']) => Promise<unknown>, string][] = [
    ['send', (client) => client.send('a'), 'send'],
    ['send of a Blob', (client) => client.send(new Blob(['a'])), 'send'],
    ['ping', (client) => client.ping(), 'ping'],
    ['pong', (client) => client.pong(), 'send a pong'],
    ['request', (client) => client.request('a', 'b'), 'send'],
    ['sendUntil', (client) => client.sendUntil('a', 'b'), 'send'],
  ];
  const states: [string, () => TestClient, string][] = [
    ['connecting', () => createClient({ isConnecting: true }), 'the opening handshake is not done'],
    ['closing', closing, 'it is closing'],
    ['closed', closed, 'it closed with 4001 "kicked", by the server'],
  ];
  for (const [name, call, action] of calls) {
    for (const [state, create, why] of states) {
      test(`${name} rejects while ${state}, and leaves neither frame nor wait`, async () => {
        const { client, connection, wire } = create();
        const before = client.frames.length;
        const error = await rejection(call(client));

        expect(error).toMatchObject({ name: 'ConnectionClosedError', code: 'WS_NOT_OPEN' });
        expect(error.message).toBe(`Cannot ${action} on "/orders": ${why}`);
        expect(client.frames.length).toBe(before);
        expect(wire.sent).toEqual([]);
        expect(connection.waits.size).toBe(0);
      });
    }
  }
});

function closing(): TestClient {
  const created = createClient();
  created.wire.answersClose = false;
  created.connection.closing.begin(1000, '');
  return created;
}

function closed(): TestClient {
  const created = createClient();
  created.connection.close(4001, Buffer.from('kicked'));
  return created;
}

function sentBy({ sent }: TestClient['wire']): { payload: string; isBinary: boolean }[] {
  return sent.map(({ payload, isBinary }) => ({ payload: payload.toString('utf8'), isBinary }));
}

function shared(text: string): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(text.length);
  new Uint8Array(buffer).set(Buffer.from(text));
  return buffer;
}
