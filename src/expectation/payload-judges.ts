import type { LoggedMessage } from '../frames/message.ts';
import { bytesOf, describeBytes, explainBytes, firstDifference } from './binary.ts';
import type { Judge } from './judge.ts';
import { diffTexts } from './part-diff.ts';
import { print } from './print.ts';
import { textSimilarity } from './similarity.ts';
import type { BinaryExpectation } from './types.ts';

/** Every data message will do. */
export class AnyMessageJudge implements Judge {
  readonly needsValue = false;
  readonly author = 'anyMessage';

  matches(): boolean {
    return true;
  }

  describe(): string {
    return 'any message';
  }

  explain(): string {
    return 'meets it: any message does';
  }

  nearness(): number {
    return 1;
  }
}

/** A text message with exactly this text. */
export class TextJudge implements Judge {
  readonly needsValue = false;
  readonly author = 'the text';
  readonly #text: string;
  readonly #size: number;

  constructor(text: string) {
    this.#text = text;
    this.#size = Buffer.byteLength(text);
  }

  matches(message: LoggedMessage): boolean {
    // The size is known without decoding: most messages that are not it end here.
    return !message.isBinary && message.size === this.#size && message.text === this.#text;
  }

  describe(): string {
    return print(this.#text);
  }

  explain(message: LoggedMessage): string {
    if (message.isBinary) return 'is binary, text was expected';
    return diffTexts(this.#text, message.text);
  }

  nearness(message: LoggedMessage): number {
    return message.isBinary ? 0 : textSimilarity(this.#text, message.text);
  }
}

/** A text message whose text matches. */
export class RegExpJudge implements Judge {
  readonly needsValue = false;
  readonly author = 'the RegExp';
  readonly #pattern: RegExp;

  constructor(pattern: RegExp) {
    // A copy: the user's own `lastIndex` is neither read nor moved.
    this.#pattern = new RegExp(pattern.source, pattern.flags);
  }

  matches(message: LoggedMessage): boolean {
    if (message.isBinary) return false;
    this.#pattern.lastIndex = 0;
    return this.#pattern.test(message.text);
  }

  describe(): string {
    return String(this.#pattern);
  }

  explain(message: LoggedMessage): string {
    if (message.isBinary) return 'is binary, text was expected';
    return `does not match ${this.describe()}: ${print(message.text)}`;
  }

  nearness(message: LoggedMessage): number {
    return message.isBinary ? 0 : 0.5;
  }
}

/** A binary message with exactly these bytes. */
export class BytesJudge implements Judge {
  readonly needsValue = false;
  readonly author = 'the bytes';
  readonly #bytes: Buffer;

  constructor(expected: BinaryExpectation) {
    // A copy: the user may fill the same buffer again.
    this.#bytes = Buffer.from(bytesOf(expected));
  }

  matches(message: LoggedMessage): boolean {
    return message.isBinary && message.size === this.#bytes.length && message.bytes.equals(this.#bytes);
  }

  describe(): string {
    return describeBytes(this.#bytes);
  }

  explain(message: LoggedMessage): string {
    if (!message.isBinary) return 'is text, binary was expected';
    return explainBytes(this.#bytes, message.bytes);
  }

  nearness(message: LoggedMessage): number {
    if (!message.isBinary) return 0;
    const longer = Math.max(this.#bytes.length, message.size);
    // Other bytes are still nearer than text: half for the kind, half for the shared beginning.
    return 0.5 + (longer === 0 ? 0.5 : firstDifference(this.#bytes, message.bytes) / longer / 2);
  }
}
