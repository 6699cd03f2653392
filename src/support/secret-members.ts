import { mask } from './redact.ts';

/** A value in a text that has a name: `"token":"abc"`, `token: "abc"`, also in JSON that is a string of JSON. */
export interface Member {
  readonly name: string;
  /** Decoded. */
  readonly value: string;
  /** Its place in the text: a string without its quotes. */
  readonly from: number;
  readonly to: number;
  /** What stands in its place: a number becomes a string, so that JSON stays JSON. */
  readonly masked: string;
}

/** A name, its quotes with the backslashes before them, and the colon. Bounded, so that any text costs linear time. */
const nameBefore = /(\\{0,7})(["'])([^"'\\\n]{1,128})\1\2\s{0,8}:\s{0,8}|\b([A-Za-z_$][\w$-]{0,127})\s{0,8}:\s{0,8}/g;
const number = /-?\d[\d.eE+-]*/y;
const openers = '{[(';
const closers = '}])';

/** The values of secret names, all values inside when such a value is an object or a list. True, false and null are none. */
export function* secretMembers(text: string, isSecret: (name: string) => boolean): Generator<Member> {
  const names = new RegExp(nameBefore);
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    const [, backslashes = '', , quoted, bare = ''] = found;
    const name = quoted ?? bare;
    if (!isSecret(name)) continue;
    const reader = new Reader(text, names.lastIndex, backslashes.length);
    yield* reader.values(name);
    names.lastIndex = Math.max(names.lastIndex, reader.at);
  }
}

/** Masks members of a text; they come in the order of their places. */
export function maskMembers(text: string, members: Iterable<Member>): string {
  let result = '';
  let done = 0;
  for (const { from, masked, to } of members) {
    result += text.slice(done, from) + masked;
    done = to;
  }
  return done === 0 ? text : result + text.slice(done);
}

/** Reads one value, as far as the text has it. */
class Reader {
  at: number;
  readonly #text: string;
  /** Backslashes before each quote: 0 in JSON, 1 in a string of JSON, 3 in a string in that. */
  readonly #backslashes: number;

  constructor(text: string, at: number, backslashes: number) {
    this.#text = text;
    this.at = text[at] === '…' ? at + 1 : at;
    this.#backslashes = backslashes;
  }

  *values(name: string): Generator<Member> {
    const first = this.#text[this.at];
    if (first !== undefined && openers.includes(first)) yield* this.#inside(name);
    else yield* this.#leaf(name);
  }

  /** Up to the bracket that closes the first one; in a text that was cut, to the end of its line. */
  *#inside(name: string): Generator<Member> {
    let depth = 0;
    let isCut = false;
    while (this.at < this.#text.length) {
      const character = this.#text[this.at];
      if (character === '…') isCut = true;
      if (isCut && character === '\n') return;
      if (openers.includes(character)) depth += 1;
      if (closers.includes(character)) depth -= 1;
      const before = this.at;
      yield* this.#leaf(name);
      if (this.#text.slice(before, this.at).includes('…')) isCut = true;
      if (this.at === before) this.at += 1;
      if (depth === 0) return;
    }
  }

  *#leaf(name: string): Generator<Member> {
    const member = this.#string(name) ?? this.#number(name);
    // A name inside an object.
    if (member === undefined || /^\s{0,8}:/.test(this.#text.slice(this.at, this.at + 9))) return;
    if (member.from < member.to) yield member;
  }

  #string(name: string): Member | undefined {
    const quote = this.#text[this.at + this.#backslashes];
    const opening = '\\'.repeat(this.#backslashes) + quote;
    if ((quote !== '"' && quote !== "'") || !this.#text.startsWith(opening, this.at)) return undefined;
    const from = this.at + opening.length;
    const to = this.#end(from, quote);
    this.at = this.#text.startsWith(opening, to) ? to + opening.length : to;
    const value = unescaped(this.#text.slice(from, to), this.#backslashes);
    return { name, value, from, to, masked: mask };
  }

  /** The end of a string: before its quote, or where the line ends when it was cut. */
  #end(from: number, quote: string): number {
    const line = this.#text.indexOf('\n', from);
    const last = line === -1 ? this.#text.length : line;
    const period = 2 * (this.#backslashes + 1);
    for (let at = this.#text.indexOf(quote, from); at !== -1 && at < last; at = this.#text.indexOf(quote, at + 1)) {
      let before = 0;
      while (at - before > from && this.#text[at - before - 1] === '\\') before += 1;
      if (before % period === this.#backslashes) return at - this.#backslashes;
    }
    return last;
  }

  #number(name: string): Member | undefined {
    number.lastIndex = this.at;
    const [value] = number.exec(this.#text) ?? [];
    if (value === undefined || /[\w.]/.test(this.#text[this.at - 1] ?? '')) return undefined;
    const from = this.at;
    this.at += value.length;
    const quote = `${'\\'.repeat(this.#backslashes)}"`;
    return { name, value, from, to: this.at, masked: `${quote}${mask}${quote}` };
  }
}

function unescaped(text: string, backslashes: number): string {
  let value = text;
  for (let left = backslashes; left >= 0 && value.includes('\\'); left = left === 0 ? -1 : (left - 1) / 2) {
    try {
      value = String(JSON.parse(`"${value}"`));
    } catch {
      // Not JSON, or cut: what is written is what is looked for.
      return value;
    }
  }
  return value;
}
