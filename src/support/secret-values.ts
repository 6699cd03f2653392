import { secretForms } from './secret-forms.ts';
import { TextIndex } from './text-index.ts';

/** A shorter value stands in texts by chance. */
const shortestLearned = 6;

/** What stands in the place of secrets and is none; masked everywhere it would hide the rest. */
const commonWords: ReadonlySet<string> = new Set(
  `access_token accesstoken active anonymous api-key api_key apikey authorization authentication bearer boolean cookie
  credentials default deleted disabled enabled expired invalid missing number object optional passphrase password
  required revoked secret session string success ticket undefined unknown username`.split(/\s+/),
);

/** Secrets by their values, found in every form in which they may be written. */
export class SecretValues {
  readonly #known = new Set<string>();
  readonly #texts = new TextIndex();
  /** Bytes as texts of Latin-1. */
  readonly #bytes = new TextIndex();

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** Masks this value from now on wherever it stands, unless it is too short or too common for that. */
  learn(value: string): void {
    if (value.length >= shortestLearned && !isCommon(value)) this.add(value);
  }

  /** Masks this value from now on wherever it stands. */
  add(value: string): void {
    if (this.#known.has(value)) return;
    this.#known.add(value);
    for (const form of secretForms(value)) {
      this.#texts.add(form);
      this.#bytes.add(Buffer.from(form).toString('latin1'));
    }
  }

  mask(text: string): string {
    if (this.#known.size === 0) return text;
    const masked = this.#texts.replace(text);
    return masked.includes('…') ? this.#texts.replaceCut(masked) : masked;
  }

  /** As many bytes, those of secrets overwritten. */
  maskBytes(payload: Buffer, isCut: boolean): Buffer {
    if (this.#known.size === 0) return payload;
    const text = payload.toString('latin1');
    const masked = this.#bytes.replace(text, stars);
    const whole = isCut ? this.#bytes.withoutEnd(masked, stars) : masked;
    return whole === text ? payload : Buffer.from(whole, 'latin1');
  }
}

function isCommon(value: string): boolean {
  return /^-?(?:\d{1,7}|\d*\.\d+(?:e[+-]?\d+)?)$/i.test(value) || commonWords.has(value.toLowerCase());
}

function stars(length: number): string {
  return '*'.repeat(length);
}
