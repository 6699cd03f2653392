import type { Opcode } from '../protocol/opcode.ts';
import { wallTime } from '../support/clock.ts';
import { ByteStore } from './byte-store.ts';
import type { Direction, Frame } from './frame.ts';

/** Why a received message is not offered to waits. */
export type HiddenBy = 'ignore' | 'autoReply';

/** One frame as it is appended. */
export interface FrameEntry {
  readonly direction: Direction;
  readonly opcode: Opcode;
  readonly payload: Uint8Array;
  readonly sequence: number;
  readonly monotonicTime: number;
}

const opcodes: readonly Opcode[] = ['text', 'binary', 'ping', 'pong', 'close'];

const opcodeMask = 0b0000_0111;
const sentFlag = 0b0000_1000;
const ignoredFlag = 0b0001_0000;
const autoReplyFlag = 0b0010_0000;
const invalidFlag = 0b0100_0000;

/** Columns start small, since a test may hold thousands of idle connections, and double. */
const firstCapacity = 16;

/**
 * Append-only record of what crossed one connection, both directions, control frames included.
 *
 * Payloads are stored once, facts in typed columns; a {@link Frame} object exists only when somebody looks at it.
 */
export class FrameLog {
  readonly #bytes = new ByteStore();
  #count = 0;
  #flags = new Uint8Array(firstCapacity);
  #sequence = new Float64Array(firstCapacity);
  #time = new Float64Array(firstCapacity);
  #chunk = new Uint32Array(firstCapacity);
  #offset = new Uint32Array(firstCapacity);
  #size = new Uint32Array(firstCapacity);

  get length(): number {
    return this.#count;
  }

  /** Returns the new frame's index. */
  append(entry: FrameEntry): number {
    if (this.#count === this.#flags.length) this.#grow();
    const index = this.#count;
    this.#flags[index] = opcodes.indexOf(entry.opcode) | (entry.direction === 'sent' ? sentFlag : 0);
    this.#sequence[index] = entry.sequence;
    this.#time[index] = entry.monotonicTime;
    this.#chunk[index] = this.#bytes.append(entry.payload);
    this.#offset[index] = this.#bytes.offset;
    this.#size[index] = entry.payload.length;
    this.#count = index + 1;
    return index;
  }

  /** Negative positions count from the end, as with arrays. */
  at(position: number): Frame | undefined {
    const index = position < 0 ? this.#count + position : position;
    return index >= 0 && index < this.#count ? new LoggedFrame(this, index) : undefined;
  }

  /** The frame of an index that `append` returned. */
  frame(index: number): Frame {
    return new LoggedFrame(this, index);
  }

  opcode(index: number): Opcode {
    return opcodes[this.#flags[index] & opcodeMask];
  }

  direction(index: number): Direction {
    return (this.#flags[index] & sentFlag) === 0 ? 'received' : 'sent';
  }

  sequence(index: number): number {
    return this.#sequence[index];
  }

  monotonicTime(index: number): number {
    return this.#time[index];
  }

  size(index: number): number {
    return this.#size[index];
  }

  payload(index: number): Buffer {
    return this.#bytes.read(this.#chunk[index], this.#offset[index], this.#size[index]);
  }

  /** Marks a received message that `ignore` or `autoReply` took away from the waits. */
  hide(index: number, by: HiddenBy): void {
    this.#flags[index] |= by === 'ignore' ? ignoredFlag : autoReplyFlag;
  }

  hiddenBy(index: number): HiddenBy | undefined {
    const flags = this.#flags[index];
    if ((flags & ignoredFlag) !== 0) return 'ignore';
    return (flags & autoReplyFlag) === 0 ? undefined : 'autoReply';
  }

  /** Marks a message that the schema or the codec refused. */
  markInvalid(index: number): void {
    this.#flags[index] |= invalidFlag;
  }

  isInvalid(index: number): boolean {
    return (this.#flags[index] & invalidFlag) !== 0;
  }

  *[Symbol.iterator](): IterableIterator<Frame> {
    for (let index = 0; index < this.#count; index++) yield new LoggedFrame(this, index);
  }

  #grow(): void {
    const capacity = this.#flags.length * 2;
    this.#flags = grown(this.#flags, new Uint8Array(capacity));
    this.#sequence = grown(this.#sequence, new Float64Array(capacity));
    this.#time = grown(this.#time, new Float64Array(capacity));
    this.#chunk = grown(this.#chunk, new Uint32Array(capacity));
    this.#offset = grown(this.#offset, new Uint32Array(capacity));
    this.#size = grown(this.#size, new Uint32Array(capacity));
  }
}

function grown<T extends { set(array: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}

class LoggedFrame implements Frame {
  readonly #log: FrameLog;
  readonly index: number;

  constructor(log: FrameLog, index: number) {
    this.#log = log;
    this.index = index;
  }

  get sequence(): number {
    return this.#log.sequence(this.index);
  }

  get time(): number {
    return wallTime(this.monotonicTime);
  }

  get monotonicTime(): number {
    return this.#log.monotonicTime(this.index);
  }

  get direction(): Direction {
    return this.#log.direction(this.index);
  }

  get opcode(): Opcode {
    return this.#log.opcode(this.index);
  }

  get payload(): Buffer {
    return this.#log.payload(this.index);
  }

  get size(): number {
    return this.#log.size(this.index);
  }

  get text(): string {
    return this.payload.toString('utf8');
  }
}
