import { expect, test } from '@playwright/test';

import { receivedMessage, receivedMessages } from '../helpers/messages.ts';

test.describe('value without a codec', () => {
  const values: [string, unknown, unknown][] = [
    ['JSON as what it says', '{"a":[1,null]}', { a: [1, null] }],
    ['a JSON string without its quotes', '"a"', 'a'],
    ['text that is not JSON as the text', 'hello', 'hello'],
    ['an empty text as an empty text', '', ''],
    ['bytes as bytes', Buffer.from([1, 2]), Buffer.from([1, 2])],
    ['bytes that look like JSON as bytes', Buffer.from('{}'), Buffer.from('{}')],
  ];
  for (const [name, payload, value] of values) {
    test(`is ${name}`, () => {
      expect(receivedMessage(payload).value).toEqual(value);
    });
  }

  test('is parsed once', () => {
    const message = receivedMessage('{"a":1}');

    expect(message.value).toBe(message.value);
  });
});

test('a message has its place, its time and the name of its client', () => {
  const [, message] = receivedMessages(['a', 'bü']);

  expect(message).toMatchObject({
    index: 1,
    frameIndex: 1,
    sequence: 2,
    monotonicTime: 1,
    time: performance.timeOrigin + 1,
    client: 'orders',
    isBinary: false,
    size: 3,
    text: 'bü',
    bytes: Buffer.from('bü'),
  });
});

test('a message with another value is the same message but for it', () => {
  const message = receivedMessage('{"a":1}');
  const other = message.withValue('b');

  expect(other).toMatchObject({ value: 'b', text: '{"a":1}', index: 0 });
  expect(message.value).toEqual({ a: 1 });
});

test('a hidden message has the value of the message, and no place', () => {
  const message = receivedMessage('{"a":1}');
  const { value } = message;

  expect(message.hidden()).toMatchObject({ index: -1, text: '{"a":1}' });
  expect(message.hidden().value).toBe(value);
});

test('`decoded` tells what a codec threw, and `value` throws it', () => {
  const error = new Error('not mine');
  const message = receivedMessage('a', {
    codec: {
      encode: String,
      decode: () => {
        throw error;
      },
    },
  });

  expect(message.decoded).toEqual({ ok: false, error });
  expect(() => message.value).toThrow(error);
});
