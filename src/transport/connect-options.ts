import type { StandardSchemaV1 } from '@standard-schema/spec';
import { findingKinds } from '../connection/findings.ts';
import type { ConnectionOptions } from '../connection/options.ts';
import {
  defineOptions,
  milliseconds,
  type OptionsDefinition,
  type OptionShape,
  wholeNumber,
  type Zod,
} from '../support/options.ts';
import { isStandardSchema } from '../expectation/schema.ts';
import { secretTransportOptions, transportShape } from './option-shape.ts';
import type { TransportOptions } from './options.ts';
import { reconnectSchema, type ReconnectOptions } from './reconnect.ts';

/**
 * Options of `ws.connect`, `ws.handshake` and of the option fixture `wsOptions`.
 *
 * @typeParam Schema The schema of received messages; it types them.
 */
export interface ConnectOptions<Schema extends StandardSchemaV1 = StandardSchemaV1>
  extends TransportOptions, ConnectionOptions<Schema> {
  /**
   * Opens the connection again when it is lost: whenever this side did not close it. The first opening handshake is not
   * repeated. `false` switches a default off. Only `connect` reconnects, not a socket of `ws.WebSocket`.
   *
   * @default off
   */
  readonly reconnect?: ReconnectOptions | false | undefined;
}

/** Longest `closeTimeout`: a test's end must not take longer. */
const longestCloseTimeoutMs = 30_000;

/** What is allowed for each option. */
export const connectOptions: OptionsDefinition<ConnectOptions> = defineOptions<ConnectOptions>(
  (z) => ({ ...transportShape(z), ...connectionShape(z), reconnect: reconnectSchema(z) }),
  [...secretTransportOptions, 'autoReply'],
);

function connectionShape(z: Zod): OptionShape<ConnectionOptions> {
  const bool = z.boolean('true or false');
  return {
    name: z.string('text').min(1, 'text that is not empty'),
    waitTimeout: milliseconds(z),
    closeTimeout: z.custom(
      (value) => typeof value === 'number' && value >= 0 && value <= longestCloseTimeoutMs,
      `a number of milliseconds from 0 to ${longestCloseTimeoutMs}`,
    ),
    maxMemory: wholeNumber(z, 'a whole number of bytes of at least 0'),
    on: z.custom(isHandlers, 'functions for message, ping, pong, close, error or reconnect'),
    schema: z.custom(isStandardSchema, 'a schema with the Standard Schema interface (zod, valibot, arktype, …)'),
    onInvalidMessage: z.enum(['fail', 'record'], "'fail' or 'record'"),
    codec: z.custom(isCodec, 'an object with the functions encode and decode'),
    keepAlive: z.custom((value) => typeof value === 'number' && value >= 1, 'a number of milliseconds of at least 1'),
    autoPong: bool,
    autoReply: z.custom(isAutoReplies, '{ on: expectation, send: data } or a list of these'),
    ignore: z.unknown(),
    signal: z.custom((value) => value instanceof AbortSignal, 'an AbortSignal'),
    findings: z.custom(isSwitches, `true or false for ${Object.keys(findingKinds).join(', ')}`),
  };
}

const handlerNames: readonly string[] = ['message', 'ping', 'pong', 'close', 'error', 'reconnect'];

function isHandlers(value: unknown): boolean {
  return everyEntry(
    value,
    (name, handler) => handlerNames.includes(name) && (handler === undefined || typeof handler === 'function'),
  );
}

function isSwitches(value: unknown): boolean {
  return everyEntry(value, (name, isOn) => name in findingKinds && (isOn === undefined || typeof isOn === 'boolean'));
}

function isCodec(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof Reflect.get(value, 'encode') === 'function' &&
    typeof Reflect.get(value, 'decode') === 'function'
  );
}

function isAutoReplies(value: unknown): boolean {
  const replies: readonly unknown[] = Array.isArray(value) ? value : [value];
  return replies.every((reply) => isObject(reply) && 'on' in reply && 'send' in reply);
}

function everyEntry(value: unknown, accepts: (name: string, entry: unknown) => boolean): boolean {
  return isObject(value) && Object.entries(value).every(([name, entry]) => accepts(name, entry));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
