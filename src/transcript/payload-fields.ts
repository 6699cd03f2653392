import { isUtf8 } from 'node:buffer';
import type { MaskText } from './mask-text.ts';

/** A payload as a line of `websocket.jsonl` has it. */
export interface PayloadFields {
  /** Of text; bytes that are not UTF-8 are U+FFFD. */
  readonly text?: string;
  /** The bytes, where `text` does not tell them. */
  readonly base64?: string;
  /** Bytes that were left out behind what is written. */
  readonly cut?: number;
  /** Whether a secret was masked: text and size differ then; bytes keep their number. */
  readonly masked?: true;
}

export interface PayloadLimits {
  /** Bytes that are written at most. */
  readonly payloadBytes: number;
  readonly maskText: MaskText;
}

/** Text as text, and also as base64 when it is not valid UTF-8. */
export function textFields(payload: Buffer, limits: PayloadLimits): PayloadFields {
  const shown = payload.subarray(0, textEnd(payload, limits.payloadBytes));
  const text = shown.toString('utf8');
  const isCut = shown.length < payload.length;
  // So that the first part of a secret before the cut is masked too.
  const masked = isCut ? limits.maskText(`${text}…`).replace(/…$/, '') : limits.maskText(text);
  const cut = cutField(payload.length - shown.length);
  // The bytes would show what the text hides.
  if (masked !== text) return { text: masked, ...cut, masked: true };
  // A valid text may contain U+FFFD itself; only then are the bytes looked at.
  if (!text.includes('\uFFFD') || isUtf8(shown)) return { text, ...cut };
  return { text, base64: shown.toString('base64'), ...cut };
}

export function bytesFields(payload: Buffer, { maskText, payloadBytes }: PayloadLimits): PayloadFields {
  const shown = payload.subarray(0, payloadBytes);
  const masked = maskText.bytes?.(shown, shown.length < payload.length) ?? shown;
  const cut = cutField(payload.length - shown.length);
  return { base64: masked.toString('base64'), ...cut, ...(masked === shown ? {} : { masked: true }) };
}

/** As many bytes, none of them as it was. */
export function hiddenBytes(payload: Buffer, { payloadBytes }: PayloadLimits): PayloadFields {
  const shown = Buffer.alloc(Math.min(payload.length, payloadBytes), '*');
  return { base64: shown.toString('base64'), ...cutField(payload.length - shown.length), masked: true };
}

/** Where to cut a text so that its last character stays whole. A character has at most three continuation bytes. */
function textEnd(payload: Buffer, limit: number): number {
  if (payload.length <= limit) return payload.length;
  for (let end = limit; end >= Math.max(0, limit - 3); end--) if (!isContinuation(payload[end])) return end;
  return limit;
}

function isContinuation(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}

function cutField(cut: number): { readonly cut?: number } {
  return cut === 0 ? {} : { cut };
}
