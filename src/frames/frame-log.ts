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

/** Room for frames starts with the first, since a test may hold thousands of idle connections, and doubles. V8 keeps up to
 * 64 bytes of a typed array in its heap: what is opened and closed costs no memory of its own. */
const firstCapacity = 4;
const noFlags = new Uint8Array(0);
const noFacts = new Uint32Array(0);

const columns = 4;
const sequenceColumn = 0;
const timeColumn = 1;
const offsetColumn = 2;
const sizeColumn = 3;

/** Stored times count in microseconds: 71 minutes until a new base. */
const ticksPerMs = 1000;
const largestOffset = 2 ** 32 - 1;

/** Sequences and times are stored as distances from the base of their frame, so that four bytes are enough. */
interface Base {
  readonly firstFrame: number;
  readonly sequence: number;
  readonly monotonicTime: number;
}

const noBase: Base = { firstFrame: 0, sequence: 0, monotonicTime: 0 };

/** Frames from here on, up to the next run, have their payloads in one chunk. */
interface Run {
  readonly firstFrame: number;
  readonly chunk: number;
}

/** Payloads of some frames, without anything between them. */
export interface Payloads {
  readonly bytes: Buffer;
  /** Index of the frame behind the last one. */
  readonly end: number;
}

/** Chunks are counted from 0. */
const oneRun: readonly Run[] = [{ firstFrame: 0, chunk: 0 }];
const noPayload = Buffer.alloc(0);

/**
 * Append-only record of what crossed one connection, both directions, control frames included.
 *
 * Payloads are stored once, facts in typed columns, 17 bytes a frame; a {@link Frame} object exists only when somebody
 * looks at it. Beyond `maxMemory` bytes the oldest payloads are in a temporary file; reading them works as before.
 */
export class FrameLog {
  readonly #maxMemory: number | undefined;
  // What an idle connection has no use for is made when it is.
  #bytes: ByteStore | undefined;
  /** `undefined` while there is one. */
  #bases: Base[] | undefined;
  #runs: Run[] | undefined;
  #chunk = 0;
  #base = noBase;
  #count = 0;
  #flags = noFlags;
  /** Four numbers a frame. */
  #facts = noFacts;

  /** @param maxMemory Bytes of payloads. */
  constructor(maxMemory?: number) {
    this.#maxMemory = maxMemory;
  }

  get length(): number {
    return this.#count;
  }

  /** Bytes of payloads that are in a temporary file. */
  get spilled(): number {
    return this.#bytes?.spilled ?? 0;
  }

  /** Ends the temporary file, when there is one. */
  release(): void {
    this.#bytes?.release();
  }

  /** Returns the new frame's index. */
  append(entry: FrameEntry): number {
    const index = this.#count;
    if (index === this.#flags.length) this.#grow();
    const ticks = (entry.monotonicTime - this.#base.monotonicTime) * ticksPerMs;
    const distance = entry.sequence - this.#base.sequence;
    const fits = ticks >= 0 && ticks <= largestOffset && distance >= 0 && distance <= largestOffset;
    if (index === 0 || !fits) this.#newBase(entry);
    const row = index * columns;
    this.#facts[row + sequenceColumn] = entry.sequence - this.#base.sequence;
    this.#facts[row + timeColumn] = (entry.monotonicTime - this.#base.monotonicTime) * ticksPerMs;
    this.#flags[index] = opcodes.indexOf(entry.opcode) | (entry.direction === 'sent' ? sentFlag : 0);
    const bytes = (this.#bytes ??= new ByteStore(this.#maxMemory));
    const chunk = bytes.append(entry.payload);
    if (chunk !== this.#chunk) {
      (this.#runs ??= [...oneRun]).push({ firstFrame: index, chunk });
      this.#chunk = chunk;
    }
    this.#facts[row + offsetColumn] = bytes.offset;
    this.#facts[row + sizeColumn] = entry.payload.length;
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
    return this.#baseOf(index).sequence + this.#facts[index * columns + sequenceColumn];
  }

  monotonicTime(index: number): number {
    return this.#baseOf(index).monotonicTime + this.#facts[index * columns + timeColumn] / ticksPerMs;
  }

  size(index: number): number {
    return this.#facts[index * columns + sizeColumn];
  }

  payload(index: number): Buffer {
    if (this.#bytes === undefined) return noPayload;
    const runs = this.#runs ?? oneRun;
    return this.#bytes.read(
      runs[lastFrom(runs, index)].chunk,
      this.#facts[index * columns + offsetColumn],
      this.#facts[index * columns + sizeColumn],
    );
  }

  /** Payloads from a frame on that lie one behind the other, as one view: who looks at all need not have one of each. */
  payloadsFrom(index: number): Payloads {
    const runs = this.#runs ?? oneRun;
    const place = lastFrom(runs, index);
    const { chunk } = runs[place];
    const end = runs[place + 1]?.firstFrame ?? this.#count;
    const from = this.#facts[index * columns + offsetColumn];
    const last = (end - 1) * columns;
    const to = this.#facts[last + offsetColumn] + this.#facts[last + sizeColumn];
    return { bytes: this.#bytes?.read(chunk, from, to - from) ?? noPayload, end };
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

  #newBase({ sequence, monotonicTime }: FrameEntry): void {
    const base = { firstFrame: this.#count, sequence, monotonicTime };
    if (this.#count > 0) (this.#bases ??= [this.#base]).push(base);
    this.#base = base;
  }

  #baseOf(index: number): Base {
    if (this.#bases === undefined || index >= this.#base.firstFrame) return this.#base;
    return this.#bases[lastFrom(this.#bases, index)];
  }

  #grow(): void {
    const capacity = Math.max(firstCapacity, this.#flags.length * 2);
    const flags = new Uint8Array(capacity);
    const facts = new Uint32Array(capacity * columns);
    flags.set(this.#flags);
    facts.set(this.#facts);
    this.#flags = flags;
    this.#facts = facts;
  }
}

/** The place of the last item that begins at a frame or before it. */
function lastFrom(items: readonly { readonly firstFrame: number }[], frame: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (items[middle].firstFrame <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
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
