import { decodeWith, type Codec } from '../frames/codec.ts';
import type { FrameRecord } from './transcript-frames.ts';

/** A codec is the user's code, and here it runs once more: enough to read a conversation, too few to hold up the end. */
const mostValues = 2000;
const longestPayload = 64 * 1024;
const longestText = 256 * 1024;
/** Characters of all values together: they are kept until the last format is written. */
const mostCharacters = 32 * 1024 * 1024;

/** What codecs read in binary messages, as JSON text; of the first 2,000 that are asked for, once each. */
export class DecodedValues {
  /** By sequence number: several formats ask for the same ones. */
  readonly #read = new Map<number, string | undefined>();
  #room = mostCharacters;

  /** `undefined` of what was sent, without a codec, when the codec refuses it, and when it is too large. */
  of({ codec, direction, payload, sequence }: FrameRecord): string | undefined {
    if (direction === 'sent' || codec === undefined || payload.length > longestPayload) return undefined;
    if (!this.#read.has(sequence) && this.#read.size < mostValues)
      this.#read.set(sequence, this.#decode(payload, codec));
    return this.#read.get(sequence);
  }

  #decode(bytes: Buffer, codec: Codec): string | undefined {
    const decoded = decodeWith(codec, { isBinary: true, bytes, text: bytes.toString('utf8') });
    const text = decoded.ok ? jsonText(decoded.value) : undefined;
    if (text === undefined || text.length > Math.min(longestText, this.#room)) return undefined;
    this.#room -= text.length;
    return text;
  }
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, writable);
  } catch {
    // A ring, or a `toJSON` of the user's that throws.
    return undefined;
  }
}

/** What binary formats have and JSON has not. */
function writable(this: unknown, key: string, written: unknown): unknown {
  // Before `toJSON`, which makes an object of a Buffer.
  const value: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : written;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : written;
}
