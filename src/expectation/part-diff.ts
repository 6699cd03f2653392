import { contains, diffLines, isRecord, isRecordPattern, unwrapObjectContaining } from './equality.ts';
import { firstDifference } from './binary.ts';
import { print, printStringPair, shorten } from './print.ts';

/** Items of a received array that are shown beyond the expected ones. */
const shownExtraItems = 5;
/** Lines of a diff: a terminal's height. */
const mostLines = 60;
/** Characters of a text's line. */
const longestLine = 300;
/** Lines that are compared, from the first difference on: the time that a diff takes grows with their square. */
const comparedLines = 500;
/** Lines before the first difference that are shown. */
const contextLines = 3;

/**
 * Shows what a value lacks to contain the pattern: `-` was expected, `+` was received, keys in the user's order. What
 * the value has beyond the pattern is left out.
 */
export function diffParts(pattern: unknown, value: unknown): string {
  const sides = new DiffSides();
  sides.compare(pattern, value, { indent: '', label: '', end: '' });
  return diffBounded(sides.expected, sides.received);
}

/** Shows where two texts differ, line by line. */
export function diffTexts(expected: string, received: string): string {
  if (expected.includes('\n') || received.includes('\n')) {
    return diffBounded(linesOf(expected), linesOf(received));
  }
  const [expectedLine, receivedLine] = printStringPair(expected, received);
  return `- ${expectedLine}\n+ ${receivedLine}`;
}

/** Where a value stands: what is printed before and after it. */
interface Place {
  readonly indent: string;
  readonly label: string;
  readonly end: string;
}

/** Both sides are printed together, so that what belongs together has the same line. */
class DiffSides {
  readonly expected: string[] = [];
  readonly received: string[] = [];

  compare(written: unknown, value: unknown, place: Place): void {
    const pattern = unwrapObjectContaining(written);
    if (isRecordPattern(pattern) && isRecord(value)) return this.#records(pattern, value, place);
    if (Array.isArray(pattern) && Array.isArray(value)) return this.#arrays(pattern, value, place);
    if (accepts(value, pattern)) return this.#both(print(value), place);
    const texts =
      typeof pattern === 'string' && typeof value === 'string' ? printStringPair(pattern, value) : undefined;
    const [expected, received] = texts ?? [print(pattern), print(value)];
    this.#line(this.expected, expected, place);
    this.#line(this.received, received, place);
  }

  #records(
    pattern: Readonly<Record<PropertyKey, unknown>>,
    value: Readonly<Record<PropertyKey, unknown>>,
    at: Place,
  ): void {
    this.#both('{', { ...at, end: '' });
    for (const key of Object.keys(pattern)) {
      const place = { indent: `${at.indent}  `, label: `${JSON.stringify(key)}: `, end: ',' };
      if (key in value) this.compare(pattern[key], value[key], place);
      else this.#line(this.expected, print(pattern[key]), place);
    }
    this.#both('}', { ...at, label: '' });
  }

  #arrays(pattern: readonly unknown[], value: readonly unknown[], at: Place): void {
    const place = { indent: `${at.indent}  `, label: '', end: ',' };
    this.#both('[', { ...at, end: '' });
    const shared = Math.min(pattern.length, value.length);
    for (let index = 0; index < shared; index++) this.compare(pattern[index], value[index], place);
    for (const item of pattern.slice(shared)) this.#line(this.expected, print(item), place);
    const extra = value.slice(shared);
    for (const item of extra.slice(0, shownExtraItems)) this.#line(this.received, print(item), place);
    if (extra.length > shownExtraItems) {
      this.#line(this.received, `… ${extra.length - shownExtraItems} more items`, { ...place, end: '' });
    }
    this.#both(']', { ...at, label: '' });
  }

  #both(text: string, place: Place): void {
    this.#line(this.expected, text, place);
    this.#line(this.received, text, place);
  }

  #line(side: string[], text: string, { indent, label, end }: Place): void {
    side.push(`${indent}${label}${text}${end}`);
  }
}

/** An asymmetric matcher is the user's code. */
function accepts(value: unknown, pattern: unknown): boolean {
  try {
    return contains(value, pattern);
  } catch {
    return false;
  }
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => shorten(line, longestLine));
}

function diffBounded(expected: readonly string[], received: readonly string[]): string {
  const from = Math.max(expected.length, received.length) > comparedLines ? firstDifference(expected, received) : 0;
  const start = Math.max(0, from - contextLines);
  const compared = (lines: readonly string[]): string => lines.slice(start, start + comparedLines).join('\n');
  const lines = diffLines(compared(expected), compared(received)).split('\n');
  if (lines.length <= mostLines) return lines.join('\n');
  return [...lines.slice(0, mostLines), '… the rest is left out'].join('\n');
}
