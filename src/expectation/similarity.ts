import { contains, isRecord, isRecordPattern, unwrapObjectContaining } from './equality.ts';

/** Characters of a text that are compared: similarity ranks, it does not judge. */
const comparedCharacters = 500;
/** Items of an array, and keys of an object, that are compared. */
const comparedParts = 100;
/** A key that is there with another value is nearer than a missing one. */
const keyPresent = 0.2;
/** Another number is nearer to a number than an object is. */
const sameType = 0.1;
/** The first key that a user writes mostly says what kind of message it is: `{ type: …, id: … }`. */
const firstKeyWeight = 1.5;

/** How much of the pattern a value contains, 0 to 1. */
export function partSimilarity(written: unknown, value: unknown): number {
  const pattern = unwrapObjectContaining(written);
  if (isRecordPattern(pattern) && isRecord(value)) return recordSimilarity(pattern, value);
  if (Array.isArray(pattern) && Array.isArray(value)) return arraySimilarity(pattern, value);
  if (contains(value, pattern)) return 1;
  if (typeof pattern === 'string' && typeof value === 'string') return sameType + textSimilarity(pattern, value) / 2;
  return typeof pattern === typeof value && typeof pattern !== 'object' ? sameType : 0;
}

/** Share of neighbouring pairs of characters that two texts have in common (Dice's coefficient), 0 to 1. */
export function textSimilarity(first: string, second: string): number {
  if (first === second) return 1;
  const pairs = countPairs(first);
  const others = countPairs(second);
  let common = 0;
  for (const [pair, count] of pairs) common += Math.min(count, others.get(pair) ?? 0);
  const all = sum(pairs) + sum(others);
  return all === 0 ? 0 : (2 * common) / all;
}

function recordSimilarity(
  pattern: Readonly<Record<PropertyKey, unknown>>,
  value: Readonly<Record<PropertyKey, unknown>>,
): number {
  const keys = Object.keys(pattern).slice(0, comparedParts);
  let met = 0;
  let all = 0;
  for (const [index, key] of keys.entries()) {
    const weight = index === 0 ? firstKeyWeight : 1;
    if (key in value) met += weight * (keyPresent + (1 - keyPresent) * partSimilarity(pattern[key], value[key]));
    all += weight;
  }
  return all === 0 ? 1 : met / all;
}

function arraySimilarity(pattern: readonly unknown[], value: readonly unknown[]): number {
  const longer = Math.max(pattern.length, value.length);
  if (longer === 0) return 1;
  const compared = pattern.slice(0, Math.min(value.length, comparedParts));
  const met = compared.reduce<number>((total, item, index) => total + partSimilarity(item, value[index]), 0);
  return met / Math.min(longer, comparedParts);
}

function countPairs(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  const end = Math.min(text.length, comparedCharacters) - 1;
  for (let index = 0; index < end; index++) {
    const pair = text.slice(index, index + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function sum(pairs: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of pairs.values()) total += count;
  return total;
}
