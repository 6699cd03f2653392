import { mask } from './redact.ts';

/** The shortest text that is found. */
export const shortestText = 4;
/** Two bytes tell most places from those where nothing begins. */
const hashes = 2 ** 16;
/** More of them stand in no preview: a text of the peer's, in which nothing was cut. */
const mostCuts = 2000;

/** Texts that begin alike. */
interface Alike {
  readonly texts: Set<string>;
  /** Each length that one of them has, the longest first: what stands at a place is looked up once a length. */
  lengths: readonly number[];
}

/** Many texts to be found in others: the time does not depend on how many there are. */
export class TextIndex {
  /** Texts by their first characters. */
  readonly #byStart = new Map<string, Alike>();
  /** 1 where a text begins with characters of this hash. Made at the first text. */
  #starts: Uint8Array | undefined;
  #longest = 0;

  add(text: string): void {
    if (text.length < shortestText) return;
    const start = text.slice(0, shortestText);
    const alike = this.#byStart.get(start) ?? { texts: new Set(), lengths: [] };
    alike.texts.add(text);
    if (!alike.lengths.includes(text.length)) {
      alike.lengths = [...alike.lengths, text.length].toSorted((a, b) => b - a);
    }
    this.#byStart.set(start, alike);
    this.#starts ??= new Uint8Array(hashes);
    this.#starts[hashAt(text, 0)] = 1;
    this.#longest = Math.max(this.#longest, text.length);
  }

  /** Replaces each text that is found, by default with the mask. Of two that overlap the first one counts. */
  replace(text: string, fill: (length: number) => string = () => mask): string {
    let result = '';
    let done = 0;
    for (let at = this.#next(text, 0); at !== -1; at = this.#next(text, done)) {
      const length = this.#lengthAt(text, at);
      result += text.slice(done, at) + fill(length);
      done = at + length;
    }
    return done === 0 ? text : result + text.slice(done);
  }

  /** Replaces what is left of a text beside `…`, with which previews say that something was cut. */
  replaceCut(text: string): string {
    const parts = text.split('…');
    if (this.#starts === undefined || parts.length > mostCuts) return text;
    const last = parts.length - 1;
    return parts
      .map((part, index) => (index === 0 ? part : this.#withoutBeginning(part)))
      .map((part, index) => (index === last ? part : this.withoutEnd(part)))
      .join('…');
  }

  /** Replaces the beginning of a text with which another one ends; quotes and spaces may follow it. */
  withoutEnd(text: string, fill: (length: number) => string = () => mask): string {
    const { length } = text.trimEnd().replace(/" *$/, '');
    for (let at = Math.max(0, length - this.#longest); at <= length - shortestText; at++) {
      if (this.#starts?.[hashAt(text, at)] !== 1) continue;
      const end = text.slice(at, length);
      const texts = this.#byStart.get(text.slice(at, at + shortestText))?.texts ?? [];
      for (const known of texts) {
        if (known.startsWith(end)) return text.slice(0, at) + fill(end.length) + text.slice(length);
      }
    }
    return text;
  }

  /** `"rest of a text`, behind a cut. */
  #withoutBeginning(text: string): string {
    const [, before = '', part = ''] = /^( |")([^"\n]*)/.exec(text) ?? [];
    let left = 0;
    for (const { texts } of this.#byStart.values()) {
      for (const known of texts) left = Math.max(left, endInside(part.trimEnd(), known));
    }
    return left < shortestText ? text : before + mask + text.slice(before.length + left);
  }

  #next(text: string, from: number): number {
    const starts = this.#starts;
    if (starts === undefined) return -1;
    const last = text.length - shortestText;
    for (let at = from; at <= last; at++) {
      if (starts[hashAt(text, at)] === 1 && this.#lengthAt(text, at) > 0) return at;
    }
    return -1;
  }

  /** Length of the longest text that stands at a place; 0 when none does. */
  #lengthAt(text: string, at: number): number {
    const alike = this.#byStart.get(text.slice(at, at + shortestText));
    return alike?.lengths.find((length) => alike.texts.has(text.slice(at, at + length))) ?? 0;
  }
}

function hashAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) ^
      (text.charCodeAt(at + 1) << 4) ^
      (text.charCodeAt(at + 2) << 8) ^
      (text.charCodeAt(at + 3) << 12)) &
    (hashes - 1)
  );
}

/** How many characters of a part stand inside the known text, or end it. */
function endInside(part: string, known: string): number {
  if (part.length >= shortestText && known.includes(part)) return part.length;
  for (let length = Math.min(part.length, known.length); length >= shortestText; length--) {
    if (known.endsWith(part.slice(0, length))) return length;
  }
  return 0;
}
