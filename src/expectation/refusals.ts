import { types } from 'node:util';
import { LoggedMessage } from '../frames/message.ts';
import { misuse } from '../support/errors.ts';
import { isBinary } from './binary.ts';
import { describeFunction, isPromiseLike } from './user-function.ts';
import type { CompileContext } from './compile.ts';
import { isAsymmetricMatcher, isRecordPattern } from './equality.ts';
import type { FlatPattern } from './flat.ts';
import { isPlain, print } from './print.ts';
import { isStandardSchema } from './schema.ts';

/** Throws for an expectation that could never be met, or would be met by accident. */
export function refuseUnusable(expected: unknown, context: CompileContext): void {
  const { method } = context;
  if (expected === undefined) {
    throw refusal('undefined', context, [
      'it is most often a variable that was never set',
      `For any message write ${method}(anyMessage).`,
    ]);
  }
  if (typeof expected === 'function' && !isStandardSchema(expected)) refuseFunction(expected, context);
  if (isOptions(expected, context)) throw refuseOptions(expected, context);
  refuseNested(expected, { path: '', context, seen: new Set() });
}

/** The same for a flat pattern, the most common expectation: nothing in it is unusable. */
export function refuseOptionsAlone(expected: FlatPattern, context: CompileContext): void {
  if (hasOptionsAlone(expected, context)) throw refuseOptions(expected, context);
}

/** For a predicate or a schema that returns a promise. */
export function refuseAsynchronous(kind: 'predicate' | 'schema', found: string, context: CompileContext): TypeError {
  const remedy = {
    predicate: `Write a predicate without async: ${context.method}((message) => message.text === 'ready').`,
    schema:
      'Use a schema without asynchronous refinements and transforms (zod also returns a promise when one of them throws).',
  };
  return refusal(found, context, [
    `the ${kind} returns a promise, and each message is judged the moment it arrives`,
    remedy[kind],
  ]);
}

/** For a predicate that returned neither `true` nor `false`. */
export function refuseResult(found: string, result: unknown, context: CompileContext): TypeError {
  return refusal(found, context, [
    `the predicate returned ${print(result, 60)}, true or false was wanted`,
    `Return a boolean: ${context.method}((message) => message.text === 'ready').`,
  ]);
}

/** Why it cannot be used, and what to write instead. */
type Reason = readonly [why: string, remedy: string];

function refusal(found: string, context: CompileContext, [why, remedy]: Reason): TypeError {
  return misuse(
    'WS_INVALID_EXPECTATION',
    `Cannot use ${found} as the expectation of ${context.method}: ${why}.\n  ${remedy}`,
  );
}

function refuseFunction(written: Function, context: CompileContext): void {
  if (types.isAsyncFunction(written)) throw refuseAsynchronous('predicate', describeFunction(written), context);
  const source = Function.prototype.toString.call(written);
  if (types.isGeneratorFunction(written) || /^class\b/.test(source)) {
    throw refusal(describeFunction(written), context, [
      'a class or a generator is no predicate',
      `Write ${context.method}((message) => message.text === 'ready'), or expect.any(…) for a value of a class.`,
    ]);
  }
}

function isOptions(expected: unknown, context: CompileContext): expected is object {
  return isRecordPattern(expected) && isPlain(expected) && hasOptionsAlone(expected, context);
}

function hasOptionsAlone(expected: object, { optionNames }: CompileContext): boolean {
  const keys = Object.keys(expected);
  return keys.length > 0 && keys.every((key) => optionNames.includes(key));
}

function refuseOptions(expected: object, context: CompileContext): TypeError {
  const members = Object.entries(expected).map(([key, value]) => `${key}: ${print(value, 40)}`);
  const written = `{ ${members.join(', ')} }`;
  return refusal(written, context, [
    'it consists of options alone, and options come second',
    `Write ${context.method}(anyMessage, ${written}). For a message with such keys write expect.objectContaining(${written}).`,
  ]);
}

interface Position {
  readonly path: string;
  readonly context: CompileContext;
  readonly seen: Set<unknown>;
}

function refuseNested(part: unknown, position: Position): void {
  const { path, context, seen } = position;
  if (seen.has(part) || isAsymmetricMatcher(part)) return;
  const reason = reasonAgainst(part, path !== '');
  if (reason !== undefined) throw refusal(`${nameOf(part)}${path === '' ? '' : ` at ${path}`}`, context, reason);
  if (typeof part !== 'object' || part === null || isStandardSchema(part) || isBinary(part)) return;
  seen.add(part);
  if (Array.isArray(part)) {
    for (const [index, item] of part.entries()) refuseNested(item, { ...position, path: `${path}[${index}]` });
  } else if (isRecordPattern(part)) {
    for (const key of Object.keys(part)) refuseNested(part[key], { ...position, path: joinKey(path, key) });
  }
}

function reasonAgainst(part: unknown, isNested: boolean): Reason | undefined {
  if (typeof part === 'bigint' && !isNested) {
    return ['JSON has no bigint', `With a codec that decodes one write (message) => message.value === ${part}n.`];
  }
  if (part === undefined) {
    return [
      'it is most often a variable that was never set, and JSON has no undefined',
      'Leave it out, or write expect.anything() for whatever comes.',
    ];
  }
  if (typeof part === 'symbol') {
    return [
      'no message contains a symbol',
      `Write ${isNested ? 'expect.anything()' : 'anyMessage'} for whatever comes.`,
    ];
  }
  if (part instanceof Blob) return ['its bytes are read asynchronously', 'Pass await blob.arrayBuffer().'];
  if (part instanceof LoggedMessage) return ['it is a whole message', 'Pass its value, text or bytes.'];
  if (isPromiseLike(part)) return ['it is a promise', 'Write await before it.'];
  return (isNested ? reasonInside(part) : undefined) ?? reasonAgainstObject(part, isNested);
}

/** What means something by itself, and would silently mean nothing, or anything, inside an object. */
function reasonInside(part: unknown): Reason | undefined {
  if (part instanceof RegExp) {
    return ['inside an object it would be compared with a RegExp', `Write expect.stringMatching(${part}).`];
  }
  if (isStandardSchema(part)) {
    return ['a schema cannot stand inside an object', 'Make the whole expectation a schema, or write a predicate.'];
  }
  if (typeof part !== 'function') return undefined;
  return ['no message contains a function', 'Write an asymmetric matcher there, such as expect.any(Number).'];
}

function reasonAgainstObject(part: unknown, isNested: boolean): Reason | undefined {
  if (!isRecordPattern(part) || isPlain(part) || Object.keys(part).length > 0) return undefined;
  if (!isNested && isStandardSchema(part)) return undefined;
  return ['it has no properties of its own, so every object would contain it', 'Pass a plain object, or a predicate.'];
}

function nameOf(part: unknown): string {
  if (typeof part === 'function') return describeFunction(part);
  if (typeof part !== 'object' || part === null || part instanceof RegExp) return print(part, 60);
  const { constructor } = part;
  return `an object of class ${typeof constructor === 'function' ? constructor.name : 'unknown'}`;
}

function joinKey(path: string, key: string): string {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
