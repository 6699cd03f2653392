import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { anyMessage } from '../../src/expectation/any-message.ts';
import { compileExpectation } from '../../src/expectation/compile.ts';
import { receivedMessage } from '../helpers/messages.ts';

const context = { method: 'toReceiveMessage', optionNames: ['timeout'] };
const describe = (expected: unknown): string => compileExpectation(expected, context).describe();
const explain = (expected: unknown, payload: unknown): string =>
  compileExpectation(expected, context).explain(receivedMessage(payload));

test.describe('describe', () => {
  const named = function isPaid(): boolean {
    return true;
  };
  const descriptions: [string, unknown, string][] = [
    ['anyMessage', anyMessage, 'any message'],
    ['text', 'two\nlines', String.raw`"two\nlines"`],
    ['RegExp', /^order/i, '/^order/i'],
    ['bytes', Buffer.from([1, 2, 255]), '<Buffer 01 02 ff> (3 bytes)'],
    ['one byte', Uint8Array.of(7), '<Buffer 07> (1 byte)'],
    ['no bytes', Buffer.alloc(0), '<Buffer> (0 bytes)'],
    ['many bytes', Buffer.alloc(20), `<Buffer${' 00'.repeat(16)} …> (20 bytes)`],
    [
      'object',
      { type: 'x', b: [1, null], a: { id: expect.any(Number) } },
      '{"type": "x", "b": [1, null], "a": {"id": Any<Number>}}',
    ],
    ['asymmetric matcher', expect.objectContaining({ a: 1 }), 'ObjectContaining {"a": 1}'],
    ['number', -0, '-0'],
    ['null', null, 'null'],
    ['schema', z.string(), 'schema (zod)'],
    ['named predicate', named, 'isPaid'],
  ];
  for (const [name, expected, description] of descriptions) {
    test(`prints ${name}`, () => {
      expect(describe(expected)).toBe(description);
    });
  }

  test('prints the source of a predicate without a name in one short line', () => {
    const forms: ((text: string) => boolean)[] = [
      (text) =>
        text === 'a value that is long enough to need a second line in the source' ||
        text === 'another value that is long enough too',
    ];
    expect(describe(forms[0])).toMatch(/^text => text === 'a value .{70,90}… \(\d+ more characters\)$/);
  });

  test('cuts an object of 100,000 keys', () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]);
    const description = describe(Object.fromEntries(keys));
    expect(description).toMatch(/^\{"k0": 0, "k1": 1, .*… \(\d+ more characters\)$/);
    expect(description.length).toBeLessThan(700);
  });
});

test.describe('explain', () => {
  test('shows what differs in an object, in the order in which it was written', () => {
    const expected = {
      type: 'order.updated',
      id: expect.any(Number),
      status: 'PAID',
      items: [{ sku: 'a' }],
      by: { name: 'x' },
    };
    const received = {
      by: { name: { first: 'x' } },
      status: 'PENDING',
      id: 42,
      type: 'order.updated',
      items: [{ sku: 'a' }, 7],
      more: 1,
    };
    expect(explain(expected, received)).toBe(`  {
    "type": "order.updated",
    "id": 42,
-   "status": "PAID",
+   "status": "PENDING",
    "items": [
      {
        "sku": "a",
      },
+     7,
    ],
    "by": {
-     "name": "x",
+     "name": {"first": "x"},
    },
  }`);
  });

  test('shows a missing key', () => {
    expect(explain({ a: 1, b: { c: 2 } }, { a: 1 })).toBe('  {\n    "a": 1,\n-   "b": {"c": 2},\n  }');
  });

  test('shows the object of objectContaining key by key', () => {
    expect(explain(expect.objectContaining({ a: 1, b: 2 }), { a: 1, b: 3 })).toBe(
      '  {\n    "a": 1,\n-   "b": 2,\n+   "b": 3,\n  }',
    );
  });

  test('shows an asymmetric matcher that is not met where it stands', () => {
    expect(explain({ id: expect.any(Number) }, { id: 'x' })).toBe('  {\n-   "id": Any<Number>,\n+   "id": "x",\n  }');
  });

  test('leaves out common lines far from a difference', () => {
    const items: unknown[] = Array.from({ length: 20 }, (_, index) => index);
    expect(explain(items, items.toSpliced(10, 1, 'x'))).toBe(
      '  …\n    7,\n    8,\n    9,\n-   10,\n+   "x",\n    11,\n    12,\n    13,',
    );
  });

  test('is bounded for a message of many items', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ n: index }));
    const text = explain(
      many,
      many.map(({ n }) => ({ n: -1 - n })),
    );
    expect(text.split('\n')).toHaveLength(61);
    expect(text.endsWith('… the rest is left out')).toBe(true);
  });

  test('shows a long string around its first difference', () => {
    const long = 'x'.repeat(1000);
    expect(explain({ s: `${long}a` }, { s: `${long}b` })).toBe(
      `  {\n-   "s": …"${'x'.repeat(30)}a",\n+   "s": …"${'x'.repeat(30)}b",\n  }`,
    );
  });

  test('prints control characters of a message as escapes', () => {
    expect(explain('a', '\u001B[2Jb')).toBe(String.raw`- "a"${'\n'}+ "\u001b[2Jb"`);
  });

  const explanations: [string, unknown, unknown, string][] = [
    ['a text', 'ping', 'ping ', '- "ping"\n+ "ping "'],
    ['a text of several lines', 'a\nb\nc', 'a\nx\nc', '  a\n- b\n+ x\n  c'],
    ['a binary message where text was expected', 'ping', Buffer.from('ping'), 'is binary, text was expected'],
    ['a binary message where a RegExp was expected', /x/, Buffer.from('x'), 'is binary, text was expected'],
    ['a RegExp', /x/, 'abc', 'does not match /x/: "abc"'],
    ['a text where bytes were expected', Buffer.from('x'), 'x', 'is text, binary was expected'],
    [
      'bytes',
      Buffer.from([1, 2, 3]),
      Buffer.from([1, 2, 4, 5]),
      'differs from byte 2 on\n- <Buffer 01 02 03> (3 bytes)\n+ <Buffer 01 02 04 05> (4 bytes)',
    ],
    ['a text that is not JSON', { a: 1 }, 'hello', 'is not JSON: "hello"'],
    ['a binary message where an object was expected', { a: 1 }, Buffer.from('x'), 'is binary, {"a": 1} was expected'],
    ['another kind of JSON', { a: 1 }, [1], '- {"a": 1}\n+ [1]'],
    ['a number', 5, 6, '- 5\n+ 6'],
    [
      'issues of a schema, with their paths',
      z.object({ items: z.array(z.object({ price: z.number() })), 'a b': z.string() }),
      { items: [{ price: 1 }, { price: 'x' }] },
      'does not validate (zod)\n  items[1].price: Invalid input: expected number, received string\n  ["a b"]: Invalid input: expected string, received undefined',
    ],
  ];
  for (const [name, expected, payload, explanation] of explanations) {
    test(`explains ${name}`, () => {
      expect(explain(expected, payload)).toBe(explanation);
    });
  }
});
