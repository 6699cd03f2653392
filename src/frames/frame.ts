import type { Opcode } from '../protocol/opcode.ts';

/** Seen from us. */
export type Direction = 'sent' | 'received';

/** One recorded unit: a data message, a ping, a pong or a close frame. */
export interface Frame {
  /** Position among the frames of its connection, from 0. */
  readonly index: number;
  /** Position among the frames of all clients that this process saw; it rises, with gaps. */
  readonly sequence: number;
  /** Wall-clock milliseconds since the epoch. */
  readonly time: number;
  /** Monotonic milliseconds; only differences mean something. */
  readonly monotonicTime: number;
  readonly direction: Direction;
  readonly opcode: Opcode;
  /** The payload's bytes; for a close frame code and reason as on the wire. Do not change them: they are the record. */
  readonly payload: Buffer;
  /** Payload size in bytes. */
  readonly size: number;
  /** The payload as UTF-8 text. */
  readonly text: string;
}
