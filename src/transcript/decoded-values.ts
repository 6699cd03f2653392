import { decodeWith, type Codec } from '../frames/codec.ts';

/** A codec is the user's code, and here it runs once more: enough to read a conversation, too few to hold up the end. */
const mostValues = 2000;
const longestPayload = 64 * 1024;
const longestText = 256 * 1024;

/** What codecs read in binary messages, as JSON text; of the first 2,000 that are asked for. */
export class DecodedValues {
  #left = mostValues;

  /** `undefined` when it is none of these, when the codec refuses it, and when it is too large. */
  read(bytes: Buffer, codec: Codec): string | undefined {
    if (this.#left === 0 || bytes.length > longestPayload) return undefined;
    this.#left -= 1;
    const decoded = decodeWith(codec, { isBinary: true, bytes, text: bytes.toString('utf8') });
    return decoded.ok ? jsonText(decoded.value) : undefined;
  }
}

function jsonText(value: unknown): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(value, writable);
    return text === undefined || text.length > longestText ? undefined : text;
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
