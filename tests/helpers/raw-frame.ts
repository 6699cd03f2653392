import { randomBytes } from 'node:crypto';

/** Opcodes as on the wire, RFC 6455 section 11.8. Numbers 3-7 and 11-15 are reserved: for broken peers. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What a frame is made of. Nothing is checked: every invalid combination can be written. */
export interface FrameParts {
  /** Default: `'text'`. */
  readonly opcode?: keyof typeof opcodes | number;
  /** Default: true. */
  readonly fin?: boolean;
  /** RSV1 to RSV3 as a number of three bits, RSV1 being 4. Default: 0. */
  readonly rsv?: number;
  /** `true` masks with a random key, bytes are the key. A server does not mask. Default: false. */
  readonly mask?: boolean | Buffer;
  /** Default: empty. */
  readonly payload?: string | Buffer;
  /** The payload length that the header claims. Default: the true one. */
  readonly length?: number;
  /** Bits in which the length is written. Default: the shortest form, as RFC 6455 section 5.2 demands. */
  readonly lengthBits?: 7 | 16 | 64;
}

/** The bytes of one frame. */
export function frame(parts: FrameParts = {}): Buffer {
  const { opcode = 'text', fin = true, rsv = 0, mask = false } = parts;
  const payload = Buffer.from(parts.payload ?? '');
  const number = typeof opcode === 'number' ? opcode : opcodes[opcode];
  const key = mask === true ? randomBytes(4) : mask;
  const length = lengthBytes(parts.length ?? payload.length, parts.lengthBits);
  if (key !== false) length[0] = (length[0] ?? 0) | 0x80;
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | number]);
  if (key === false) return Buffer.concat([first, length, payload]);
  return Buffer.concat([first, length, key, masked(payload, key)]);
}

/** Payload of a close frame; without a code it is empty. */
export function closePayload(code?: number, reason: string | Buffer = ''): Buffer {
  if (code === undefined) return Buffer.alloc(0);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason)]);
}

/** One frame as it was read from the wire, unmasked. */
export interface RawFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** The first frame in these bytes and how many bytes it takes; `undefined` when it is not all there. */
export function parseFrame(bytes: Buffer): { readonly frame: RawFrame; readonly size: number } | undefined {
  const header = parseHeader(bytes);
  if (header === undefined || bytes.length < header.start + header.length) return undefined;
  const size = header.start + header.length;
  const payload = bytes.subarray(header.start, size);
  const [first = 0] = bytes;
  return {
    size,
    frame: {
      fin: (first & 0x80) !== 0,
      rsv: (first >> 4) & 7,
      opcode: first & 0x0f,
      isMasked: header.key !== undefined,
      payload: header.key === undefined ? Buffer.from(payload) : masked(payload, header.key),
    },
  };
}

/** Length values that announce a longer length, and the bytes that it takes, RFC 6455 section 5.2. */
const extendedLengthSizes: ReadonlyMap<number, number> = new Map([
  [126, 2],
  [127, 8],
]);

function parseHeader(bytes: Buffer): { start: number; length: number; key: Buffer | undefined } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const hasKey = (bytes.readUInt8(1) & 0x80) !== 0;
  const keyStart = 2 + (extendedLengthSizes.get(short) ?? 0);
  const start = keyStart + (hasKey ? 4 : 0);
  if (bytes.length < start) return undefined;
  return { start, length: readLength(bytes, short), key: hasKey ? bytes.subarray(keyStart, start) : undefined };
}

function readLength(bytes: Buffer, short: number): number {
  if (short === 127) return Number(bytes.readBigUInt64BE(2));
  return short === 126 ? bytes.readUInt16BE(2) : short;
}

function lengthBytes(length: number, bits = shortestForm(length)): Buffer {
  if (bits === 7) return Buffer.from([length & 0x7f]);
  const bytes = Buffer.alloc(bits === 16 ? 3 : 9);
  bytes[0] = bits === 16 ? 126 : 127;
  if (bits === 16) bytes.writeUInt16BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

function shortestForm(length: number): 7 | 16 | 64 {
  if (length < 126) return 7;
  return length <= 0xffff ? 16 : 64;
}

/** Masking and unmasking are the same XOR, RFC 6455 section 5.3. */
function masked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (key[index % 4] ?? 0)));
}
