import { isOrderlyCloseCode, isSendableCloseCode, maxReasonBytes } from '../protocol/close-code.ts';
import { Abort, type Abortable } from '../support/abort.ts';
import { now } from '../support/clock.ts';
import { misuse, type CloseInfo } from '../support/errors.ts';
import type { Connection } from './connection.ts';
import type { Wire } from './wire.ts';

/** Who begins to close a connection, and how it ended. */
export class Closing {
  readonly #connection: Connection;
  /** Made when an opening handshake begins, or is aborted before. */
  #handshake: Abort | undefined;
  #begunBy: CloseInfo['by'] | undefined;
  #isViolated = false;
  #isFinal = false;
  #reason: Error | undefined;
  /** Whether this side waits for the answer to its close frame: an error only when none comes. */
  #isUnanswered = false;
  #info: CloseInfo | undefined;
  /** Whether a passing assertion or wait expected the close. */
  isExpected = false;
  /** Whether the close has been judged: it is a finding of one test only. */
  isJudged = false;
  /** Monotonic milliseconds of the end. */
  finishedAt: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get info(): CloseInfo | undefined {
    return this.#info;
  }

  get hasBegun(): boolean {
    return this.#begunBy !== undefined;
  }

  /** Whether the user or the end of the test began: what is cut off by that is nobody's failure. */
  get isBegunByClient(): boolean {
    return this.#begunBy === 'client' && !this.#isViolated;
  }

  /** Whether this side had to close because the server broke the protocol or a limit. */
  get isViolated(): boolean {
    return this.#isViolated;
  }

  /** Why there was no close frame, as this side knows it. */
  get reason(): Error | undefined {
    if (this.#isUnanswered) return unanswered(this.#connection.settings.closeTimeout);
    return this.#reason;
  }

  /** Whether this side wants the connection to end: it is not opened again. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** Aborts the opening handshake. */
  get handshakeSignal(): Abortable {
    return (this.#handshake ??= new Abort());
  }

  /** An opening handshake is done: there is nothing to abort. */
  opened(): void {
    this.#handshake = undefined;
  }

  /** Whether the close needs no assertion: orderly, or begun on this side. */
  get isOrderly(): boolean {
    if (this.#isViolated) return false;
    return this.#info === undefined || this.#info.by === 'client' || isOrderlyCloseCode(this.#info.code);
  }

  /** Begins the closing handshake; aborts the opening one when that is still under way. */
  begin(code: number | undefined, reason: string): void {
    checkClose(code, reason);
    this.#isFinal = true;
    if (this.#info !== undefined || this.hasBegun) return;
    const { wire } = this.#connection;
    this.#begunBy = beginner(wire);
    if (wire === undefined) {
      this.#abortHandshake(new Error('the client was closed'));
      return;
    }
    this.#connection.endTimers();
    // Else the answer would not be read.
    this.#connection.isPaused = false;
    wire.resume();
    this.#isUnanswered = true;
    // The server works on it while it is recorded: nothing that it sends is heard in this turn.
    wire.close(code, reason);
    if (this.#begunBy === 'client') this.#connection.record('sent', 'close', closePayload(code, reason));
    this.#connection.changed();
  }

  /** Ends the connection without a closing handshake. */
  terminate(reason: unknown = new Error('the client was terminated')): void {
    if (this.#info !== undefined) return;
    this.#isFinal = true;
    this.#reason = undefined;
    this.#isUnanswered = false;
    const { wire } = this.#connection;
    this.#begunBy ??= beginner(wire);
    if (wire === undefined) this.#abortHandshake(reason);
    else wire.terminate();
  }

  /** The server broke the protocol or a limit: this side had to close. */
  violated(closeCode: number | undefined): void {
    if (this.#info !== undefined || this.hasBegun) return;
    this.#isViolated = true;
    this.#begunBy = 'client';
    if (closeCode !== undefined) this.#connection.record('sent', 'close', closePayload(closeCode, ''));
    this.#connection.changed();
  }

  /** Keep-alive noticed that the network is gone. */
  lost(reason?: Error): void {
    if (this.#info !== undefined) return;
    this.#begunBy = 'network';
    this.#reason = reason;
    this.#isUnanswered = false;
    this.#connection.wire?.terminate();
  }

  /** There is no wire: how a connection without one ended. */
  neverOpened(): CloseInfo {
    return { code: 1006, reason: '', wasClean: false, by: this.#begunBy ?? 'network' };
  }

  /** The wire is gone: how it ended. */
  wireEnded(code: number, reason: Buffer): CloseInfo {
    const wasClean = code !== 1006;
    if (wasClean) this.#recordCloseFrames(code, reason);
    return { code, reason: reason.toString('utf8'), wasClean, by: this.#whoBegan(wasClean) };
  }

  /** The connection is to be opened again: nobody has begun to close that one. */
  reset(): void {
    this.#begunBy = undefined;
    this.#isViolated = false;
    this.#reason = undefined;
    this.#isUnanswered = false;
  }

  finished(info: CloseInfo): void {
    this.finishedAt = now();
    this.#info = info;
  }

  #abortHandshake(reason: unknown): void {
    this.#handshake ??= new Abort();
    this.#handshake.abort(reason);
  }

  /** An end of TCP without a close frame is not the server's close, also when `close()` came after it. */
  #whoBegan(wasClean: boolean): CloseInfo['by'] {
    if (this.#begunBy === undefined || this.#begunBy === 'server') return wasClean ? 'server' : 'network';
    return this.#begunBy;
  }

  /** The peer's frame, and the answer that the transport sent to it by itself. */
  #recordCloseFrames(code: number, reason: Buffer): void {
    const sentCode = code === 1005 ? undefined : code;
    this.#connection.record('received', 'close', closePayload(sentCode, reason.toString('utf8')));
    if (this.#begunBy !== 'client') {
      this.#connection.record('sent', 'close', closePayload(sentCode, reason.toString('utf8')));
    }
  }
}

/** A wire that is closing although we did not say so heard a close frame: ours is the answer to it. */
function beginner(wire: Wire | undefined): 'client' | 'server' {
  return wire?.isClosing === true ? 'server' : 'client';
}

/** Of nearly all closes. */
const usualPayload = Buffer.from([0x03, 0xe8]);
const noPayload = Buffer.alloc(0);

function unanswered(closeTimeout: number): Error {
  return new Error(`The server did not answer the closing handshake within closeTimeout, ${closeTimeout}ms`);
}

function closePayload(code: number | undefined, reason: string): Buffer {
  if (code === undefined) return noPayload;
  if (code === 1000 && reason === '') return usualPayload;
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

function checkClose(code: number | undefined, reason: string): void {
  if (code !== undefined && !isSendableCloseCode(code)) {
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot close with code ${String(code)}: expected 1000 to 1014 but for 1004, 1005 and 1006, or 3000 to 4999 (RFC 6455 section 7.4)`,
    );
  }
  if (typeof reason !== 'string' || Buffer.byteLength(reason) > maxReasonBytes) {
    const found = typeof reason === 'string' ? `${Buffer.byteLength(reason)} bytes` : typeof reason;
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot close with this reason: expected text of at most ${maxReasonBytes} bytes, found ${found}`,
    );
  }
  if (code === undefined && reason !== '') {
    throw misuse('WS_INVALID_ARGUMENT', 'Cannot close with a reason and no code: pass a code, close(1000, reason)');
  }
}
