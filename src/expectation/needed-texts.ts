/** More would cost more than they save: the first ones tell most messages apart. */
const mostTexts = 3;
/** Texts that are kept: tests wait for the same types again and again. */
const mostRecent = 200;
/** Each in a list of its own: most patterns have one text, and expectations are kept for the evidence. */
const recent = new Map<string, readonly [Buffer]>();
const none: readonly Buffer[] = [];

/**
 * Texts that the JSON of every value has which contains a pattern: the strings among the members of an object. JSON may
 * write a character of a string as an escape, so a text without a backslash and without one of these cannot meet the
 * pattern. Empty for what such texts do not tell.
 */
export function neededTexts(pattern: object): readonly Buffer[] {
  let texts = none;
  for (const name of Object.keys(pattern)) {
    // A getter is the user's code, and runs when a message is judged.
    const value: unknown = Object.getOwnPropertyDescriptor(pattern, name)?.value;
    if (typeof value !== 'string' || texts.length === mostTexts) continue;
    const text = neededText(value);
    if (text !== undefined) texts = texts.length === 0 ? text : [...texts, ...text];
  }
  return texts;
}

/** A string as JSON writes it; `undefined` where it may be written in several ways. */
function neededText(value: string): readonly [Buffer] | undefined {
  const known = recent.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  if (text.includes('\\')) return undefined;
  if (recent.size === mostRecent) recent.clear();
  const bytes: readonly [Buffer] = [Buffer.from(text)];
  recent.set(value, bytes);
  return bytes;
}
