import { createRequire } from 'node:module';
import { types } from 'node:util';
import type { LoggedMessage } from '../frames/message.ts';
import { errorMessage, misuse } from '../support/errors.ts';
import { isBinary } from './binary.ts';
import { describeFunction, isPromiseLike } from './user-function.ts';
import type { CompileContext } from './compile.ts';
import { print, shorten } from './print.ts';

/** What was found, or why nothing was found yet. */
export type Extracted =
  | { readonly found: true; readonly value: unknown }
  | { readonly found: false; readonly reason: string };

/** An extraction that was checked once, to be tried whenever a message comes. */
export interface CompiledExtraction {
  /** Set once the function returned a promise: the TypeError with which the caller ends its wait. */
  readonly misuse: TypeError | undefined;
  /** One line: the path, the RegExp, the function's name or source. */
  describe(): string;
  /**
   * Looks at the value of the last message (`single`), or at the array of the values of all of them. A RegExp looks at
   * the texts, oldest first, and takes the first that matches. Never throws.
   */
  extract(messages: readonly LoggedMessage[], single: boolean): Extracted;
}

/**
 * Checks an expression of `extract`: a JSONPath (RFC 9535), a RegExp or a function.
 *
 * @throws TypeError `WS_INVALID_ARGUMENT` for a JSONPath that does not parse, with the position, and for anything else.
 */
export function compileExtraction(expression: unknown, context: CompileContext): CompiledExtraction {
  if (typeof expression === 'string') return new ValueExtraction(expression, pathQuery(expression, context), context);
  if (expression instanceof RegExp) return new RegExpExtraction(expression);
  if (isFunction(expression)) return functionExtraction(expression, context);
  throw misuse(
    'WS_INVALID_ARGUMENT',
    `Cannot use ${print(expression, 60)} as the expression of ${context.method}: a JSONPath, a RegExp or a function was wanted.\n` +
      `  Write ${context.method}('$.id').`,
  );
}

type Query = (value: unknown) => Extracted;

interface JsonPath {
  compile(path: string): ParsedPath;
}

interface ParsedPath {
  query(value: unknown): { values(): unknown[] };
  singularQuery(): boolean;
}

/** What the package says of a path such as `$.`. */
const endOfPath = "can't backup beyond start";

const require = createRequire(import.meta.url);

/** A path or a function over decoded values. */
class ValueExtraction implements CompiledExtraction {
  readonly #description: string;
  readonly #query: Query;
  readonly #context: CompileContext;
  #misuse: TypeError | undefined;

  constructor(description: string, query: Query, context: CompileContext) {
    this.#description = description;
    this.#query = query;
    this.#context = context;
  }

  get misuse(): TypeError | undefined {
    return this.#misuse;
  }

  describe(): string {
    return this.#description;
  }

  extract(messages: readonly LoggedMessage[], single: boolean): Extracted {
    if (this.#misuse !== undefined) return notFound(this.#misuse.message);
    const looked = single ? messages.slice(-1) : messages;
    const unusable = looked.length === 0 ? 'no message came' : reasonWithoutValue(looked);
    if (unusable !== undefined) return notFound(unusable);
    try {
      return this.#check(this.#query(single ? looked[0].value : looked.map((message) => message.value)));
    } catch (thrown) {
      return notFound(`${this.#description} threw: ${shortMessage(thrown)}`);
    }
  }

  #check(extracted: Extracted): Extracted {
    if (!extracted.found || !isPromiseLike(extracted.value)) return extracted;
    Promise.resolve(extracted.value).catch(() => {});
    this.#misuse = refuseAsynchronous(this.#description, this.#context);
    return notFound(this.#misuse.message);
  }
}

/** The first capture group, or the whole match when the RegExp has no group, over the messages' texts. */
class RegExpExtraction implements CompiledExtraction {
  readonly misuse = undefined;
  readonly #pattern: RegExp;

  constructor(pattern: RegExp) {
    // A copy: the user's own `lastIndex` is neither read nor moved.
    this.#pattern = new RegExp(pattern.source, pattern.flags);
  }

  describe(): string {
    return String(this.#pattern);
  }

  extract(messages: readonly LoggedMessage[], single: boolean): Extracted {
    const looked = single ? messages.slice(-1) : messages;
    if (looked.length === 0) return notFound('no message came');
    for (const message of looked) {
      const value = message.isBinary ? undefined : this.#find(message.text);
      if (value !== undefined) return { found: true, value };
    }
    return notFound(`${this.describe()} matches none of ${looked.length} ${looked.length === 1 ? 'text' : 'texts'}`);
  }

  /** A group that took no part in the match gives nothing. */
  #find(text: string): string | undefined {
    this.#pattern.lastIndex = 0;
    const match = this.#pattern.exec(text);
    return match === null || match.length === 1 ? match?.[0] : match[1];
  }
}

function pathQuery(path: string, context: CompileContext): Query {
  if (!path.startsWith('$')) {
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot use ${print(path, 60)} as the expression of ${context.method}: a JSONPath starts with "$".\n` +
        `  Write ${context.method}(${print(`$.${path}`, 60)}).`,
    );
  }
  const parsed = parsePath(path, context);
  const isSingular = parsed.singularQuery();
  return (value) => {
    if (isBinary(value)) return notFound('the message is binary');
    const values = parsed.query(value).values();
    if (values.length === 0) return notFound(`${path} finds nothing in ${print(value)}`);
    return { found: true, value: isSingular ? values[0] : values };
  };
}

function parsePath(path: string, context: CompileContext): ParsedPath {
  const jsonPath: JsonPath = require('json-p3');
  try {
    return jsonPath.compile(path);
  } catch (thrown) {
    // The package ends its sentence with the position: ours is told below, with a caret under it.
    const sentence = errorMessage(thrown)
      .replace(/ \('[^]*':\d+\)$/, '')
      .replace(endOfPath, 'unexpected end');
    const position = positionOf(thrown);
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot parse the JSONPath of ${context.method}: ${sentence} at position ${position}.\n` +
        `  ${path}\n  ${' '.repeat(position)}^`,
    );
  }
}

function positionOf(thrown: unknown): number {
  if (typeof thrown !== 'object' || thrown === null || !('token' in thrown)) return 0;
  const { token } = thrown;
  if (typeof token !== 'object' || token === null || !('index' in token)) return 0;
  return typeof token.index === 'number' ? token.index : 0;
}

function functionExtraction(written: (value: unknown) => unknown, context: CompileContext): CompiledExtraction {
  const description = describeFunction(written);
  if (types.isAsyncFunction(written)) throw refuseAsynchronous(description, context);
  const query: Query = (value) => {
    const result = written(value);
    return result === undefined ? notFound(`${description} returned undefined`) : { found: true, value: result };
  };
  return new ValueExtraction(description, query, context);
}

function refuseAsynchronous(description: string, { method }: CompileContext): TypeError {
  return misuse(
    'WS_INVALID_ARGUMENT',
    `Cannot use ${description} as the expression of ${method}: the function returns a promise, and each message is looked at the moment it arrives.\n` +
      `  Write a function without async: ${method}((value) => value.id).`,
  );
}

function reasonWithoutValue(messages: readonly LoggedMessage[]): string | undefined {
  for (const { decoded, index } of messages) {
    if (!decoded.ok) return `#${index + 1} has no value: ${shortMessage(decoded.error)}`;
  }
  return undefined;
}

function notFound(reason: string): Extracted {
  return { found: false, reason };
}

function shortMessage(thrown: unknown): string {
  return shorten(errorMessage(thrown), 500);
}

function isFunction(value: unknown): value is (value: unknown) => unknown {
  return typeof value === 'function';
}
