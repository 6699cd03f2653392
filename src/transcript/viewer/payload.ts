import { bytesOfBase64 } from './gunzip.ts';
import type { FrameLine, PayloadText } from './lines.ts';

/** The text by which a frame is read and searched: of a close frame its code and reason, of bytes what a codec read. */
export function textOf(frame: FrameLine): string {
  if (frame.opcode === 'binary') return frame.value ?? '';
  if (frame.opcode === 'close') return frame.code === undefined ? '' : `${frame.code} ${frame.reason ?? ''}`.trimEnd();
  return frame.text ?? '';
}

/** The payload's bytes as far as they are in the page; where a secret was masked, those of the masked text. */
export function bytesOf(payload: PayloadText): Uint8Array {
  if (payload.base64 !== undefined) return bytesOfBase64(payload.base64);
  return new TextEncoder().encode(payload.text ?? '');
}

/** Bytes of a frame; those of a close frame begin with its code, RFC 6455 section 5.5.1. */
export function frameBytes(frame: FrameLine): Uint8Array {
  if (frame.opcode !== 'close') return bytesOf(frame);
  if (frame.code === undefined) return new Uint8Array();
  // Of a close frame `base64` has the bytes of the reason.
  const reason = frame.base64 === undefined ? bytesOf({ text: frame.reason ?? '' }) : bytesOf(frame);
  return Uint8Array.from([frame.code >> 8, frame.code & 0xff, ...reason]);
}

/** The JSON value of a text; `undefined` when it is not JSON. */
export function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
