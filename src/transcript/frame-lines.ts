import type { Direction } from '../frames/frame.ts';
import type { Opcode } from '../protocol/opcode.ts';
import type { FrameContents } from './frame-contents.ts';
import type { JsonBytes } from './json-bytes.ts';
import { maskStrings } from './mask-text.ts';
import type { Claim, FrameRecord } from './transcript-frames.ts';

/** Writes frames as lines of `websocket.jsonl`. What frames have in common is made once. */
export class FrameLines {
  readonly #contents: FrameContents;
  readonly #payloadBytes: number;
  readonly #heads = new Map<string, Uint8Array>();
  readonly #claims = new Map<Claim, Uint8Array>();
  readonly #stamp = new IsoStamp();

  /** @param payloadBytes Bytes of a payload that are written at most. */
  constructor(contents: FrameContents, payloadBytes: number) {
    this.#contents = contents;
    this.#payloadBytes = payloadBytes;
  }

  /** @param position Its place in the transcript, from 0. */
  write(frame: FrameRecord, position: number, out: JsonBytes): void {
    const { connection, direction, opcode } = frame;
    out.bytes(this.#heads.get(connection) ?? this.#head(connection));
    out.integer(frame.sequence);
    this.#stamp.write(frame.time, out);
    out.decimal(Math.round(frame.ms * 1000), 3);
    out.bytes(kinds[direction][opcode]);
    out.integer(frame.payload.length);
    if (frame.message !== undefined) {
      out.bytes(messageField);
      out.integer(frame.message);
    }
    this.#writeContent(frame, position, out);
    this.#writeNotes(frame, out);
    out.bytes(lineEnd);
  }

  #head(connection: string): Uint8Array {
    const name = JSON.stringify(this.#contents.maskText(connection));
    const head = Buffer.from(`{"type":"frame","connection":${name},"sequence":`);
    this.#heads.set(connection, head);
    return head;
  }

  #writeContent(frame: FrameRecord, position: number, out: JsonBytes): void {
    if (this.#contents.isPlain(frame, position, this.#payloadBytes)) {
      out.bytes(textField);
      return out.string(frame.payload);
    }
    const { base64, code, cut, masked, reason, text, value } = this.#contents.of(frame, this.#payloadBytes);
    const fields = JSON.stringify({ code, reason, text, base64, value, cut, masked }).slice(1, -1);
    if (fields !== '') out.text(`,${fields}`);
  }

  #writeNotes({ claimedBy, hiddenBy, isInvalid }: FrameRecord, out: JsonBytes): void {
    if (hiddenBy !== undefined) out.text(`,"hiddenBy":"${hiddenBy}"`);
    if (isInvalid) out.text(',"invalid":true');
    if (claimedBy !== undefined) out.bytes(this.#claims.get(claimedBy) ?? this.#claimField(claimedBy));
  }

  #claimField(claim: Claim): Uint8Array {
    // One claim may hold the frames of a whole wait.
    const field = Buffer.from(`,"claimedBy":${JSON.stringify(maskStrings(claim, this.#contents.maskText))}`);
    this.#claims.set(claim, field);
    return field;
  }
}

const messageField: Uint8Array = Buffer.from(',"message":');
const textField: Uint8Array = Buffer.from(',"text":');
const lineEnd: Uint8Array = Buffer.from('}\n');

type Kinds = Readonly<Record<Opcode, Uint8Array>>;

function kindsOf(direction: Direction): Kinds {
  const kind = (opcode: Opcode): Uint8Array => Buffer.from(`,"direction":"${direction}","opcode":"${opcode}","size":`);
  const [text, binary, ping, pong, close] = [kind('text'), kind('binary'), kind('ping'), kind('pong'), kind('close')];
  return { text, binary, ping, pong, close };
}

const kinds: Readonly<Record<Direction, Kinds>> = { sent: kindsOf('sent'), received: kindsOf('received') };

/** Wall-clock times as ISO 8601, up to `ms`: frames come many a second. */
class IsoStamp {
  #second = Number.NaN;
  #beginning: Uint8Array = Buffer.alloc(0);

  write(time: number, out: JsonBytes): void {
    const whole = Math.floor(time);
    const second = Math.floor(whole / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#beginning = Buffer.from(`,"time":"${new Date(second * 1000).toISOString().slice(0, -4)}`);
    }
    out.bytes(this.#beginning);
    out.integer(whole - second * 1000, 3);
    out.bytes(msField);
  }
}

const msField: Uint8Array = Buffer.from('Z","ms":');
