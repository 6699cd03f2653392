import { isUtf8 } from 'node:buffer';

/** What a server sent, as RFC 6455 reads its bytes. */
export interface Decoded {
  /** `text 68656c6c6f`: kind and payload in hex, up to the end of the bytes, a close frame or a violation. */
  readonly frames: readonly string[];
  readonly end: DecodedEnd;
}

export type DecodedEnd =
  | { readonly kind: 'open' }
  | { readonly kind: 'close'; readonly code: number | undefined; readonly reason: Buffer }
  /** What the server is to be told. */
  | { readonly kind: 'violation'; readonly code: number };

export interface DecoderLimits {
  readonly maxPayload: number;
  readonly maxFragments: number;
}

interface Header {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly length: number;
  /** Where the payload begins. */
  readonly start: number;
}

/** A message of which fragments have come. */
interface Begun {
  readonly isText: boolean;
  readonly parts: Buffer[];
}

/** Bytes of a length that is not in the second byte, section 5.2. */
const lengthBytes: ReadonlyMap<number, number> = new Map([
  [126, 2],
  [127, 8],
]);

const control: ReadonlyMap<number, string> = new Map([
  [8, 'close'],
  [9, 'ping'],
  [10, 'pong'],
]);

/**
 * Decodes all bytes at once, section by section of RFC 6455; no compression. Slow and plain: what a client under test is
 * compared with.
 */
export function decodeServerBytes(bytes: Buffer, limits: DecoderLimits): Decoded {
  const frames: string[] = [];
  let begun: Begun | undefined;
  let at = 0;
  const ended = (end: DecodedEnd): Decoded => ({ frames, end });
  for (;;) {
    if (bytes.length - at < 2) return ended({ kind: 'open' });
    if (breaksHeader(bytes, at, begun)) return ended({ kind: 'violation', code: 1002 });
    const header = readHeader(bytes, at);
    if (header === undefined) return ended({ kind: 'open' });
    if (isTooLong(header, begun, limits)) return ended({ kind: 'violation', code: 1009 });
    if (bytes.length < header.start + header.length) return ended({ kind: 'open' });
    const payload = bytes.subarray(header.start, header.start + header.length);
    at = header.start + header.length;
    const kind = control.get(header.opcode);
    if (kind === 'close') return endedBy(payload, ended);
    if (kind !== undefined) {
      frames.push(shown(kind, payload));
      continue;
    }
    begun ??= { isText: header.opcode === 1, parts: [] };
    begun.parts.push(payload);
    if (begun.parts.length > limits.maxFragments) return ended({ kind: 'violation', code: 1008 });
    if (!header.fin) continue;
    const whole = Buffer.concat(begun.parts);
    // Section 8.1.
    if (begun.isText && !isUtf8(whole)) return ended({ kind: 'violation', code: 1007 });
    frames.push(shown(begun.isText ? 'text' : 'binary', whole));
    begun = undefined;
  }
}

/** Kind and payload of a frame, for comparing. */
export function shown(kind: string, payload: Buffer): string {
  return `${kind} ${payload.toString('hex')}`;
}

/** What its first two bytes say already, sections 5.1, 5.2, 5.4 and 5.5. */
function breaksHeader(bytes: Buffer, at: number, begun: Begun | undefined): boolean {
  const { fin, isMasked, length, opcode, rsv } = firstBytes(bytes, at);
  if (rsv !== 0 || isMasked) return true;
  if (control.has(opcode)) return !fin || length > 125 || (opcode === 8 && length === 1);
  if (opcode > 2) return true;
  return (opcode === 0) !== (begun !== undefined);
}

function firstBytes(bytes: Buffer, at: number): Omit<Header, 'start'> {
  const first = bytes.readUInt8(at);
  const second = bytes.readUInt8(at + 1);
  return {
    fin: first >= 0x80,
    rsv: (first >> 4) & 7,
    opcode: first & 15,
    isMasked: second >= 0x80,
    length: second & 0x7f,
  };
}

/** `undefined` when it has not come whole. */
function readHeader(bytes: Buffer, at: number): Header | undefined {
  const first = firstBytes(bytes, at);
  const size = lengthBytes.get(first.length) ?? 0;
  const start = at + 2 + size;
  if (bytes.length < start) return undefined;
  if (size === 0) return { ...first, start };
  return { ...first, start, length: size === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)) };
}

function isTooLong({ length, opcode }: Header, begun: Begun | undefined, { maxPayload }: DecoderLimits): boolean {
  if (control.has(opcode)) return false;
  const before = begun === undefined ? 0 : Buffer.concat(begun.parts).length;
  return length > 0 && before + length > maxPayload;
}

/** Sections 5.5.1 and 7.4. */
function endedBy(payload: Buffer, ended: (end: DecodedEnd) => Decoded): Decoded {
  if (payload.length === 0) return ended({ kind: 'close', code: undefined, reason: payload });
  const code = payload.readUInt16BE();
  const reason = payload.subarray(2);
  const isAllowed =
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000);
  if (!isAllowed) return ended({ kind: 'violation', code: 1002 });
  if (!isUtf8(reason)) return ended({ kind: 'violation', code: 1007 });
  return ended({ kind: 'close', code, reason });
}
