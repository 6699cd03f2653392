import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { anyMessage } from '../../src/expectation/any-message.ts';
import { compileExpectation } from '../../src/expectation/compile.ts';
import { receivedMessage } from '../helpers/messages.ts';

function refusal(expected: unknown): Error {
  try {
    compileExpectation(expected, { method: 'toReceiveMessage', optionNames: ['timeout', 'after', 'where'] });
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('code', 'WS_INVALID_EXPECTATION');
    if (error instanceof Error) return error;
  }
  throw new Error('The expectation was not refused');
}

const isLarge = (value: number): boolean => value > 1;
class Order {
  readonly id = 1;
}
function* items(): Generator<number> {
  yield 1;
}

const predicateForm = "  Write a predicate without async: toReceiveMessage((message) => message.text === 'ready').";
const classForm =
  "  Write toReceiveMessage((message) => message.text === 'ready'), or expect.any(…) for a value of a class.";

const refusals: [string, unknown, string, string][] = [
  [
    'undefined',
    undefined,
    'Cannot use undefined as the expectation of toReceiveMessage: it is most often a variable that was never set.',
    '  For any message write toReceiveMessage(anyMessage).',
  ],
  [
    'undefined inside an object',
    { type: 'order.updated', order: { id: undefined } },
    'Cannot use undefined at order.id as the expectation of toReceiveMessage: it is most often a variable that was never set, and JSON has no undefined.',
    '  Leave it out, or write expect.anything() for whatever comes.',
  ],
  [
    'an object of one option',
    { timeout: 500 },
    'Cannot use { timeout: 500 } as the expectation of toReceiveMessage: it consists of options alone, and options come second.',
    '  Write toReceiveMessage(anyMessage, { timeout: 500 }). For a message with such keys write expect.objectContaining({ timeout: 500 }).',
  ],
  [
    'an object of several options',
    { timeout: 500, where: { id: 1 } },
    'Cannot use { timeout: 500, where: {"id": 1} } as the expectation of toReceiveMessage: it consists of options alone, and options come second.',
    '  Write toReceiveMessage(anyMessage, { timeout: 500, where: {"id": 1} }). For a message with such keys write expect.objectContaining({ timeout: 500, where: {"id": 1} }).',
  ],
  [
    'an async function',
    async () => true,
    'Cannot use async () => true as the expectation of toReceiveMessage: the predicate returns a promise, and each message is judged the moment it arrives.',
    predicateForm,
  ],
  [
    'a generator',
    items,
    'Cannot use items as the expectation of toReceiveMessage: a class or a generator is no predicate.',
    classForm,
  ],
  [
    'a class',
    Order,
    'Cannot use Order as the expectation of toReceiveMessage: a class or a generator is no predicate.',
    classForm,
  ],
  [
    'a bigint',
    42n,
    'Cannot use 42n as the expectation of toReceiveMessage: JSON has no bigint.',
    '  With a codec that decodes one write (message) => message.value === 42n.',
  ],
  [
    'a symbol',
    Symbol('x'),
    'Cannot use Symbol(x) as the expectation of toReceiveMessage: no message contains a symbol.',
    '  Write anyMessage for whatever comes.',
  ],
  [
    'a Blob',
    new Blob(['x']),
    'Cannot use an object of class Blob as the expectation of toReceiveMessage: its bytes are read asynchronously.',
    '  Pass await blob.arrayBuffer().',
  ],
  [
    'a promise',
    Promise.resolve({ type: 'x' }),
    'Cannot use an object of class Promise as the expectation of toReceiveMessage: it is a promise.',
    '  Write await before it.',
  ],
  [
    'a message',
    receivedMessage('x'),
    'Cannot use an object of class LoggedMessage as the expectation of toReceiveMessage: it is a whole message.',
    '  Pass its value, text or bytes.',
  ],
  [
    'an object without properties of its own',
    new URL('http://127.0.0.1'),
    'Cannot use an object of class URL as the expectation of toReceiveMessage: it has no properties of its own, so every object would contain it.',
    '  Pass a plain object, or a predicate.',
  ],
  [
    'a RegExp inside an object',
    { items: [{ 'the id': /^a/ }] },
    'Cannot use /^a/ at items[0]["the id"] as the expectation of toReceiveMessage: inside an object it would be compared with a RegExp.',
    '  Write expect.stringMatching(/^a/).',
  ],
  [
    'a schema inside an object',
    { id: z.number() },
    'Cannot use an object of class ZodNumber at id as the expectation of toReceiveMessage: a schema cannot stand inside an object.',
    '  Make the whole expectation a schema, or write a predicate.',
  ],
  [
    'a function inside an array',
    [1, isLarge],
    'Cannot use isLarge at [1] as the expectation of toReceiveMessage: no message contains a function.',
    '  Write an asymmetric matcher there, such as expect.any(Number).',
  ],
  [
    'anyMessage inside an object',
    { value: anyMessage },
    'Cannot use Symbol(playwright-ws.anyMessage) at value as the expectation of toReceiveMessage: no message contains a symbol.',
    '  Write expect.anything() for whatever comes.',
  ],
];

for (const [name, expected, sentence, remedy] of refusals) {
  test(`${name} is refused`, () => {
    expect(refusal(expected).message).toBe(`${sentence}\n${remedy}`);
  });
}

test('an object with one key beside the options is an expectation', () => {
  const compiled = compileExpectation({ timeout: 5, id: 1 }, { method: 'toReceiveMessage', optionNames: ['timeout'] });
  expect(compiled.matches(receivedMessage({ timeout: 5, id: 1 }))).toBe(true);
});

test('an object that contains itself is checked, compared and printed to an end', () => {
  const cyclic: Record<string, unknown> = { id: 1 };
  cyclic['self'] = cyclic;
  const compiled = compileExpectation(cyclic, { method: 'toReceiveMessage', optionNames: [] });
  expect(compiled.matches(receivedMessage({ id: 1, self: { id: 1 } }))).toBe(false);
  expect(compiled.describe()).toContain('{"id": 1, "self": {"id": 1');
});
