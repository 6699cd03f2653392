import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import * as z from 'zod';
import { compileExpectation, matchedMessage, type CompiledExpectation } from '../../src/expectation/compile.ts';
import { schemaValidator } from '../../src/expectation/schema.ts';
import type { LoggedMessage } from '../../src/frames/message.ts';
import { receivedMessage, receivedMessages } from '../helpers/messages.ts';

const compile = (expected: unknown): CompiledExpectation =>
  compileExpectation(expected, { method: 'toReceiveMessage', optionNames: ['timeout'] });
const idOf = (message: LoggedMessage): unknown => z.looseObject({ id: z.number() }).parse(message.value).id;

test.describe('predicate', () => {
  test('is met by a message for which it returns true', () => {
    const compiled = compile((message: LoggedMessage) => idOf(message) === 42);
    expect(compiled.matches(receivedMessage({ id: 42 }))).toBe(true);
    expect(compiled.matches(receivedMessage({ id: 43 }))).toBe(false);
    expect(compiled.misuse).toBeUndefined();
  });

  test('that throws is not met by this message, goes on, and the throw is shown for it', () => {
    const compiled = compile((message: LoggedMessage) => {
      if (message.text === 'bad') throw new Error('no id\nin it');
      return message.text === 'good';
    });
    const [bad, other, good] = receivedMessages(['bad', 'other', 'good']);
    expect([bad, other, good].map((message) => compiled.matches(message))).toEqual([false, false, true]);
    expect(compiled.explain(bad)).toBe('the predicate threw: no id\n  in it');
    expect(compiled.explain(other)).toBe('the predicate did not return true');
    expect(compiled.misuse).toBeUndefined();
  });

  test('remembers the throws of the last 1,000 messages', () => {
    const compiled = compile(() => {
      throw new Error('no');
    });
    const messages = receivedMessages(Array.from({ length: 1001 }, () => 'x'));
    for (const message of messages) compiled.matches(message);
    expect(compiled.explain(messages[0])).toBe('the predicate did not return true');
    expect(compiled.explain(messages[1])).toBe('the predicate threw: no');
  });

  test('that throws what cannot be printed is explained all the same', () => {
    const compiled = compile(() => {
      throw Object.create(null);
    });
    const message = receivedMessage('x');
    expect(compiled.matches(message)).toBe(false);
    expect(compiled.explain(message)).toBe('the predicate threw: something that cannot be printed');
  });

  test('shows an assertion that failed in it without colours', () => {
    const compiled = compile((message: LoggedMessage) => {
      expect(message.text).toBe('b');
      return true;
    });
    const message = receivedMessage('a');
    compiled.matches(message);
    expect(compiled.explain(message)).toBe(
      'the predicate threw: expect(received).toBe(expected) // Object.is equality\n\n  Expected: "b"\n  Received: "a"',
    );
  });

  test('that returns a promise is misused, and its rejection is handled', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const compiled = compile(() => Promise.reject(new Error('late')));
    expect(compiled.matches(receivedMessage('x'))).toBe(false);
    // Node tells of unhandled rejections once the microtasks have run.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
    expect(compiled.misuse).toBeInstanceOf(TypeError);
    expect(compiled.misuse).toHaveProperty('code', 'WS_INVALID_EXPECTATION');
    expect(compiled.misuse?.message).toBe(
      "Cannot use () => Promise.reject(new Error('late')) as the expectation of toReceiveMessage: the predicate returns a promise, and each message is judged the moment it arrives.\n" +
        "  Write a predicate without async: toReceiveMessage((message) => message.text === 'ready').",
    );
  });

  const results: [unknown, string][] = [
    [undefined, 'undefined'],
    [1, '1'],
    ['yes', '"yes"'],
    [null, 'null'],
  ];
  for (const [result, printed] of results) {
    test(`that returns ${printed} is misused`, () => {
      const isReady = (): unknown => result;
      const compiled = compile(isReady);
      expect(compiled.matches(receivedMessage('x'))).toBe(false);
      expect(compiled.misuse?.message).toBe(
        `Cannot use isReady as the expectation of toReceiveMessage: the predicate returned ${printed}, true or false was wanted.\n` +
          "  Return a boolean: toReceiveMessage((message) => message.text === 'ready').",
      );
    });
  }

  test('is not run again once it was misused', () => {
    let runs = 0;
    const compiled = compile(() => runs++);
    for (const message of receivedMessages(['a', 'b', 'c'])) compiled.matches(message);
    expect(runs).toBe(1);
  });
});

test.describe('schema', () => {
  const order = z.object({ type: z.literal('order'), id: z.coerce.number() });

  test('is met by a value that validates', () => {
    expect(compile(order).matches(receivedMessage({ type: 'order', id: '42' }))).toBe(true);
    expect(compile(order).matches(receivedMessage({ type: 'other', id: '42' }))).toBe(false);
    expect(compile(order).matches(receivedMessage('text'))).toBe(false);
  });

  test('gives the matched message its output as the value', () => {
    const compiled = compile(order);
    const message = receivedMessage({ type: 'order', id: '42', more: 1 });
    const matched = matchedMessage(compiled, message);
    expect(matched.value).toEqual({ type: 'order', id: 42 });
    expect(matched.text).toBe(message.text);
    expect(matched.sequence).toBe(message.sequence);
    expect(message.value).toEqual({ type: 'order', id: '42', more: 1 });
  });

  test('that is a function is a schema, not a predicate', () => {
    const validate = (value: unknown): object => (value === 1 ? { value } : { issues: [{ message: 'not 1' }] });
    const schema = Object.assign(() => true, { '~standard': { version: 1, vendor: 'own', validate } });
    const compiled = compile(schema);
    expect(compiled.describe()).toBe('schema (own)');
    expect(compiled.matches(receivedMessage('1'))).toBe(true);
    expect(compiled.matches(receivedMessage('2'))).toBe(false);
  });

  test('that validates asynchronously is misused', () => {
    const compiled = compile(z.string().refine(async () => true));
    expect(compiled.matches(receivedMessage('"x"'))).toBe(false);
    expect(compiled.misuse?.message).toBe(
      'Cannot use schema (zod) as the expectation of toReceiveMessage: the schema returns a promise, and each message is judged the moment it arrives.\n' +
        '  Use a schema without asynchronous refinements and transforms (zod also returns a promise when one of them throws).',
    );
  });

  test('that throws is not met, and the throw is shown', () => {
    const validate = (): never => {
      throw new Error('broken');
    };
    const compiled = compile({ '~standard': { version: 1, vendor: 'own', validate } });
    const message = receivedMessage('"x"');
    expect(compiled.matches(message)).toBe(false);
    expect(compiled.explain(message)).toBe('the schema threw: broken');
  });
});

test.describe("a message that violates the client's schema", () => {
  const validate = schemaValidator(z.object({ id: z.number() }));
  const message = receivedMessage({ id: 'x' }, { validate });

  const met: [string, unknown][] = [
    ['text', '{"id":"x"}'],
    ['a RegExp', /"x"/],
    ['a predicate', (received: LoggedMessage) => received.text.includes('x')],
  ];
  for (const [name, expected] of met) {
    test(`meets ${name}`, () => {
      expect(compile(expected).matches(message)).toBe(true);
    });
  }

  const unmet: [string, unknown][] = [
    ['an object', { id: 'x' }],
    ['an empty object', {}],
    ['an asymmetric matcher', expect.anything()],
    ['a schema', z.unknown()],
  ];
  for (const [name, expected] of unmet) {
    test(`does not meet ${name}`, () => {
      const compiled = compile(expected);
      expect(compiled.matches(message)).toBe(false);
      expect(compiled.nearness(message)).toBe(0);
      expect(compiled.explain(message)).toBe(
        "violates the client's schema\n  id: Invalid input: expected number, received string",
      );
    });
  }

  test('meets bytes when it is binary', () => {
    const binary = receivedMessage(Buffer.from([1]), { validate });
    expect(compile(Buffer.from([1])).matches(binary)).toBe(true);
  });

  test('says so when the codec failed', () => {
    const undecodable = receivedMessage('x', {
      codec: {
        encode: String,
        decode: () => {
          throw new Error('unknown tag 7');
        },
      },
    });
    expect(compile({}).explain(undecodable)).toBe('could not be decoded: unknown tag 7');
  });
});

test.describe('any expectation', () => {
  const expectation = fc.oneof(
    fc.json().map((text): unknown => JSON.parse(text)),
    fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true }),
    fc.string(),
    fc.uint8Array(),
    fc.func(fc.anything()),
    fc.constant(() => {
      throw new Error('user');
    }),
    fc.constant({
      asymmetricMatch: () => {
        throw new Error('matcher');
      },
    }),
    fc.constantFrom(/a/g, z.object({ a: z.number() }), z.string(), expect.any(Number), { a: expect.anything() }),
  );
  const payload = fc.oneof(fc.json(), fc.string(), fc.uint8Array());

  test('never throws for any message: it is refused when compiled, or judges', () => {
    fc.assert(fc.property(expectation, payload, judges), { numRuns: 1000 });
  });

  test('that is the JSON value of a message is met by it, and so is a part of an object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, seed) => {
        const received: unknown = JSON.parse(JSON.stringify(value));
        const message = receivedMessage(received);
        const keys = Object.keys(value);
        const part = keys.length === 0 ? value : { [keys[seed % keys.length]]: value[keys[seed % keys.length]] };
        const asJson: unknown = JSON.parse(JSON.stringify(part));
        fc.pre(!('timeout' in part) && !hasSpecialKey(JSON.stringify(value)));
        return compile(asJson).matches(message);
      }),
      { numRuns: 300 },
    );
  });
});

/** `__proto__` as a key of JSON is no key for `expect`. */
function hasSpecialKey(text: string): boolean {
  return text.includes('__proto__');
}

/** Plain comparisons instead of matchers: each matcher is a step of the test, and thousands of them take seconds. */
function judges(expected: unknown, received: string | Uint8Array): boolean {
  const compiled = compileOrRefuse(expected);
  if (compiled === undefined) return true;
  const message = receivedMessage(received);
  const isJudged = typeof compiled.matches(message) === 'boolean' && typeof compiled.explain(message) === 'string';
  const nearness = compiled.nearness(message);
  return isJudged && !compiled.describe().includes('\n') && nearness >= 0 && nearness <= 1;
}

function compileOrRefuse(expected: unknown): CompiledExpectation | undefined {
  try {
    return compile(expected);
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === 'WS_INVALID_EXPECTATION') return undefined;
    throw error;
  }
}
