import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { closestMessage } from '../../src/expectation/closest.ts';
import { compileExpectation } from '../../src/expectation/compile.ts';
import { receivedMessages } from '../helpers/messages.ts';

const closest = (expected: unknown, payloads: readonly unknown[]): number | undefined =>
  closestMessage(
    compileExpectation(expected, { method: 'toReceiveMessage', optionNames: [] }),
    receivedMessages(payloads),
  )?.index;

test.describe('closestMessage', () => {
  test('is undefined when no message came', () => {
    expect(closest({ a: 1 }, [])).toBeUndefined();
  });

  test('is the latest of equally near ones', () => {
    expect(closest(() => false, ['a', 'b', 'c'])).toBe(2);
  });

  test('shares most keys and values with an object', () => {
    const payloads = [{ type: 'order', id: 42, status: 'PENDING' }, { type: 'order' }, 'text', [1], { other: 1 }];
    expect(closest({ type: 'order', id: 42, status: 'PAID' }, payloads)).toBe(0);
  });

  test('shares the first key of an object rather than another one', () => {
    const payloads = [
      { type: 'order', id: 42, status: 'PENDING' },
      { type: 'invoice', id: 42, status: 'PAID' },
    ];
    expect(closest({ type: 'order', id: 42, status: 'PAID' }, payloads)).toBe(0);
  });

  test('has a key with another value rather than none', () => {
    expect(closest({ id: 5 }, [{ id: 'x' }, { other: 5 }])).toBe(0);
  });

  test('shares most of the nested objects', () => {
    expect(closest({ a: { b: { c: 1, d: 2 } } }, [{ a: { b: { c: 1, d: 3 } } }, { a: { b: 5 } }, { a: 1 }])).toBe(0);
  });

  test('has the most similar text', () => {
    expect(closest('order updated', ['order update', 'hello', Buffer.from('order updated')])).toBe(0);
  });

  test('has the same beginning of bytes', () => {
    expect(closest(Buffer.from([1, 2, 3]), [Buffer.from([1, 2, 4]), Buffer.from([9, 9, 9]), 'text'])).toBe(0);
  });

  test('has the fewest issues of a schema', () => {
    const order = z.object({ type: z.literal('order'), id: z.number(), status: z.string() });
    expect(closest(order, [{ type: 'order', id: 1 }, { type: 'order' }, 'text'])).toBe(0);
  });

  test('is another number where a number was expected', () => {
    expect(closest(5, [6, 'text', { a: 5 }])).toBe(0);
  });

  test('is searched among the last 1,000 messages', () => {
    const near = { type: 'order', id: 1 };
    const far = Array.from({ length: 2999 }, () => 'far');
    expect(closest({ type: 'order', id: 2 }, [near, ...far.slice(0, 999)])).toBe(0);
    expect(closest({ type: 'order', id: 2 }, [near, ...far.slice(0, 1000)])).toBe(1000);
    expect(closest({ type: 'order', id: 2 }, [near, ...far])).toBe(2999);
  });
});
