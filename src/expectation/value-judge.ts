import type { LoggedMessage } from '../frames/message.ts';
import { isBinary } from './binary.ts';
import { contains, isAsymmetricMatcher, isRecordPattern, loadEquality } from './equality.ts';
import { containsFlat, isPlainObject, type FlatPattern } from './flat.ts';
import type { Judge } from './judge.ts';
import { diffParts } from './part-diff.ts';
import { print } from './print.ts';
import { neededTexts } from './needed-texts.ts';
import { partSimilarity } from './similarity.ts';

/** A message whose value contains the object or array, equals the number, boolean or null, or pleases the matcher. */
export class ValueJudge implements Judge {
  readonly needsValue = true;
  readonly author = 'the expectation';
  readonly #expected: unknown;
  readonly #flat: FlatPattern | undefined;
  /** What the JSON text of every message that meets it has in it. */
  readonly #needles: readonly Buffer[];

  /** @param flat The same, when it is flat: judged at a glance. */
  constructor(expected: unknown, flat?: FlatPattern) {
    this.#expected = expected;
    this.#flat = flat;
    const members = flat ?? (isRecordPattern(expected) ? expected : undefined);
    this.#needles = members === undefined ? none : neededTexts(members);
    loadEquality();
  }

  excludes(message: LoggedMessage): boolean {
    return this.#needles.some((needle) => message.lacks(needle));
  }

  matches(message: LoggedMessage): boolean {
    const { value } = message;
    if (this.#flat !== undefined && isPlainObject(value)) return containsFlat(value, this.#flat);
    return contains(value, this.#expected);
  }

  describe(): string {
    return print(this.#expected, longestDescription);
  }

  explain(message: LoggedMessage): string {
    const { value } = message;
    // An asymmetric matcher may accept any value; everything else here needs JSON, or what a codec makes of bytes.
    if (!isAsymmetricMatcher(this.#expected)) {
      if (message.isBinary && isBinary(value)) return `is binary, ${print(this.#expected)} was expected`;
      if (value === message.text) return `is not JSON: ${print(value)}`;
    }
    return diffParts(this.#expected, value);
  }

  nearness(message: LoggedMessage): number {
    return partSimilarity(this.#expected, message.value);
  }
}

const none: readonly Buffer[] = [];

/** Characters: the diff below it shows the rest. */
const longestDescription = 600;
