import { decode, encode } from '@msgpack/msgpack';
import type { EncodedMessage } from '../../src/frames/codec.ts';

/** A codec of another library: MessagePack. */
export function pack(value: unknown): Uint8Array {
  return encode(value);
}

export function unpack(message: EncodedMessage): unknown {
  return decode(message.bytes);
}
