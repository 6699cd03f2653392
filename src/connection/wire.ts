import type { Handshake } from '../protocol/handshake.ts';
import type { Abortable } from '../support/abort.ts';

/** What a connection hears from its wire, from the first byte on. Called in the transport's own turn; never throws. */
export interface WireListener {
  /** The opening handshake is done: called once, first, in the turn of the 101 and before any frame that came with it. */
  open(wire: Wire): void;
  message(payload: Buffer, isBinary: boolean): void;
  ping(payload: Buffer): void;
  pong(payload: Buffer): void;
  /**
   * A protocol error or a limit ended the connection; `close` follows.
   *
   * @param closeCode Of the close frame that the transport sent for it; `undefined` when it sent none.
   */
  error(error: Error, closeCode?: number): void;
  /**
   * The connection is gone: called once, last. `1005` when the peer's close frame had no code, `1006` when there was no
   * close frame, RFC 6455 section 7.1.5.
   *
   * @param cause Why there was no close frame, as far as the transport knows.
   */
  close(code: number, reason: Buffer, cause?: Error): void;
}

/** Called when the bytes were handed to the socket, or with the reason why not. */
export type Flushed = (error?: Error) => void;

/** What a connection sends on; a transport makes it. Every method may be called in any state and never throws. */
export interface Wire {
  readonly handshake: Handshake;
  /** Bytes that are queued and not yet handed to the kernel. */
  readonly bufferedAmount: number;
  /** Whether the closing handshake has begun, on either side. */
  readonly isClosing: boolean;
  send(payload: Uint8Array, isBinary: boolean, flushed: Flushed): void;
  ping(payload: Uint8Array, flushed: Flushed): void;
  pong(payload: Uint8Array, flushed: Flushed): void;
  /** Starts the closing handshake. `code` `undefined` sends a close frame without a code. */
  close(code: number | undefined, reason: string): void;
  /** Ends the connection at once; `close` of the listener follows. */
  terminate(): void;
  /** Stops and resumes reading from the socket. */
  pause(): void;
  resume(): void;
}

/**
 * Performs one opening handshake and resolves when it is done. The listener hears `open` and every frame that came in
 * the segment of the 101 in their own turn, before the promise resolves. Rejects with a `HandshakeError`, and then the
 * listener hears nothing; an aborted `signal` ends it.
 */
export type OpenWire = (listener: WireListener, signal: Abortable) => Promise<void>;
