import type { Codec } from '../frames/codec.ts';
import { errorMessage, misuse } from '../support/errors.ts';

/** Data as it goes on the wire. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly isBinary: boolean;
}

const sendable = 'text, bytes (Buffer, ArrayBuffer, typed array, Blob), or an object, array, number, boolean or null';

/** Encodes what a user passed to `send`. A Blob's bytes come later. */
export function toPayload(data: unknown, codec: Codec | undefined): Payload | Promise<Payload> {
  // Its JSON would be `{}`: nobody means that.
  if (data instanceof Promise)
    throw misuse('WS_INVALID_ARGUMENT', `Cannot send a promise: await it first\n  Write send(await data).`);
  if (typeof data === 'string') return textPayload(data);
  const bytes = toBytes(data);
  if (bytes !== undefined) return { bytes, isBinary: true };
  if (data instanceof Blob)
    return data.arrayBuffer().then((buffer) => ({ bytes: Buffer.from(buffer), isBinary: true }));
  return encode(data, codec);
}

/** The bytes of binary data; `undefined` for everything else. The record must not change with the user's array. */
function toBytes(data: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(data)) return Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return Buffer.from(Buffer.from(data));
  return undefined;
}

function encode(data: unknown, codec: Codec | undefined): Payload {
  const encoded = codec === undefined ? encodeJson(data) : encodeWith(codec, data);
  return typeof encoded === 'string' ? textPayload(encoded) : { bytes: Buffer.from(encoded), isBinary: true };
}

function encodeWith(codec: Codec, data: unknown): string | Uint8Array {
  const encoded: unknown = codec.encode(data);
  if (typeof encoded === 'string' || encoded instanceof Uint8Array) return encoded;
  throw misuse('WS_INVALID_ARGUMENT', `Cannot send: codec.encode returned ${typeof encoded}, expected text or bytes`);
}

function encodeJson(data: unknown): string {
  if (data === undefined || typeof data === 'function' || typeof data === 'symbol') {
    throw misuse('WS_INVALID_ARGUMENT', `Cannot send ${typeof data}: expected ${sendable}`);
  }
  try {
    const json: unknown = JSON.stringify(data);
    if (typeof json === 'string') return json;
  } catch (error) {
    throw misuse('WS_INVALID_ARGUMENT', `Cannot send a value that is not JSON: ${errorMessage(error)}`);
  }
  throw misuse('WS_INVALID_ARGUMENT', `Cannot send a value whose JSON is empty: expected ${sendable}`);
}

function textPayload(text: string): Payload {
  return { bytes: Buffer.from(text, 'utf8'), isBinary: false };
}
