import { isRecordPattern } from './equality.ts';

/** More would cost more than they save: the first ones tell most messages apart. */
const mostTexts = 3;
/** Texts that are kept: tests wait for the same types again and again. */
const mostRecent = 200;
const recent = new Map<string, Buffer>();
const none: readonly Buffer[] = [];

/**
 * Texts that the JSON of every value has which contains a pattern: the strings among the members of an object. JSON may
 * write a character of a string as an escape, so a text without a backslash and without one of these cannot meet the
 * pattern. Empty for what such texts do not tell.
 */
export function neededTexts(pattern: unknown): readonly Buffer[] {
  if (!isRecordPattern(pattern)) return none;
  const texts: Buffer[] = [];
  for (const name of Object.keys(pattern)) {
    // A getter is the user's code, and runs when a message is judged.
    const value: unknown = Object.getOwnPropertyDescriptor(pattern, name)?.value;
    if (typeof value !== 'string' || texts.length === mostTexts) continue;
    const text = neededText(value);
    if (text !== undefined) texts.push(text);
  }
  return texts.length === 0 ? none : texts;
}

/** A string as JSON writes it; `undefined` where it may be written in several ways. */
function neededText(value: string): Buffer | undefined {
  const known = recent.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  if (text.includes('\\')) return undefined;
  if (recent.size === mostRecent) recent.clear();
  const bytes = Buffer.from(text);
  recent.set(value, bytes);
  return bytes;
}
