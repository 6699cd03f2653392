import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

import type { Flushed, Wire, WireListener } from '../connection/wire.ts';
import { createHandshake, type Handshake, type HandshakeFacts } from '../protocol/handshake.ts';
import { type AcceptLimits, violationOf } from './violation.ts';

/** Hears what a socket of `ws` emits. */
export interface Ear {
  hear(event: string | symbol, first: unknown, second: unknown): void;
}

/** What a wire is made of, beside the `ws` socket. */
export interface WireParts {
  readonly facts: HandshakeFacts;
  readonly listener: WireListener;
  /** The socket below: knows why a connection broke. */
  readonly network: Socket | undefined;
  readonly limits: AcceptLimits;
}

/**
 * What a connection sends on, over an open `ws` socket, and what tells its listener of what that hears. In the turn of the
 * 101, so before any frame that came with it: `ws` reads on in the next turn.
 */
export class WsWire implements Wire, Ear {
  readonly #socket: WebSocket;
  readonly #facts: HandshakeFacts;
  readonly #listener: WireListener;
  readonly #network: Socket | undefined;
  readonly #limits: AcceptLimits;
  #handshake: Handshake | undefined;

  constructor(socket: WebSocket, { facts, limits, listener, network }: WireParts) {
    this.#socket = socket;
    this.#facts = facts;
    this.#listener = listener;
    this.#network = network;
    this.#limits = limits;
  }

  /** Made when somebody looks: it is as large as the rest of an idle connection of ours. */
  get handshake(): Handshake {
    return (this.#handshake ??= createHandshake(this.#facts));
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

  /** As `guard` does, without a closure a message. */
  hear(event: string | symbol, first: unknown, second: unknown): void {
    try {
      this.#tell(event, first, second);
    } catch (error) {
      throwLater(error);
    }
  }

  #tell(event: string | symbol, first: unknown, second: unknown): void {
    if (event === 'message') this.#listener.message(bytesOf(first), second === true);
    else if (event === 'ping') this.#listener.ping(bytesOf(first));
    else if (event === 'pong') this.#listener.pong(bytesOf(first));
    else if (event === 'close') this.#listener.close(Number(first), bytesOf(second), causeOf(first, this.#network));
    else if (event === 'error' && first instanceof Error) this.#failed(first);
  }

  #failed(reported: Error): void {
    const { closeCode, error } = violationOf(reported, this.#limits);
    this.#listener.error(error, closeCode);
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

/** Why there was no close frame; `undefined` when there was one, and when this side ended the connection. */
function causeOf(code: unknown, network: Socket | undefined): Error | undefined {
  if (code !== 1006 || network === undefined) return undefined;
  // `ws` keeps it to itself.
  const { errored } = network;
  if (errored !== null) return new Error(`The connection broke: ${errored.message}`, { cause: errored });
  return network.readableEnded ? new Error('The server ended the connection without a close frame') : undefined;
}

/** With `nodebuffer` everything that is emitted is a Buffer. */
function bytesOf(data: unknown): Buffer {
  return Buffer.isBuffer(data) ? data : noBytes;
}

const noBytes = Buffer.alloc(0);

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
