import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Expectation } from '../expectation/types.ts';
import type { Codec } from '../frames/codec.ts';
import type { ClientEvent, ClientEventHandler } from './events.ts';
import type { FindingSwitches } from './findings.ts';

/** Answers a message of the server at once, as heartbeats need it. */
export interface AutoReply {
  /** Which messages are answered. They are hidden from waits, counts and `messages`, as with `ignore`. */
  readonly on: Expectation;
  /** What is sent: data as for `send`, or a function that makes it from the message. */
  readonly send: unknown;
}

/** What a connection does with what crosses it. All times are milliseconds. */
export interface ConnectionOptions<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /**
   * Label in errors and evidence.
   *
   * @default the path of the URL, numbered when repeated
   */
  readonly name?: string | undefined;
  /**
   * Limit of every wait that is not a matcher: `waitForMessage`, `request`, `ping`, `send` under back-pressure, … `0`
   * sets no limit of its own: the wait ends with the test.
   *
   * @default 5000
   */
  readonly waitTimeout?: number | undefined;
  /**
   * Longest time for the closing handshake; after it the connection is terminated. At most 30000.
   *
   * @default 1000
   */
  readonly closeTimeout?: number | undefined;
  /**
   * Bytes of payloads that the connection keeps in memory. Beyond it the oldest are in a temporary file: waits, matchers
   * and the evidence find them there, and the file goes with the test.
   *
   * @default 134_217_728 (128 MiB)
   */
  readonly maxMemory?: number | undefined;
  /** Handlers from the first byte on; the others are added with `client.on`. */
  readonly on?: { readonly [Event in ClientEvent]?: ClientEventHandler<Event> | undefined } | undefined;
  /**
   * Standard Schema (zod, valibot, arktype…) of every received message. It types `value`; a message that violates it is
   * recorded and, by default, fails the test at its end.
   */
  readonly schema?: Schema | undefined;
  /**
   * Whether a message that violates `schema` or `codec` fails the test at its end, or is only recorded.
   *
   * @default 'fail'
   */
  readonly onInvalidMessage?: 'fail' | 'record' | undefined;
  /**
   * Turns values into payloads and back: MessagePack, CBOR, protobuf, XML…
   *
   * @default JSON in text messages
   */
  readonly codec?: Codec | undefined;
  /**
   * Interval of pings. A pong that is missing for one more interval ends the connection as lost (1006, by the network);
   * while the client is paused no pong is waited for.
   *
   * @default off
   */
  readonly keepAlive?: number | undefined;
  /**
   * Whether pings of the server are answered. Off: `client.pong()` answers by hand.
   *
   * @default true
   */
  readonly autoPong?: boolean | undefined;
  /** Heartbeats that are answered at once; `client.autoReply.pause()` stops that. */
  readonly autoReply?: AutoReply | readonly AutoReply[] | undefined;
  /** Messages hidden from `messages`, waits and counts; handlers, `frames` and the evidence still see them. */
  readonly ignore?: Expectation | undefined;
  /** Aborts the opening handshake and, later, terminates the connection. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What is judged at the end of the test; `{ unexpectedClose: false }` switches a kind off.
   *
   * @default all kinds
   */
  readonly findings?: FindingSwitches | undefined;
}
