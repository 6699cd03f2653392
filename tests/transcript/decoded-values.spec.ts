import { decode, encode } from '@msgpack/msgpack';
import { expect, test } from '@playwright/test';
import type { Codec } from '../../src/frames/codec.ts';
import { FrameContents } from '../../src/transcript/frame-contents.ts';
import { Redactor } from '../../src/support/redactor.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';
import { clientOf, framesOf } from './lines.ts';

const codec: Codec = { encode, decode: ({ bytes }) => decode(bytes) };

function valuesOf(decodeWith: Codec['decode'], ...payloads: readonly Uint8Array[]): unknown[] {
  const { connection } = createTestConnection({ codec: { encode, decode: decodeWith } });
  for (const payload of payloads) receive(connection, payload);
  return framesOf(connection).map(({ value }) => value);
}

test.describe('value of a binary message', () => {
  test('is what the codec of its client reads, as JSON text', () => {
    const { connection } = createTestConnection({ codec });
    receive(connection, encode({ id: 42, tags: ['a'] }));

    expect(framesOf(connection)[0]).toMatchObject({ opcode: 'binary', value: '{"id":42,"tags":["a"]}' });
  });

  test('has what JSON has not as text: big numbers, bytes, maps and sets', () => {
    const value = { big: 2n ** 70n, bytes: Buffer.from([1, 255]), map: new Map([['a', 1]]), set: new Set([1]) };

    expect(valuesOf(() => value, Buffer.from([0]))).toEqual([
      '{"big":"1180591620717411303424","bytes":"01ff","map":{"a":1},"set":[1]}',
    ]);
  });

  test('is masked', () => {
    const { connection } = createTestConnection({ codec });
    receive(connection, encode({ token: 'abc-123-def' }));
    const { maskText } = new Redactor();

    expect(framesOf(connection, { maskText })[0]['value']).toBe('{"token":"***"}');
  });

  test('with a secret in it hides all bytes, and keeps their number', () => {
    const { connection } = createTestConnection({ codec });
    const payload = encode({ token: 123_456_789_012 });
    receive(connection, payload);
    const { maskText } = new Redactor();
    const limits = { payloadBytes: 10 };

    expect(framesOf(connection, { maskText })[0]).toMatchObject({
      value: '{"token":"***"}',
      base64: Buffer.alloc(payload.length, '*').toString('base64'),
      masked: true,
    });
    expect(framesOf(connection, { maskText, limits })[0]).toMatchObject({
      base64: Buffer.alloc(10, '*').toString('base64'),
      cut: payload.length - 10,
      masked: true,
    });
  });

  test('is read once for all formats', () => {
    let reads = 0;
    const read = (): number => ++reads;
    const { connection } = createTestConnection({ codec: { encode, decode: read } });
    for (let index = 0; index < 1500; index++) receive(connection, Buffer.from([0]));
    const { maskText } = new Redactor();
    const options = { maskText, contents: new FrameContents(maskText, 1500) };
    const before = reads;
    const [first, second] = [framesOf(connection, options), framesOf(connection, options)];

    expect(reads - before).toBe(1500);
    expect(first.filter((line) => 'value' in line)).toHaveLength(1500);
    expect(second).toEqual(first);
  });

  test('is none without a codec, of what was sent, and of text', async () => {
    const { connection } = createTestConnection({ codec });
    await clientOf(connection).send(Buffer.from(encode(1)));
    receive(connection, 'text');
    const plain = createTestConnection().connection;
    receive(plain, encode(1));

    expect([...framesOf(connection), ...framesOf(plain)].filter((line) => 'value' in line)).toEqual([]);
  });

  test('is none when the codec throws, when it cannot be JSON, and when it is too large', () => {
    const ring: unknown[] = [];
    ring.push(ring);
    const answers = [ring, undefined, 'x'.repeat(300_000)];
    const [first, ...others] = valuesOf(
      ({ bytes }) => {
        if (bytes[0] === 0) throw new Error('cannot decode');
        return answers[bytes[0] - 1];
      },
      ...[0, 1, 2, 3].map((byte) => Buffer.from([byte])),
    );

    expect([first, ...others]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('is read of the first 2,000 messages', () => {
    const values = valuesOf(() => 1, ...Array.from({ length: 2001 }, () => Buffer.from([0])));

    expect(values.filter((value) => value === '1')).toHaveLength(2000);
    expect(values.at(-1)).toBeUndefined();
  });

  test('makes no finding of what the codec refuses now', () => {
    const { connection, owner } = createTestConnection({
      codec: {
        encode,
        decode: () => {
          throw new Error('cannot decode');
        },
      },
    });
    receive(connection, Buffer.from([1]));
    framesOf(connection);

    expect(owner.findings).toEqual([]);
  });
});
