/**
 * Characters that draw nothing, or that change how others are drawn: controls, bidirectional marks and overrides,
 * zero-width and line-separating ones, lone surrogates, noncharacters, tags.
 */
const invisible =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]|\p{Cs}|[\u{E0000}-\u{E007F}]/gu;

/** Whether a character of a text would not be seen as what it is; tabs and line feeds are seen. */
export function hasInvisible(text: string): boolean {
  for (const { isName } of visibleRuns(text)) if (isName) return true;
  return false;
}

/** One run of a text: as it is, or the name of one character that would not be seen. */
export interface TextRun {
  readonly text: string;
  /** Whether `text` stands for a character: `U+202E`. */
  readonly isName: boolean;
}

/** Splits a text, so that nothing in it can hide or turn around what stands beside it. Tabs and line feeds stay. */
export function* visibleRuns(text: string): Generator<TextRun, void, undefined> {
  let start = 0;
  for (const { 0: character, index } of text.matchAll(invisible)) {
    if (isLayout(character)) continue;
    if (index > start) yield { text: text.slice(start, index), isName: false };
    yield { text: nameOf(character), isName: true };
    start = index + character.length;
  }
  if (start < text.length) yield { text: text.slice(start), isName: false };
}

/** A text on one line with every invisible character replaced: controls by their pictures, others by their names. */
export function visibleLine(text: string): string {
  return text.replaceAll(invisible, replaced);
}

/** The same for a text of several lines. */
export function visibleLines(text: string): string {
  return text.replaceAll(invisible, (character) => (character === '\n' ? character : replaced(character)));
}

function replaced(character: string): string {
  return pictureOf(character) ?? `⟨${nameOf(character)}⟩`;
}

function isLayout(character: string): boolean {
  return character === '\n' || character === '\t';
}

/** Unicode has a picture of each ASCII control: ␀ … ␟, ␡. */
function pictureOf(character: string): string | undefined {
  const code = character.charCodeAt(0);
  if (code === 0x7f) return '␡';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : undefined;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
