import type { WebSocket } from 'ws';

import type { Flushed, Wire, WireListener } from '../connection/wire.ts';
import type { Handshake } from '../protocol/handshake.ts';

/** What a connection sends on, over an open `ws` socket. */
export class WsWire implements Wire {
  readonly handshake: Handshake;
  readonly #socket: WebSocket;
  readonly #listener: WireListener;

  constructor(socket: WebSocket, handshake: Handshake, listener: WireListener) {
    this.#socket = socket;
    this.handshake = handshake;
    this.#listener = listener;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  get isClosing(): boolean {
    return this.#socket.readyState >= this.#socket.CLOSING;
  }

  send(payload: Uint8Array, isBinary: boolean, flushed: Flushed): void {
    hand(flushed, (done) => this.#socket.send(payload, { binary: isBinary }, done));
  }

  ping(payload: Uint8Array, flushed: Flushed): void {
    hand(flushed, (done) => this.#socket.ping(payload, true, done));
  }

  pong(payload: Uint8Array, flushed: Flushed): void {
    hand(flushed, (done) => this.#socket.pong(payload, true, done));
  }

  close(code: number | undefined, reason: string): void {
    try {
      this.#socket.close(code, reason);
    } catch (error) {
      // A code or reason that may not be sent: nothing was, so the connection ends the hard way.
      const fault = error instanceof Error ? error : new Error(String(error));
      guard(() => this.#listener.error(fault));
      this.#socket.terminate();
    }
  }

  terminate(): void {
    this.#socket.terminate();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

/** Runs a sending method of `ws`; what it throws at once goes where its late errors go. It does one or the other. */
function hand(flushed: Flushed, send: (done: Flushed) => void): void {
  const done = (error?: Error | null): void => {
    guard(() => (error === undefined || error === null ? flushed() : flushed(error)));
  };
  try {
    send(done);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

/**
 * A throw inside a listener of `ws` makes the socket deaf for good. Nobody should throw here; who does is heard as an
 * uncaught exception, and the socket lives on.
 */
export function guard(run: () => void): void {
  try {
    run();
  } catch (error) {
    throwLater(error);
  }
}

/** Lets what was caught be heard as an uncaught exception. */
export function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
