import { errorMessage } from '../support/errors.ts';
import { isRecordPattern, stringify } from './equality.ts';
import { describeBytes, bytesOf, isBinary } from './binary.ts';

/** Longest printed value in a failure, in characters: two lines of a wide terminal. */
const longestPrinted = 300;
const deepestPrinted = 20;
/** Characters shown before the first difference of two long strings. */
const contextBefore = 30;

/** One line, in the order that the user wrote: `{"type": "x", "id": Any<Number>}`. Never throws; cut when long. */
export function print(value: unknown, limit: number = longestPrinted): string {
  try {
    return shorten(new Printer().print(value, 0), limit);
  } catch (error) {
    return `<cannot be printed: ${shorten(errorMessage(error), 80)}>`;
  }
}

/** Cuts a text and says how much was cut. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}… (${text.length - limit} more characters)`;
}

/** Both strings in quotes; of long ones the part around the first difference. */
export function printStringPair(expected: string, received: string): readonly [string, string] {
  if (Math.max(expected.length, received.length) <= longestPrinted) return [print(expected), print(received)];
  let same = 0;
  while (same < expected.length && expected[same] === received[same]) same++;
  const from = Math.max(0, same - contextBefore);
  return [printFrom(expected, from), printFrom(received, from)];
}

function printFrom(text: string, from: number): string {
  const part = text.slice(from, from + longestPrinted);
  const rest = text.length - from - part.length;
  return `${from > 0 ? '…' : ''}${JSON.stringify(part)}${rest > 0 ? `… (${rest} more characters)` : ''}`;
}

/** Prints a bounded number of values: a message may hold a million. */
class Printer {
  #left = longestPrinted;

  print(value: unknown, depth: number): string {
    this.#left--;
    if (typeof value === 'string') return JSON.stringify(shorten(value, longestPrinted * 4));
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    if (typeof value === 'function') return '[Function]';
    if (typeof value !== 'object' || value === null) return String(value);
    return depth > deepestPrinted ? '…' : this.#object(value, depth);
  }

  #object(value: object, depth: number): string {
    if (isBinary(value)) return describeBytes(bytesOf(value));
    if (Array.isArray(value)) return `[${this.#within(value, (item) => this.print(item, depth + 1))}]`;
    if (!isRecordPattern(value) || !isPlain(value)) return stringify(value);
    const member = (key: string): string => `${JSON.stringify(key)}: ${this.print(value[key], depth + 1)}`;
    return `{${this.#within(Object.keys(value), member)}}`;
  }

  #within<Part>(parts: readonly Part[], printPart: (part: Part) => string): string {
    const printed: string[] = [];
    for (const part of parts) {
      if (this.#left <= 0) return [...printed, '…'].join(', ');
      printed.push(printPart(part));
    }
    return printed.join(', ');
  }
}

/** Object literals and parsed JSON, of whatever realm. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
}
