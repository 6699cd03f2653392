import { expect, test } from '@playwright/test';
import { pack, unpack } from './packed.ts';
import { anyMessage } from '../../src/expectation/any-message.ts';
import { compileExpectation, type CompiledExpectation } from '../../src/expectation/compile.ts';
import { receivedMessage } from '../helpers/messages.ts';

const compile = (expected: unknown): CompiledExpectation =>
  compileExpectation(expected, { method: 'toReceiveMessage', optionNames: ['timeout', 'after', 'where'] });
const meets = (payload: unknown, expected: unknown): boolean => compile(expected).matches(receivedMessage(payload));

test.describe('anyMessage', () => {
  test('is met by an empty text and by empty bytes', () => {
    expect(meets('', anyMessage)).toBe(true);
    expect(meets(Buffer.alloc(0), anyMessage)).toBe(true);
  });
});

test.describe('text', () => {
  test('is met by the same text alone', () => {
    expect(meets('ping', 'ping')).toBe(true);
    expect(meets('ping ', 'ping')).toBe(false);
    expect(meets('pong', 'ping')).toBe(false);
  });

  test('is compared with the text, not with the JSON in it', () => {
    expect(meets('"ping"', 'ping')).toBe(false);
    expect(meets('"ping"', '"ping"')).toBe(true);
  });

  test('an empty one is met by an empty message alone', () => {
    expect(meets('', '')).toBe(true);
    expect(meets('x', '')).toBe(false);
  });

  test('is not met by a binary message of the same bytes', () => {
    expect(meets(Buffer.from('ping'), 'ping')).toBe(false);
  });
});

test.describe('RegExp', () => {
  test('is met by a text that matches', () => {
    expect(meets('order 42', /order \d+/)).toBe(true);
    expect(meets('order x', /order \d+/)).toBe(false);
  });

  for (const flags of ['g', 'y', 'gy']) {
    test(`with the flags ${flags} keeps no state between messages`, () => {
      const pattern = new RegExp('order', flags);
      pattern.lastIndex = 3;
      const compiled = compile(pattern);
      const message = receivedMessage('order order');
      expect([compiled.matches(message), compiled.matches(message), compiled.matches(message)]).toEqual([
        true,
        true,
        true,
      ]);
      expect(pattern.lastIndex).toBe(3);
    });
  }

  test('is not met by a binary message', () => {
    expect(meets(Buffer.from('order'), /order/)).toBe(false);
  });
});

test.describe('bytes', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.set(bytes);
  const forms: [string, unknown][] = [
    ['Buffer', Buffer.from(bytes)],
    ['Uint8Array', bytes],
    ['Uint16Array', new Uint16Array(bytes.buffer)],
    ['part of a larger array', Uint8Array.of(0, 1, 2, 3, 4, 5).subarray(1, 5)],
    ['DataView', new DataView(bytes.buffer)],
    ['ArrayBuffer', bytes.buffer],
    ['SharedArrayBuffer', shared.buffer],
  ];
  for (const [name, form] of forms) {
    test(`as ${name} are met by a binary message of the same bytes alone`, () => {
      expect(meets(Buffer.from(bytes), form)).toBe(true);
      expect(meets(Buffer.from([1, 2, 3, 5]), form)).toBe(false);
      expect(meets(Buffer.from([1, 2, 3, 4, 5]), form)).toBe(false);
    });
  }

  test('are not met by a text of the same bytes', () => {
    expect(meets('ab', Buffer.from('ab'))).toBe(false);
  });

  test('are copied: the array may be filled again', () => {
    const reused = Buffer.from([1, 2]);
    const compiled = compile(reused);
    reused.fill(9);
    expect(compiled.matches(receivedMessage(Buffer.from([1, 2])))).toBe(true);
  });
});

test.describe('object', () => {
  const order = {
    type: 'order',
    id: 42,
    price: { amount: 5, currency: 'EUR' },
    items: [{ sku: 'a', n: 1 }],
    note: null,
  };

  test('is met by a value with more keys, at any depth', () => {
    expect(meets(order, { type: 'order', price: { amount: 5 }, items: [{ sku: 'a' }] })).toBe(true);
  });

  test('is not met when a key is missing or has another value', () => {
    expect(meets(order, { type: 'order', missing: 1 })).toBe(false);
    expect(meets(order, { price: { amount: 6 } })).toBe(false);
  });

  test('has arrays met by arrays of equal length alone', () => {
    expect(meets({ ids: [1, 2] }, { ids: [1] })).toBe(false);
    expect(meets({ ids: [1] }, { ids: [1, 2] })).toBe(false);
  });

  test('takes asymmetric matchers anywhere', () => {
    expect(meets(order, { id: expect.any(Number), items: [{ sku: expect.stringMatching(/^a/) }] })).toBe(true);
    expect(meets(order, { id: expect.any(String) })).toBe(false);
    expect(meets(order, { items: expect.not.arrayContaining([expect.objectContaining({ sku: 'a' })]) })).toBe(false);
  });

  test('with a null tells it from 0, false and a missing key', () => {
    expect(meets({ note: null }, { note: null })).toBe(true);
    for (const other of [{ note: 0 }, { note: false }, { note: '' }, {}])
      expect(meets(other, { note: null })).toBe(false);
  });

  test('that is empty is met by any JSON object and by nothing else', () => {
    expect(meets({}, {})).toBe(true);
    expect(meets({ a: 1 }, {})).toBe(true);
    for (const other of ['null', '1', '"x"', '[]', 'text', Buffer.from('x')]) expect(meets(other, {})).toBe(false);
  });

  test('that is empty inside another is met by an object there and by nothing else', () => {
    expect(meets({ a: { b: 1 } }, { a: {} })).toBe(true);
    for (const other of [null, 1, 'x', [1]]) expect(meets({ a: other }, { a: {} })).toBe(false);
  });

  test('used twice in one expectation is compared the same way both times', () => {
    const price = { amount: 5 };
    expect(meets({ a: { amount: 5, c: 'EUR' }, b: { amount: 5, c: 'EUR' } }, { a: price, b: price })).toBe(true);
  });

  test('is not met by text that is not JSON, and that is no error', () => {
    const compiled = compile({ length: 5 });
    expect(compiled.matches(receivedMessage('hello'))).toBe(false);
    expect(compiled.misuse).toBeUndefined();
  });

  test('is not met by a binary message, whose bytes have properties too', () => {
    expect(meets(Buffer.from('hello'), { length: 5 })).toBe(false);
  });

  test('compares bytes in the value in full', () => {
    const message = receivedMessage(pack({ image: Uint8Array.of(1, 2, 3) }), {
      codec: { encode: pack, decode: unpack },
    });
    expect(compile({ image: Buffer.from([1, 2, 3]) }).matches(message)).toBe(true);
    expect(compile({ image: Buffer.from([1, 2]) }).matches(message)).toBe(false);
  });

  test('is judged by what the codec makes of a binary message', () => {
    const message = receivedMessage(pack(order), { codec: { encode: pack, decode: unpack } });
    expect(compile({ type: 'order', id: 42 }).matches(message)).toBe(true);
    expect(compile({ type: 'order', id: 43 }).matches(message)).toBe(false);
  });
});

test.describe('array', () => {
  test('is met by an array whose items contain its own', () => {
    expect(meets([{ a: 1, b: 2 }, 3], [{ a: 1 }, 3])).toBe(true);
    expect(meets([{ a: 1 }], [{ a: 1 }, 3])).toBe(false);
    expect(meets({ 0: { a: 1 } }, [{ a: 1 }])).toBe(false);
  });
});

test.describe('number, boolean, null', () => {
  const cases: [unknown, string, string][] = [
    [0, '0', 'false'],
    [1, '1', 'true'],
    [1, '1.0', '"1"'],
    [false, 'false', '0'],
    [true, 'true', '1'],
    [null, 'null', '0'],
  ];
  for (const [expected, equal, other] of cases) {
    test(`${String(expected)} is met by ${equal}, not by ${other}`, () => {
      expect(meets(equal, expected)).toBe(true);
      expect(meets(other, expected)).toBe(false);
    });
  }

  test('NaN equals itself', () => {
    const message = receivedMessage('?', { codec: { encode: String, decode: () => Number.NaN } });
    expect(compile(Number.NaN).matches(message)).toBe(true);
  });
});

test.describe('asymmetric matcher', () => {
  test('judges the value', () => {
    expect(meets('5', expect.any(Number))).toBe(true);
    expect(meets('"5"', expect.any(Number))).toBe(false);
    expect(meets({ a: 1, b: 2 }, expect.objectContaining({ a: 1 }))).toBe(true);
  });

  test('judges text that is not JSON as a string', () => {
    expect(meets('hello', expect.stringContaining('ell'))).toBe(true);
  });

  test('of any other library will do', () => {
    const even = { asymmetricMatch: (value: unknown) => Number(value) % 2 === 0 };
    expect(meets('4', even)).toBe(true);
    expect(meets('5', even)).toBe(false);
  });

  test('that returns a promise is not met', () => {
    const compiled = compile({ asymmetricMatch: async () => true });
    expect(compiled.matches(receivedMessage('4'))).toBe(false);
    expect(compiled.misuse).toBeUndefined();
  });
});
