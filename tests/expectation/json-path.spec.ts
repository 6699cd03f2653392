import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { compileExtraction, type CompiledExtraction, type Extracted } from '../../src/expectation/json-path.ts';
import { schemaValidator } from '../../src/expectation/schema.ts';
import { receivedMessage, receivedMessages } from '../helpers/messages.ts';

const compile = (expression: unknown): CompiledExtraction =>
  compileExtraction(expression, { method: 'extract', optionNames: ['last', 'timeout'] });
const fromLast = (expression: unknown, ...payloads: unknown[]): Extracted =>
  compile(expression).extract(receivedMessages(payloads), true);
const fromAll = (expression: unknown, ...payloads: unknown[]): Extracted =>
  compile(expression).extract(receivedMessages(payloads), false);

function refusal(expression: unknown): Error {
  try {
    compile(expression);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('code', 'WS_INVALID_ARGUMENT');
    if (error instanceof Error) return error;
  }
  throw new Error('The expression was not refused');
}

test.describe('a JSONPath', () => {
  test('that is singular gives its value', () => {
    expect(fromLast('$.items[1].id', { items: [{ id: 1 }, { id: 2 }] })).toEqual({ found: true, value: 2 });
  });

  for (const value of [null, 0, false, '', [], {}]) {
    test(`gives ${JSON.stringify(value)}, which is a value`, () => {
      expect(fromLast('$.a', { a: value })).toEqual({ found: true, value });
    });
  }

  test('that is not singular gives the list, of one value too', () => {
    const received = { items: [{ id: 1, ok: true }, { id: 2 }] };
    expect(fromLast('$.items[*].id', received)).toEqual({ found: true, value: [1, 2] });
    expect(fromLast('$.items[?@.ok == true].id', received)).toEqual({ found: true, value: [1] });
    expect(fromLast('$..id', received)).toEqual({ found: true, value: [1, 2] });
  });

  test('that finds nothing is not yet met', () => {
    expect(fromLast('$.id', { other: 1 })).toEqual({ found: false, reason: '$.id finds nothing in {"other": 1}' });
    expect(fromLast('$.items[*]', { items: [] })).toEqual({
      found: false,
      reason: '$.items[*] finds nothing in {"items": []}',
    });
  });

  test('looks at the last message alone', () => {
    expect(fromLast('$.id', { id: 1 }, { id: 2 })).toEqual({ found: true, value: 2 });
    expect(fromLast('$.id', { id: 1 }, {}).found).toBe(false);
  });

  test('looks at the array of the values of several messages', () => {
    expect(fromAll('$[*].id', { id: 1 }, {}, { id: 3 })).toEqual({ found: true, value: [1, 3] });
    expect(fromAll('$[0].id', { id: 1 }, { id: 2 })).toEqual({ found: true, value: 1 });
  });

  test('finds nothing in a text that is not JSON, nor in bytes, nor without a message', () => {
    expect(fromLast('$.length', 'hello')).toEqual({ found: false, reason: '$.length finds nothing in "hello"' });
    expect(fromLast('$', Buffer.from('x'))).toEqual({ found: false, reason: 'the message is binary' });
    expect(fromLast('$')).toEqual({ found: false, reason: 'no message came' });
    expect(fromAll('$')).toEqual({ found: false, reason: 'no message came' });
  });

  test("finds nothing in a message that violates the client's schema", () => {
    const message = receivedMessage({ id: 'x' }, { validate: schemaValidator(z.object({ id: z.number() })) });
    expect(compile('$.id').extract([message], true)).toEqual({
      found: false,
      reason:
        '#1 has no value: The message violates the schema (zod)\n  id: Invalid input: expected number, received string',
    });
  });

  test('that does not parse is refused with the position', () => {
    expect(refusal('$.items[0').message).toBe(
      'Cannot parse the JSONPath of extract: unclosed bracketed selection at position 9.\n  $.items[0\n           ^',
    );
    expect(refusal('$.').message).toBe(
      'Cannot parse the JSONPath of extract: unexpected end at position 2.\n  $.\n    ^',
    );
  });

  test('without its $ is refused with the right form', () => {
    expect(refusal('items[0].id').message).toBe(
      'Cannot use "items[0].id" as the expression of extract: a JSONPath starts with "$".\n' +
        '  Write extract("$.items[0].id").',
    );
  });

  test('describes itself', () => {
    expect(compile('$.items[0]').describe()).toBe('$.items[0]');
  });
});

test.describe('a RegExp', () => {
  test('gives its first group, or the whole match when it has none', () => {
    expect(fromLast(/id=(\d+)/, 'id=42')).toEqual({ found: true, value: '42' });
    expect(fromLast(/id=\d+/, 'id=42;')).toEqual({ found: true, value: 'id=42' });
    expect(fromLast(/id=(\d*)/, 'id=')).toEqual({ found: true, value: '' });
  });

  test('whose first group took no part gives nothing', () => {
    expect(fromLast(/id(=\d+)?/, 'id')).toEqual({ found: false, reason: '/id(=\\d+)?/ matches none of 1 text' });
  });

  test('looks at the text, of JSON too', () => {
    expect(fromLast(/"id":(\d+)/, { id: 42 })).toEqual({ found: true, value: '42' });
  });

  test('takes the oldest of several messages that matches', () => {
    expect(fromAll(/id=(\d+)/g, 'x', 'id=1', 'id=2')).toEqual({ found: true, value: '1' });
  });

  test('keeps no state with the flags g and y', () => {
    const compiled = compile(/a/gy);
    const messages = receivedMessages(['a']);
    expect([compiled.extract(messages, true), compiled.extract(messages, true)]).toEqual([
      { found: true, value: 'a' },
      { found: true, value: 'a' },
    ]);
  });

  test('does not look at binary messages', () => {
    expect(fromAll(/a/, Buffer.from('a'), 'b')).toEqual({ found: false, reason: '/a/ matches none of 2 texts' });
  });
});

test.describe('a function', () => {
  test('gets the value of the last message, or the array of values', () => {
    expect(fromLast((value: unknown) => [value], { id: 1 }, { id: 2 })).toEqual({ found: true, value: [{ id: 2 }] });
    expect(fromAll((values: unknown) => values, { id: 1 }, 2)).toEqual({ found: true, value: [{ id: 1 }, 2] });
  });

  test('gets the bytes of a binary message', () => {
    expect(fromLast((value: unknown) => Buffer.isBuffer(value), Buffer.from('x'))).toEqual({
      found: true,
      value: true,
    });
  });

  test('that returns undefined is not yet met; null is a value', () => {
    const nothing = (): unknown => undefined;
    expect(fromLast(nothing, 'x')).toEqual({ found: false, reason: 'nothing returned undefined' });
    expect(fromLast(() => null, 'x')).toEqual({ found: true, value: null });
  });

  test('that throws is not yet met, and the throw is the reason', () => {
    const broken = (): never => {
      throw new Error('no items yet');
    };
    expect(fromLast(broken, 'x')).toEqual({ found: false, reason: 'broken threw: no items yet' });
  });

  test('that returns a promise is misused', () => {
    const later = (): Promise<never> => Promise.reject(new Error('late'));
    const compiled = compile(later);
    expect(compiled.extract([receivedMessage('x')], true).found).toBe(false);
    expect(compiled.misuse?.message).toBe(
      'Cannot use later as the expression of extract: the function returns a promise, and each message is looked at the moment it arrives.\n' +
        '  Write a function without async: extract((value) => value.id).',
    );
  });

  test('that is async is refused', () => {
    const later = async (): Promise<number> => 1;
    expect(refusal(later).message).toBe(
      'Cannot use later as the expression of extract: the function returns a promise, and each message is looked at the moment it arrives.\n' +
        '  Write a function without async: extract((value) => value.id).',
    );
  });
});

test('anything else is refused as an expression', () => {
  expect(refusal(5).message).toBe(
    "Cannot use 5 as the expression of extract: a JSONPath, a RegExp or a function was wanted.\n  Write extract('$.id').",
  );
});
