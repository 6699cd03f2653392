import { isUtf8 } from 'node:buffer';
import { DecodedValues } from './decoded-values.ts';
import type { MaskText } from './mask-text.ts';
import { bytesFields, hiddenBytes, textFields, type PayloadFields } from './payload-fields.ts';
import type { FrameRecord } from './transcript-frames.ts';

/** A payload as lines have it: masked, cut, decoded. */
export interface FrameContent extends PayloadFields {
  /** Of a close frame, RFC 6455 section 5.5.1. */
  readonly code?: number;
  readonly reason?: string;
  /** Of a binary message: what the codec of its client read, as JSON text. */
  readonly value?: string;
}

export interface ContentsOptions {
  /** Whether the codecs of clients read their binary messages. */
  readonly decodes?: boolean | undefined;
}

/** Masks and cuts the payloads of one transcript, for one format or for several. */
export class FrameContents {
  readonly maskText: MaskText;
  readonly #values: DecodedValues | undefined;
  /** What was found out about each frame, by its position: to mask a text takes longer than to write it. */
  #verdicts: Uint8Array;

  /** @param frames How many there are. */
  constructor(maskText: MaskText, frames: number, { decodes = true }: ContentsOptions = {}) {
    this.maskText = maskText;
    this.#values = decodes ? new DecodedValues() : undefined;
    this.#verdicts = new Uint8Array(frames);
  }

  /** Whether a payload can be written as it is: UTF-8 text, within the limit, without a secret. */
  isPlain(frame: FrameRecord, position: number, payloadBytes: number): boolean {
    if (frame.opcode !== 'text' || frame.payload.length > payloadBytes) return false;
    if (this.#verdicts[position] === unknown) this.#verdicts[position] = this.#judge(frame);
    return this.#verdicts[position] === plain;
  }

  /** @param payloadBytes Bytes of a payload that are written at most. */
  of(frame: FrameRecord, payloadBytes: number): FrameContent {
    const { opcode, payload } = frame;
    const limits = { payloadBytes, maskText: this.maskText };
    if (opcode === 'close') return closeContent(payload, limits);
    if (opcode !== 'binary') return textFields(payload, limits);
    const value = this.#values?.of(frame);
    if (value === undefined) return bytesFields(payload, limits);
    const masked = this.maskText(value);
    // In the bytes the secret may have any form.
    const shown = masked === value ? bytesFields(payload, limits) : hiddenBytes(payload, limits);
    return { ...shown, value: masked };
  }

  #judge({ index, log, payload }: FrameRecord): number {
    if (this.maskText.isHarmless?.(log, index) === true) return plain;
    const text = payload.toString('utf8');
    if (this.maskText(text) !== text) return special;
    // U+FFFD stands for what is not UTF-8; a text may contain it by itself.
    return !text.includes('\uFFFD') || isUtf8(payload) ? plain : special;
  }
}

const unknown = 0;
const plain = 1;
const special = 2;

function closeContent(payload: Buffer, limits: Parameters<typeof textFields>[1]): FrameContent {
  if (payload.length < 2) return {};
  const { text, ...fields } = textFields(payload.subarray(2), limits);
  return { code: payload.readUInt16BE(), reason: text ?? '', ...fields };
}
