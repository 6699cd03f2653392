import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Message } from '../frames/message.ts';
import type { anyMessage } from './any-message.ts';

/**
 * What Playwright's and Jest's `expect.any(...)`, `expect.objectContaining(...)` and their like return.
 *
 * The member is optional because Playwright types its own as `Record<string, any>`, which promises no member.
 */
export interface AsymmetricMatcher {
  readonly asymmetricMatch?: (other: unknown) => boolean;
}

/** Bytes, whatever holds them. */
export type BinaryExpectation = ArrayBufferView | ArrayBufferLike;

/**
 * Returns `true` for a message that meets it. Throwing means that it does not meet this message.
 *
 * Written as a method, which is compared in both directions: a typed client is a `WebSocketClient` too.
 */
export type MessagePredicate<Value = unknown> = { judge(message: Message<Value>): boolean }['judge'];

/**
 * What a test may expect of a message.
 *
 * | you write | a message meets it when |
 * |---|---|
 * | `anyMessage` | it is a data message |
 * | text, RegExp | it is a text message whose text equals, matches |
 * | Buffer, typed array, ArrayBuffer | it is binary and its bytes equal |
 * | object or array | its value contains it, asymmetric matchers anywhere |
 * | number, boolean, null | its value equals it |
 * | asymmetric matcher | it accepts the value |
 * | Standard Schema (zod and others) | the value validates |
 * | predicate | it returns `true` |
 *
 * @typeParam Value What the messages' `value` is: a client's schema's output, else `unknown`.
 */
export type Expectation<Value = unknown> =
  | typeof anyMessage
  | string
  | RegExp
  | BinaryExpectation
  | number
  | boolean
  | null
  | AsymmetricMatcher
  | StandardSchemaV1
  | MessagePredicate<Value>
  | ObjectExpectation<Value>;

/** Objects and arrays that a value may contain: any for `unknown`, else a deep part of `Value`. */
export type ObjectExpectation<Value> = unknown extends Value ? NotCallable | AnyRecord : PartOf<Value>;

/**
 * The type of a message's value once it has met the expectation `Expected`: a schema's output; of a union those members
 * that the object can be a part of; else `Value`.
 */
export type MatchedValue<Value, Expected> =
  IsAny<Expected> extends true
    ? Value
    : Expected extends StandardSchemaV1
      ? StandardSchemaV1.InferOutput<Expected>
      : Expected extends Opaque
        ? Value
        : Expected extends object
          ? OrElse<MembersWith<Value, Expected>, Value>
          : Value;

/** Only functions have `Symbol.hasInstance`: without this, `object` would take a wrongly typed predicate. */
type NotCallable = object & { readonly [Symbol.hasInstance]?: never };

/** An object literal may have any key; `NotCallable` alone would refuse all but the one that it names. */
type AnyRecord = Readonly<Record<string, unknown>>;

type PartOf<Value> = ArrayPart<Value> | RecordPart<RecordMember<Value>>;

type ArrayPart<Value> = Value extends Leaf
  ? never
  : Value extends readonly unknown[]
    ? { readonly [Key in keyof Value]: NestedPart<Value[Key]> }
    : never;

/** Of all members of a union together, so that `{ type }` with a `type` of several literals is a part too. */
type RecordPart<Members> = [Members] extends [never]
  ? never
  : { readonly [Key in KeyOf<Members>]?: NestedPart<MemberAt<Members, Key>> };

type RecordMember<Value> = Value extends Leaf | readonly unknown[] ? never : Value extends object ? Value : never;

type KeyOf<Members> = Members extends unknown ? keyof Members : never;

type MemberAt<Members, Key> = Members extends unknown ? (Key extends keyof Members ? Members[Key] : never) : never;

type NestedPart<Value> = unknown extends Value ? unknown : Value | AsymmetricMatcher | PartOf<Value>;

/** Objects that are compared as a whole. */
type Leaf = BinaryExpectation | Date | RegExp | Function;

/** Objects that say nothing of a value's members. */
type Opaque = Leaf | Required<AsymmetricMatcher>;

type IsAny<Type> = 0 extends 1 & Type ? true : false;

type OrElse<Type, Otherwise> = [Type] extends [never] ? Otherwise : Type;

type MembersWith<Value, Part> = Value extends unknown ? (true extends CanContain<Value, Part> ? Value : never) : never;

/** Distributes over both unions: one pair that fits is enough, so ask whether `true` extends it. */
type CanContain<Value, Part> =
  IsAny<Part> extends true
    ? true
    : Part extends object
      ? CanContainObject<Value, Part>
      : [Value & Part] extends [never]
        ? false
        : true;

type CanContainObject<Value, Part extends object> = Part extends Opaque
  ? true
  : // An index signature: what Playwright's asymmetric matchers are typed as.
    string extends keyof Part
    ? true
    : unknown extends Value
      ? true
      : Part extends readonly unknown[]
        ? Value extends readonly unknown[]
          ? true
          : false
        : Value extends object
          ? false extends { [Key in keyof Part]: CanContainMember<Value, Key, Part[Key]> }[keyof Part]
            ? false
            : true
          : false;

type CanContainMember<Value, Key, Part> = Key extends keyof Value
  ? true extends CanContain<Value[Key], Part>
    ? true
    : false
  : false;
