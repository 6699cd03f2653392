/**
 * Turns values into payloads and back.
 *
 * @example MessagePack
 * ```ts
 * import { decode, encode } from '@msgpack/msgpack';
 *
 * const feed = await ws.connect('/feed', { codec: { encode, decode: (message) => decode(message.bytes) } });
 * ```
 */
export interface Codec {
  /** Returns text for a text frame, bytes for a binary one. */
  encode(value: unknown): string | Uint8Array;
  /** Called once a message, when its `value` is first needed. Throwing makes the message a violation. */
  decode(message: EncodedMessage): unknown;
}

/** A message before it is decoded. */
export interface EncodedMessage {
  readonly isBinary: boolean;
  readonly text: string;
  readonly bytes: Buffer;
}

/** The value of a message: a codec's result, or why there is none. */
export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** Without a codec: the parsed JSON; the text when it is not JSON; the bytes of a binary message. */
export function decodeJson(message: EncodedMessage): Decoded {
  if (message.isBinary) return { ok: true, value: message.bytes };
  const text = message.text;
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // Text that is not JSON is no error: it is its own value.
    return { ok: true, value: text };
  }
}

/** A codec is the user's code: it never runs unguarded. */
export function decodeWith(codec: Codec | undefined, message: EncodedMessage): Decoded {
  if (codec === undefined) return decodeJson(message);
  try {
    return { ok: true, value: codec.decode(message) };
  } catch (error) {
    return { ok: false, error };
  }
}
