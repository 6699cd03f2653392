import type { ClaimQueue, Claimable, Holder } from '../connection/claim-queue.ts';
import type { Connection } from '../connection/connection.ts';
import type { Direction } from '../frames/frame.ts';
import type { Codec } from '../frames/codec.ts';
import type { FrameLog, HiddenBy } from '../frames/frame-log.ts';
import type { Opcode } from '../protocol/opcode.ts';
import { describeLocation } from '../support/call-site.ts';
import { wallTime } from '../support/clock.ts';

/** Who claimed a frame. */
export interface Claim {
  /** `toReceiveMessage`. */
  readonly method: string;
  /** `orders.spec.ts:12`. */
  readonly location: string;
}

/** One frame of a transcript. */
export interface FrameRecord {
  /** Name of the connection. */
  readonly connection: string;
  /** Which connection of the transcript, from 0. */
  readonly owner: number;
  /** Position in the order of frames of all connections, from 1. */
  readonly sequence: number;
  /** Wall-clock milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds since the first connection began. */
  readonly ms: number;
  readonly direction: Direction;
  readonly opcode: Opcode;
  /** A view of the frame log's bytes, not a copy. */
  readonly payload: Buffer;
  /** Of its client. */
  readonly codec: Codec | undefined;
  /** Where it was recorded. */
  readonly log: FrameLog;
  readonly index: number;
  /** Number among the received messages of its connection, from 1; `undefined` for others and for hidden ones. */
  readonly message: number | undefined;
  readonly hiddenBy: HiddenBy | undefined;
  /** Whether the schema or the codec refused it. */
  readonly isInvalid: boolean;
  readonly claimedBy: Claim | undefined;
}

/** Where the frames of a transcript begin. */
export interface FramesStart {
  /** Frames up to this sequence number are left out. */
  readonly after: number;
  /**
   * Whether frames have their claims: the line of one takes 0.2 ms to find.
   *
   * @default true
   */
  readonly withClaims?: boolean;
  /** Monotonic milliseconds from which `ms` counts. */
  readonly startedAt: number;
}

/**
 * Frames of several connections in the order in which this process saw them. A record is made when it is looked at, so
 * that a transcript of 100,000 frames holds two numbers a frame.
 */
export class TranscriptFrames {
  readonly #parts: readonly ConnectionFrames[];
  readonly #startedAt: number;
  /** Wall-clock time of the monotonic zero: the host takes longer to tell it than a record to make. */
  readonly #origin = wallTime(0);
  /** Position of its connection, and index in that one's frame log, of each frame. */
  readonly #owners: Uint32Array;
  readonly #indexes: Uint32Array;
  readonly #claims = new Map<Holder, Claim>();
  readonly #withClaims: boolean;

  constructor(connections: readonly Connection[], { after, startedAt, withClaims = true }: FramesStart) {
    this.#withClaims = withClaims;
    this.#parts = connections.map((connection) => new ConnectionFrames(connection, after));
    this.#startedAt = startedAt;
    this.#owners = ownersInOrder(this.#parts);
    const next = this.#parts.map(({ first }) => first);
    this.#indexes = this.#owners.map((owner) => next[owner]++);
  }

  get length(): number {
    return this.#owners.length;
  }

  /** How many frames each connection has, quiet ones included. */
  get counts(): Uint32Array {
    return Uint32Array.from(this.#parts, ({ connection, first }) => connection.log.length - first);
  }

  /** Which connection the frame at a position from 0 belongs to: its place in the transcript. */
  owner(position: number): number {
    return this.#owners[position];
  }

  /** Payload size in bytes of the frame at a position from 0. */
  size(position: number): number {
    return this.#parts[this.#owners[position]].connection.log.size(this.#indexes[position]);
  }

  at(position: number): FrameRecord {
    const owner = this.#owners[position];
    const part = this.#parts[owner];
    const index = this.#indexes[position];
    const { log, name, settings } = part.connection;
    const monotonicTime = log.monotonicTime(index);
    const opcode = log.opcode(index);
    return {
      connection: name,
      owner,
      sequence: log.sequence(index),
      time: this.#origin + monotonicTime,
      ms: monotonicTime - this.#startedAt,
      direction: log.direction(index),
      opcode,
      payload: log.payload(index),
      codec: settings.codec,
      log,
      index,
      message: part.messageNumber(index, opcode),
      hiddenBy: log.hiddenBy(index),
      isInvalid: log.isInvalid(index),
      claimedBy: this.#withClaims ? this.#claim(part.holder(index, opcode)) : undefined,
    };
  }

  /** Sequence numbers of the frames that each wait claimed, in their order. */
  claimed(): Map<Holder, number[]> {
    const claimed = new Map<Holder, number[]>();
    for (let position = 0; position < this.length; position++) {
      const part = this.#parts[this.#owners[position]];
      const { log } = part.connection;
      const index = this.#indexes[position];
      const holder = part.holder(index, log.opcode(index));
      if (holder === undefined) continue;
      const sequences = claimed.get(holder) ?? [];
      if (sequences.push(log.sequence(index)) === 1) claimed.set(holder, sequences);
    }
    return claimed;
  }

  #claim(holder: Holder | undefined): Claim | undefined {
    if (holder === undefined) return undefined;
    const known = this.#claims.get(holder);
    if (known !== undefined) return known;
    const claim = { method: holder.method, location: describeLocation(holder.site?.location) };
    this.#claims.set(holder, claim);
    return claim;
  }
}

type Queue = Pick<ClaimQueue<Claimable>, 'length' | 'frameOf' | 'holder'>;

/** The frames of one connection from a sequence number on, with their places in the queues of waits. */
class ConnectionFrames {
  readonly connection: Connection;
  /** Index of the first one in the frame log. */
  readonly first: number;
  /** Place of each frame in its queue, from 1; 0 for frames that no wait is offered. */
  readonly #places: Uint32Array;
  readonly #queues: Readonly<Record<Opcode, Queue | undefined>>;

  constructor(connection: Connection, after: number) {
    const { log, messages, pings, pongs } = connection;
    this.connection = connection;
    this.#queues = { text: messages, binary: messages, ping: pings, pong: pongs, close: undefined };
    this.first = firstAfter(log, after);
    this.#places = new Uint32Array(log.length - this.first);
    for (const queue of [messages, pings, pongs]) this.#number(queue);
  }

  messageNumber(index: number, opcode: Opcode): number | undefined {
    const place = this.#places[index - this.first];
    return place === 0 || (opcode !== 'text' && opcode !== 'binary') ? undefined : place;
  }

  holder(index: number, opcode: Opcode): Holder | undefined {
    const place = this.#places[index - this.first];
    return place === 0 ? undefined : this.#queues[opcode]?.holder(place - 1);
  }

  #number(queue: Queue): void {
    for (let index = queue.length - 1; index >= 0 && queue.frameOf(index) >= this.first; index--) {
      this.#places[queue.frameOf(index) - this.first] = index + 1;
    }
  }
}

/** Index of the first frame behind a sequence number; the length of the log when there is none. */
export function firstAfter(log: FrameLog, after: number): number {
  if (after <= 0) return 0;
  let first = log.length;
  while (first > 0 && log.sequence(first - 1) > after) first -= 1;
  return first;
}

/** Which connection each frame belongs to, in the order of their sequence numbers. */
function ownersInOrder(parts: readonly ConnectionFrames[]): Uint32Array {
  const total = parts.reduce((sum, { connection, first }) => sum + connection.log.length - first, 0);
  const owners = new Uint32Array(total);
  if (parts.length < 2) return owners;
  // One number a frame that sorts by sequence and tells the connection as its remainder.
  const keys = new Float64Array(total);
  let used = 0;
  for (const [owner, { connection, first }] of parts.entries()) {
    for (let index = first; index < connection.log.length; index++) {
      keys[used++] = connection.log.sequence(index) * parts.length + owner;
    }
  }
  keys.sort();
  for (let position = 0; position < total; position++) owners[position] = keys[position] % parts.length;
  return owners;
}
