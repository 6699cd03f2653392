import type { Wire, WireListener } from '../../src/connection/wire.ts';
import { HandshakeError } from '../../src/support/errors.ts';
import { type HandshakeRequest, openClientWire } from '../../src/transport/handshake.ts';
import { Queue } from '../helpers/queue.ts';

/** One thing that a wire told. */
export type Heard =
  | { readonly kind: 'message' | 'ping' | 'pong'; readonly payload: string; readonly isBinary?: boolean }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** Keeps what a wire told, in order. */
export class Recorder implements WireListener {
  readonly heard: Heard[] = [];
  readonly #queue = new Queue<Heard>();
  #wire: Wire | undefined;

  get wire(): Wire {
    if (this.#wire === undefined) throw new Error('Cannot use the wire: it is not open');
    return this.#wire;
  }

  get isOpen(): boolean {
    return this.#wire !== undefined;
  }

  /** The oldest event nobody took yet, or the next one to come. */
  next(): Promise<Heard> {
    return this.#queue.next();
  }

  /** Ends the connection and waits until it is gone. */
  async end(): Promise<void> {
    this.wire.terminate();
    while (!this.heard.some(({ kind }) => kind === 'close')) await this.next();
  }

  open(wire: Wire): void {
    this.#wire = wire;
  }

  message(payload: Buffer, isBinary: boolean): void {
    this.#add({ kind: 'message', payload: payload.toString(), isBinary });
  }

  ping(payload: Buffer): void {
    this.#add({ kind: 'ping', payload: payload.toString() });
  }

  pong(payload: Buffer): void {
    this.#add({ kind: 'pong', payload: payload.toString() });
  }

  error(error: Error): void {
    this.#add({ kind: 'error', message: error.message });
  }

  close(code: number, reason: Buffer): void {
    this.#add({ kind: 'close', code, reason: reason.toString() });
  }

  #add(heard: Heard): void {
    this.heard.push(heard);
    this.#queue.push(heard);
  }
}

/** A request with nothing set. */
export function requestFor(url: string, request: Partial<HandshakeRequest> = {}): HandshakeRequest {
  return {
    url: new URL(url),
    headers: {},
    protocols: [],
    cookieSource: 'no cookies',
    cookies: async () => ({ header: '', count: 0 }),
    closeTimeout: 1000,
    ...request,
  };
}

/** Performs an opening handshake that must succeed. */
export async function open(url: string, request: Partial<HandshakeRequest> = {}): Promise<Recorder> {
  const recorder = new Recorder();
  await openClientWire(requestFor(url, request))(recorder, new AbortController().signal);
  return recorder;
}

/** Performs an opening handshake that must fail. The listener must have heard nothing of it. */
export async function failure(
  url: string,
  request: Partial<HandshakeRequest> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<HandshakeError> {
  const recorder = new Recorder();
  const error: unknown = await openClientWire(requestFor(url, request))(recorder, signal).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HandshakeError))
    throw new Error(`The handshake ended with ${String(error)}`, { cause: error });
  if (recorder.isOpen || recorder.heard.length > 0) throw new Error('The listener heard of a failed handshake');
  return error;
}

/** The lines of an error's text. */
export function text(...lines: readonly string[]): string {
  return lines.join('\n');
}
