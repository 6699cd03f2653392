import { describeClose } from '../protocol/close-code.ts';
import { maxControlPayload } from '../protocol/opcode.ts';
import { ConnectionClosedError, errorMessage, misuse, WebSocketError } from '../support/errors.ts';
import type { Frame } from '../frames/frame.ts';
import type { Connection } from './connection.ts';
import { Flush } from './flush.ts';
import { toPayload, type Payload } from './payload.ts';
import type { Flushed, Wire } from './wire.ts';

/** What came of a send: its frame is logged at once, the bytes are handed to the socket later. */
export interface Sent {
  readonly frame: Frame;
  readonly flush: Flush;
}

/** Puts frames on the wire in the order of the calls. */
export class Sender {
  readonly #connection: Connection;
  /** Set while a Blob is read: later sends queue behind it. */
  #queue: Promise<unknown> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Sends now, or behind a Blob that is still being read. Throws on misuse; rejects when the connection is not open. */
  send(data: unknown): Sent | Promise<Sent> {
    const payload = toPayload(data, this.#connection.settings.codec);
    if (this.#queue === undefined && !(payload instanceof Promise)) return this.#put(payload);
    this.#wire('send');
    const turn = (this.#queue ?? Promise.resolve()).then(
      () => payload,
      () => payload,
    );
    const sent = turn.then((ready) => this.#put(ready));
    this.#queue = sent;
    const done = (): void => {
      if (this.#queue === sent) this.#queue = undefined;
    };
    sent.then(done, done);
    return sent;
  }

  /** Throws when the connection is not open. */
  assertOpen(action: string): void {
    this.#wire(action);
  }

  /** Sends a ping whose pong calls back. */
  probe(payload: Buffer, answered: (roundTrip: number) => void): void {
    const wire = this.#wire('ping');
    this.#connection.ownPings.sent(payload, answered);
    this.#connection.record('sent', 'ping', payload);
    wire.ping(payload, () => {});
    this.#connection.changed();
  }

  pong(payload: Buffer, flushed: Flushed): void {
    const wire = this.#wire('send a pong');
    this.#connection.record('sent', 'pong', payload);
    wire.pong(payload, flushed);
    this.#connection.changed();
  }

  #put({ bytes, isBinary }: Payload): Sent {
    const wire = this.#wire('send');
    const index = this.#connection.record('sent', isBinary ? 'binary' : 'text', bytes);
    const flush = new Flush();
    wire.send(bytes, isBinary, (error) => flush.end(error === undefined ? undefined : this.#failed(error)));
    this.#connection.changed();
    return { frame: this.#connection.log.frame(index), flush };
  }

  #failed(error: Error): WebSocketError {
    return new WebSocketError('WS_SEND_FAILED', `Cannot send on "${this.#connection.name}": ${errorMessage(error)}`, {
      cause: error,
    });
  }

  #wire(action: string): Wire {
    const { closeInfo, failure, gap, isOpen, name, reconnection, wire } = this.#connection;
    if (isOpen && wire !== undefined) return wire;
    if (gap !== undefined && reconnection !== undefined) {
      const text = `Cannot ${action} on "${name}": it is ${reconnection.describe(gap)}\n  Wait until it is open again: await expect(client).toBeOpen()`;
      throw new ConnectionClosedError('WS_NOT_OPEN', text, gap.closeInfo);
    }
    const state = wire === undefined ? 'the opening handshake is not done' : 'it is closing';
    const because = failure === undefined ? '' : `: ${errorMessage(failure)}`;
    const why = closeInfo === undefined ? state : `it closed with ${describeClose(closeInfo)}`;
    throw new ConnectionClosedError('WS_NOT_OPEN', `Cannot ${action} on "${name}": ${why}${because}`, closeInfo);
  }
}

/** The payload of a ping or pong as bytes. */
export function controlPayload(data: unknown, method: string): Buffer {
  const payload = toControlBytes(data);
  if (payload === undefined) {
    throw misuse('WS_INVALID_ARGUMENT', `Cannot ${method}: expected text or bytes, found ${typeof data}`);
  }
  if (payload.length > maxControlPayload) {
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot ${method} with ${payload.length} bytes: a control frame carries at most ${maxControlPayload} (RFC 6455 section 5.5)`,
    );
  }
  return payload;
}

function toControlBytes(data: unknown): Buffer | undefined {
  if (data === undefined) return Buffer.alloc(0);
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if (ArrayBuffer.isView(data)) return Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return data instanceof ArrayBuffer ? Buffer.from(data) : undefined;
}
