import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

import type { Flushed, Wire, WireListener } from '../connection/wire.ts';
import type { Handshake } from '../protocol/handshake.ts';

/** What a wire is made of, beside the `ws` socket. */
export interface WireParts {
  readonly handshake: Handshake;
  readonly listener: WireListener;
  /** The socket below. */
  readonly network: Socket | undefined;
}

/** What a connection sends on, over an open `ws` socket. */
export class WsWire implements Wire {
  readonly handshake: Handshake;
  readonly #socket: WebSocket;
  readonly #listener: WireListener;
  readonly #network: Socket | undefined;

  constructor(socket: WebSocket, { handshake, listener, network }: WireParts) {
    this.#socket = socket;
    this.handshake = handshake;
    this.#listener = listener;
    this.#network = network;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  get isClosing(): boolean {
    return this.#socket.readyState >= this.#socket.CLOSING;
  }

  send(payload: Uint8Array, isBinary: boolean, flushed: Flushed): void {
    this.#hand(flushed, (done) => this.#socket.send(payload, { binary: isBinary }, done));
  }

  ping(payload: Uint8Array, flushed: Flushed): void {
    this.#hand(flushed, (done) => this.#socket.ping(payload, true, done));
  }

  pong(payload: Uint8Array, flushed: Flushed): void {
    this.#hand(flushed, (done) => this.#socket.pong(payload, true, done));
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

  /** Runs a sending method of `ws`; what it throws at once goes where its late errors go. It does one or the other. */
  #hand(flushed: Flushed, send: (done: Flushed) => void): void {
    let isHanded = false;
    const done = (error?: Error | null): void => {
      // Node.js calls back without an error when a socket is destroyed with bytes still queued.
      const isCutOff = !isHanded && this.#network?.destroyed === true;
      const reason = error ?? (isCutOff ? new Error('the connection ended with the bytes still queued') : undefined);
      guard(() => (reason === undefined ? flushed() : flushed(reason)));
    };
    try {
      send(done);
      isHanded = this.#socket.bufferedAmount === 0;
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
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
