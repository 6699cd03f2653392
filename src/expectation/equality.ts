import { createRequire } from 'node:module';
import { bytesOf, isBinary } from './binary.ts';

/** What the asymmetric matchers of Playwright and Jest have at run time. */
export interface RuntimeAsymmetricMatcher {
  asymmetricMatch(other: unknown): unknown;
  toString(): string;
}

/** Decides, or leaves it to the next one. */
export type Tester = (value: unknown, pattern: unknown) => boolean | undefined;

/** The part of `@jest/expect-utils` that is used here. */
export interface ExpectUtils {
  readonly equals: (value: unknown, pattern: unknown, testers: readonly Tester[]) => unknown;
  readonly iterableEquality: Tester;
  readonly subsetEquality: Tester;
}

interface MatcherUtils {
  stringify(value: unknown): string;
  diff(expected: string, received: string, options: object): string | null;
}

const require = createRequire(import.meta.url);
let expectUtils: ExpectUtils | undefined;
let matcherUtils: MatcherUtils | undefined;

export function isAsymmetricMatcher(value: unknown): value is RuntimeAsymmetricMatcher {
  return isObject(value) && 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function';
}

/**
 * Whether the value contains the pattern, as in `toMatchObject`: objects may have more keys, arrays have equal length,
 * asymmetric matchers stand anywhere. Stricter where `expect` would pass by accident: a nested `{}` needs an object
 * (not `null`, a number or an array), and nested bytes are compared in full.
 *
 * @throws what a getter or an asymmetric matcher in the pattern throws.
 */
export function contains(value: unknown, pattern: unknown): boolean {
  const { equals, iterableEquality, subsetEquality } = loadEquality();
  // `=== true`: an asymmetric matcher may return anything, a promise too.
  return equals(value, pattern, [bytesEquality, recordEquality, iterableEquality, subsetEquality]) === true;
}

/** Loads what `contains` needs: called when an expectation is compiled, not when the first message comes. */
export function loadEquality(): ExpectUtils {
  expectUtils ??= loadExpectUtils();
  return expectUtils;
}

/** An object whose keys are compared one by one; not an array, bytes, Date, Map, Set, Error or asymmetric matcher. */
export function isRecordPattern(pattern: unknown): pattern is Readonly<Record<PropertyKey, unknown>> {
  return isRecord(pattern) && !isAsymmetricMatcher(pattern) && !wholeClasses.some((known) => pattern instanceof known);
}

/** An object that can have keys to compare: not null, no array, no bytes. */
export function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return isObject(value) && !Array.isArray(value) && !isBinary(value);
}

/** The object of `expect.objectContaining(object)`, so that it can be compared key by key; else the pattern itself. */
export function unwrapObjectContaining(pattern: unknown): unknown {
  if (!isAsymmetricMatcher(pattern) || !/^ObjectContaining\b/.test(pattern.toString())) return pattern;
  return 'sample' in pattern && isRecordPattern(pattern.sample) ? pattern.sample : pattern;
}

/** Prints what JSON cannot: asymmetric matchers, dates, maps, objects of classes. */
export function stringify(value: unknown): string {
  matcherUtils ??= loadMatcherUtils();
  return matcherUtils.stringify(value).replaceAll(/\s*\n\s*/g, ' ');
}

const plain = (text: string): string => text;

/** Lines of two texts: `-` only in the expected one, `+` only in the received one, without colours. */
export function diffLines(expected: string, received: string): string {
  matcherUtils ??= loadMatcherUtils();
  const printed = matcherUtils.diff(expected, received, {
    omitAnnotationLines: true,
    expand: false,
    contextLines: 3,
    aColor: plain,
    bColor: plain,
    changeColor: plain,
    commonColor: plain,
    patchColor: plain,
  });
  return (printed ?? '').replaceAll(/^@@ .* @@$/gm, '  …');
}

function loadExpectUtils(): ExpectUtils {
  return require('@jest/expect-utils');
}

function loadMatcherUtils(): MatcherUtils {
  return require('jest-matcher-utils');
}

const wholeClasses = [Date, Map, Set, Error, RegExp];

/** `subsetEquality` would take bytes for an object with numeric keys: `[1]` would be a part of `[1, 2]`. */
function bytesEquality(value: unknown, pattern: unknown): boolean | undefined {
  if (!isBinary(pattern)) return undefined;
  return isBinary(value) && bytesOf(value).equals(bytesOf(pattern));
}

/** `subsetEquality` looks at the pattern's keys alone: without keys, anything would do. */
function recordEquality(value: unknown, pattern: unknown): boolean | undefined {
  return isRecordPattern(pattern) && !isRecord(value) ? false : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
