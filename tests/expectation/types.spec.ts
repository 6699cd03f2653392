import { expect, test } from '@playwright/test';
import { expectTypeOf } from 'expect-type';
import * as z from 'zod';
import { anyMessage } from '../../src/expectation/any-message.ts';
import type { Expectation, MatchedValue } from '../../src/expectation/types.ts';
import type { Message } from '../../src/frames/message.ts';

interface OrderUpdated {
  readonly type: 'order.updated';
  readonly id: number;
  readonly items: { sku: string; price: number }[];
  readonly by?: { name: string };
}
interface Heartbeat {
  readonly type: 'heartbeat';
  readonly at: number;
}
interface Failure {
  readonly type: 'failure';
  readonly id: number;
  readonly reason: { kind: 'user'; name: string } | { kind: 'system'; code: number };
}
type Event = OrderUpdated | Heartbeat | Failure;

/** As `waitForMessage` is declared. */
type Wait<Value> = <const Expected extends Expectation<Value>>(expected: Expected) => MatchedValue<Value, Expected>;
const untyped: Wait<unknown> = () => JSON.parse('null');
const typed: Wait<Event> = () => JSON.parse('null');

const orderSchema = z.object({ id: z.coerce.number() });

test('an expectation of an untyped client may be anything that means something', () => {
  const written: OrderUpdated = { type: 'order.updated', id: 1, items: [] };
  untyped(anyMessage);
  untyped('text');
  untyped(/re/);
  untyped(Buffer.from('x'));
  untyped(new Uint8Array(1));
  untyped(new DataView(new ArrayBuffer(1)));
  untyped(new ArrayBuffer(1));
  untyped(5);
  untyped(false);
  untyped(null);
  untyped({ type: 'x', nested: { id: expect.any(Number) } });
  untyped(written);
  untyped([1, { a: expect.anything() }]);
  untyped(expect.objectContaining({ type: 'x' }));
  untyped(orderSchema);
  untyped((message) => message.isBinary);
  untyped((message) => {
    expectTypeOf(message).toEqualTypeOf<Message>();
    return true;
  });
  // @ts-expect-error an explicit undefined
  untyped(undefined);
  // @ts-expect-error a predicate returns a boolean
  untyped((message) => message.size);
  // @ts-expect-error a predicate is not asynchronous
  untyped(async (message) => message.isBinary);
  // @ts-expect-error JSON has no bigint
  untyped(5n);
  // @ts-expect-error of all symbols only anyMessage
  untyped(Symbol('x'));
});

test('an expectation of a typed client is a deep part of its messages, with asymmetric matchers anywhere', () => {
  typed({ type: 'order.updated' });
  typed({ id: 4 });
  typed({});
  typed({ type: 'order.updated', items: [{ sku: 'a' }] });
  typed({ type: expect.stringContaining('order'), id: expect.any(Number), items: expect.anything() });
  typed({ items: [{ sku: expect.any(String) }, expect.anything()] });
  typed({ type: 'failure', reason: { kind: 'system' } });
  typed({ by: { name: 'x' } });
  typed('text');
  typed(/re/);
  typed(anyMessage);
  typed(orderSchema);
  typed((message) => {
    expectTypeOf(message.value).toEqualTypeOf<Event>();
    return message.value.type === 'heartbeat';
  });
  // @ts-expect-error no message has this type
  typed({ type: 'order.deleted' });
  // @ts-expect-error no message has this key
  const unknownKey: Expectation<Event> = { type: 'order.updated', status: 'PAID' };
  expect(unknownKey).toBeDefined();
  // @ts-expect-error the id is a number
  typed({ id: '4' });
  // @ts-expect-error the price is a number
  typed({ items: [{ price: '5' }] });
  // @ts-expect-error the items are an array
  typed({ items: { sku: 'a' } });
  // @ts-expect-error no message is an array
  typed([1]);
});

test('the value of a matched message is what the expectation tells of it', () => {
  expectTypeOf(untyped({ type: 'x' })).toEqualTypeOf<unknown>();
  expectTypeOf(untyped('text')).toEqualTypeOf<unknown>();
  expectTypeOf(untyped(orderSchema)).toEqualTypeOf<{ id: number }>();
  expectTypeOf(typed(orderSchema)).toEqualTypeOf<{ id: number }>();

  expectTypeOf(typed({ type: 'order.updated' })).toEqualTypeOf<OrderUpdated>();
  expectTypeOf(typed({ type: 'heartbeat', at: expect.any(Number) })).toEqualTypeOf<Heartbeat>();
  expectTypeOf(typed({ id: 4 })).toEqualTypeOf<OrderUpdated | Failure>();
  expectTypeOf(typed({ by: { name: 'x' } })).toEqualTypeOf<OrderUpdated>();
  expectTypeOf(typed({ reason: { kind: 'user' } })).toEqualTypeOf<Failure>();
  expectTypeOf(typed({ items: [{ sku: 'a' }] })).toEqualTypeOf<OrderUpdated>();
  expectTypeOf(typed({ type: expect.any(String) })).toEqualTypeOf<Event>();
  expectTypeOf(typed({})).toEqualTypeOf<Event>();

  expectTypeOf(typed(anyMessage)).toEqualTypeOf<Event>();
  expectTypeOf(typed('text')).toEqualTypeOf<Event>();
  expectTypeOf(typed(/re/)).toEqualTypeOf<Event>();
  expectTypeOf(typed(Buffer.from('x'))).toEqualTypeOf<Event>();
  expectTypeOf(typed((message) => message.isBinary)).toEqualTypeOf<Event>();
  expectTypeOf(typed(expect.objectContaining({ type: 'x' }))).toEqualTypeOf<Event>();
});

test('a type of several literals narrows to what it may be', () => {
  const wanted = (type: 'heartbeat' | 'failure'): { type: 'heartbeat' | 'failure' } => ({ type });
  expectTypeOf(typed(wanted('heartbeat'))).toEqualTypeOf<Heartbeat | Failure>();
  const one = { type: 'heartbeat' } as const;
  expectTypeOf(typed(one)).toEqualTypeOf<Heartbeat>();
});
