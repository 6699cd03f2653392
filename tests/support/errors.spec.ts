import { expect, test } from '@playwright/test';

import {
  ConnectionClosedError,
  errorMessage,
  HandshakeError,
  misuse,
  WaitAbortedError,
  WaitTimeoutError,
  WebSocketError,
} from '../../src/support/errors.ts';

test('errors have a name, a stable code and their data', () => {
  const info = { code: 4001, reason: 'kicked', wasClean: true, by: 'server' } as const;
  const errors = [
    new WebSocketError('WS_WAIT_FAILED', 'text'),
    new HandshakeError('WS_HANDSHAKE_FAILED', 'text'),
    new ConnectionClosedError('WS_NOT_OPEN', 'text', info),
    new WaitTimeoutError('text', 100),
    new WaitAbortedError('text', 'reason'),
  ];

  expect(errors.map(({ code, name }) => `${name} ${code}`)).toEqual([
    'WebSocketError WS_WAIT_FAILED',
    'HandshakeError WS_HANDSHAKE_FAILED',
    'ConnectionClosedError WS_NOT_OPEN',
    'WaitTimeoutError WS_WAIT_TIMEOUT',
    'WaitAbortedError WS_WAIT_ABORTED',
  ]);
  expect(errors.every((error) => error instanceof WebSocketError && error.message === 'text')).toBe(true);
  expect(errors).toMatchObject([{}, { status: undefined }, { closeInfo: info }, { timeout: 100 }, { cause: 'reason' }]);
});

test('misuse is a TypeError with a code', () => {
  const error = misuse('WS_INVALID_ARGUMENT', 'text');

  expect(error).toBeInstanceOf(TypeError);
  expect(error).toMatchObject({ code: 'WS_INVALID_ARGUMENT', message: 'text' });
});

test('errorMessage tells what was thrown, whatever it was', () => {
  const both = new AggregateError([new Error('first'), new Error('second')]);

  expect([new Error('text'), 'just text', undefined, null, 7, both].map(errorMessage)).toEqual([
    'text',
    'just text',
    'undefined',
    'null',
    '7',
    'first; second',
  ]);
  expect(errorMessage(new AggregateError([], 'own text'))).toBe('own text');
});

test('errorMessage never throws, and is text', () => {
  const withoutText: unknown = Object.create(null);
  const getter = Object.defineProperty(new Error('text'), 'message', {
    get: () => {
      throw new Error('from the getter');
    },
  });
  const number = Object.defineProperty(new Error('text'), 'message', { value: 7 });

  expect([withoutText, getter, number].map(errorMessage)).toEqual([
    'something that cannot be printed',
    'something that cannot be printed',
    '7',
  ]);
});
