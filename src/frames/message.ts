import { wallTime } from '../support/clock.ts';
import { decodeWith, type Codec, type Decoded } from './codec.ts';
import type { FrameLog } from './frame-log.ts';

/**
 * A received data frame as a test sees it.
 *
 * @typeParam Value What `value` is: the schema's output when the client has a schema, else `unknown`.
 */
export interface Message<Value = unknown> {
  /** The payload as UTF-8 text. */
  readonly text: string;
  /**
   * The decoded payload: the codec's result; without a codec the parsed JSON, or the text when it is not JSON, or the
   * bytes of a binary message; with a `schema` the schema's output. Decoded once, when first asked for.
   *
   * @throws what the codec threw, or the schema's issues, for a message that violates them.
   */
  readonly value: Value;
  /** The payload's bytes. Do not change them: they are the record. */
  readonly bytes: Buffer;
  readonly isBinary: boolean;
  /** Payload size in bytes. */
  readonly size: number;
  /**
   * Position among the received messages of its client, from 0; -1 for one that `ignore` or `autoReply` hide. Failure
   * messages count from 1: `#1` has index 0.
   */
  readonly index: number;
  /** Position among the frames of all clients that this process saw; it rises, with gaps. */
  readonly sequence: number;
  /** Wall-clock milliseconds since the epoch. */
  readonly time: number;
  /** Monotonic milliseconds; only differences mean something. */
  readonly monotonicTime: number;
  /** Name of the client that received it. */
  readonly client: string;
}

/** What all messages of one connection share. */
export interface MessageSource {
  readonly log: FrameLog;
  readonly client: string;
  readonly codec: Codec | undefined;
  /** Validates a decoded value; throws what makes it a violation. */
  readonly validate: ((value: unknown) => unknown) | undefined;
  /** Told once of a message that codec or schema refuse. */
  readonly invalid?: (frame: number, error: unknown) => void;
}

/** Begins every escape of JSON. */
const backslash = 0x5c;

export class LoggedMessage implements Message {
  readonly #source: MessageSource;
  readonly #frame: number;
  readonly index: number;
  #decoded: Decoded | undefined;

  constructor(source: MessageSource, frame: number, index: number) {
    this.#source = source;
    this.#frame = frame;
    this.index = index;
  }

  /** Index of its frame in the frame log. */
  get frameIndex(): number {
    return this.#frame;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }

  get value(): unknown {
    const decoded = this.decoded;
    if (decoded.ok) return decoded.value;
    throw decoded.error;
  }

  /** The value or why there is none; never throws. */
  get decoded(): Decoded {
    if (this.#decoded !== undefined) return this.#decoded;
    const decoded = this.#decode();
    this.#decoded = decoded;
    if (!decoded.ok) this.#source.invalid?.(this.#frame, decoded.error);
    return decoded;
  }

  /**
   * Whether the message is JSON text, or no JSON, in which a text that needs no escape does not occur: in no string of its
   * value then. `false` also where only decoding could tell.
   */
  lacks(text: Buffer): boolean {
    const { codec, validate } = this.#source;
    if (this.#decoded !== undefined || codec !== undefined || validate !== undefined) return false;
    if (this.isBinary) return false;
    const { bytes } = this;
    return bytes.indexOf(text) < 0 && bytes.indexOf(backslash) < 0;
  }

  /** The same message for those who see hidden ones too: it has no place among the messages of its client. */
  hidden(): LoggedMessage {
    const message = new LoggedMessage(this.#source, this.#frame, -1);
    message.#decoded = this.#decoded;
    return message;
  }

  /** The same message with another value: what the schema of an expectation made of it. */
  withValue(value: unknown): LoggedMessage {
    const message = new LoggedMessage(this.#source, this.#frame, this.index);
    message.#decoded = { ok: true, value };
    return message;
  }

  get bytes(): Buffer {
    return this.#source.log.payload(this.#frame);
  }

  get isBinary(): boolean {
    return this.#source.log.opcode(this.#frame) === 'binary';
  }

  get size(): number {
    return this.#source.log.size(this.#frame);
  }

  get sequence(): number {
    return this.#source.log.sequence(this.#frame);
  }

  get time(): number {
    return wallTime(this.monotonicTime);
  }

  get monotonicTime(): number {
    return this.#source.log.monotonicTime(this.#frame);
  }

  get client(): string {
    return this.#source.client;
  }

  #decode(): Decoded {
    const decoded = decodeWith(this.#source.codec, this);
    const { validate } = this.#source;
    if (!decoded.ok || validate === undefined) return decoded;
    try {
      return { ok: true, value: validate(decoded.value) };
    } catch (error) {
      return { ok: false, error };
    }
  }
}
