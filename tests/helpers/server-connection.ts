import type { IncomingMessage } from 'node:http';

import type { RawData, WebSocket } from 'ws';

import { Queue } from './queue.ts';

/** A data message as the server saw it. */
export interface ServerMessage {
  readonly bytes: Buffer;
  readonly text: string;
  readonly isBinary: boolean;
}

/** How a connection ended, seen from the server. */
export interface ServerClose {
  readonly code: number;
  readonly reason: string;
}

/** One accepted connection of a `TestServer`. Every `next…` waits for what did not come yet, and rejects after the close. */
export class ServerConnection {
  readonly request: IncomingMessage;
  /** The `ws` socket itself, for what has no method here. */
  readonly socket: WebSocket;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<ServerClose>;
  readonly #messages = new Queue<ServerMessage>();
  readonly #pings = new Queue<Buffer>();
  readonly #pongs = new Queue<Buffer>();

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.socket = socket;
    this.request = request;
    socket.on('message', (data, isBinary) => this.#messages.push(serverMessage(data, isBinary)));
    socket.on('ping', (payload) => this.#pings.push(payload));
    socket.on('pong', (payload) => this.#pongs.push(payload));
    // A peer that breaks the protocol is part of many tests: `closed` tells about it.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve(this.#end({ code, reason: reason.toString() })));
    });
  }

  /** Path and query of the request. */
  get path(): string {
    return this.request.url ?? '/';
  }

  get isOpen(): boolean {
    return this.socket.readyState !== this.socket.CLOSED;
  }

  /** A string goes out as text, bytes as binary, anything else as JSON text. Resolves when handed to the socket. */
  send(data: unknown): Promise<void> {
    const payload = typeof data === 'string' || data instanceof Uint8Array ? data : JSON.stringify(data);
    return new Promise((resolve, reject) => {
      this.socket.send(payload, (error) => (error instanceof Error ? reject(error) : resolve()));
    });
  }

  ping(payload: string | Buffer = ''): void {
    this.socket.ping(payload);
  }

  pong(payload: string | Buffer = ''): void {
    this.socket.pong(payload);
  }

  /** Starts the closing handshake, and resolves when the connection is gone. */
  close(code?: number, reason?: string): Promise<ServerClose> {
    this.socket.close(code, reason);
    return this.closed;
  }

  /** Ends the connection without a close frame. */
  terminate(): Promise<ServerClose> {
    this.socket.terminate();
    return this.closed;
  }

  nextMessage(): Promise<ServerMessage> {
    return this.#messages.next();
  }

  /** The next message, parsed as JSON. */
  async nextValue(): Promise<unknown> {
    const message = await this.nextMessage();
    return JSON.parse(message.text);
  }

  nextPing(): Promise<Buffer> {
    return this.#pings.next();
  }

  nextPong(): Promise<Buffer> {
    return this.#pongs.next();
  }

  #end(close: ServerClose): ServerClose {
    const ended = (awaited: string): Error =>
      new Error(`Cannot wait for a ${awaited}: the client closed with ${close.code} "${close.reason}"`);
    this.#messages.end(ended('message'));
    this.#pings.end(ended('ping'));
    this.#pongs.end(ended('pong'));
    return close;
  }
}

/** The bytes of a message in whatever form `ws` hands it over. */
export function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function serverMessage(data: RawData, isBinary: boolean): ServerMessage {
  const bytes = toBuffer(data);
  return { bytes, isBinary, text: bytes.toString('utf8') };
}
