import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';

import { type RawFrame, parseFrame } from './raw-frame.ts';

/** An HTTP request as it stood on the wire. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Names in lower case; repeated ones joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Everything up to and with the empty line. */
  readonly text: string;
}

export interface AcceptOptions {
  /** Further response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the right `Sec-WebSocket-Accept`; `false` leaves it out. */
  readonly accept?: string | false;
  /** Bytes in the same write as the 101, and so in the same segment: a greeting. */
  readonly extra?: Buffer;
}

export interface TrickleOptions {
  /** Bytes a write. Default: 1. */
  readonly size?: number;
  /** Milliseconds between two writes. Default: 0, a turn of the event loop. */
  readonly every?: number;
}

/** The server's end of one TCP connection: writes any bytes, reads what the client wrote. */
export class RawPeer {
  /** For what has no method here. */
  readonly socket: Socket;
  /** Resolves when the client sends nothing more: its FIN, a reset, or the end of the socket. */
  readonly ended: Promise<void>;
  /** Resolves when the socket is gone in both directions. */
  readonly closed: Promise<void>;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    // Resets are part of many tests: `closed` tells about them.
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.#feed(Buffer.from(bytes)));
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    const fin = new Promise<void>((resolve) => socket.once('end', resolve));
    this.ended = Promise.race([fin, this.closed]).then(() => this.#stopReading());
  }

  /** Whether the client has not ended its side. */
  get isOpen(): boolean {
    return !this.#ended;
  }

  /** The next HTTP request, e.g. the opening handshake. One reader at a time. */
  async readRequest(): Promise<RawRequest> {
    const text = await this.#read('a request', (bytes) => {
      const end = bytes.indexOf('\r\n\r\n');
      return end < 0 ? undefined : { value: bytes.toString('latin1', 0, end + 4), size: end + 4 };
    });
    return parseRequest(text);
  }

  /** The next frame of the client, unmasked. */
  readFrame(): Promise<RawFrame> {
    return this.#read('a frame', (bytes) => {
      const parsed = parseFrame(bytes);
      return parsed === undefined ? undefined : { value: parsed.frame, size: parsed.size };
    });
  }

  /** Reads the opening handshake and answers 101. Returns the request. */
  async accept(options: AcceptOptions = {}): Promise<RawRequest> {
    const request = await this.readRequest();
    await this.write(Buffer.concat([switchingProtocols(request, options), options.extra ?? Buffer.alloc(0)]));
    return request;
  }

  /** One write; resolves when the kernel has the bytes, or when the connection is gone. */
  write(bytes: Buffer | string): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Writes in small pieces; stops when the connection is gone. */
  async trickle(bytes: Buffer | string, { size = 1, every = 0 }: TrickleOptions = {}): Promise<void> {
    const all = Buffer.from(bytes);
    for (let start = 0; start < all.length && this.socket.writable; start += size) {
      await this.write(all.subarray(start, start + size));
      await this.#pass(every);
    }
  }

  /** Sends FIN: nothing more comes from here; still reads. */
  async end(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.end(() => resolve()));
  }

  /** Sends RST. */
  async reset(): Promise<void> {
    this.socket.resetAndDestroy();
    await this.closed;
  }

  #feed(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    this.#wake();
  }

  #stopReading(): void {
    this.#ended = true;
    this.#wake();
  }

  async #read<T>(what: string, parse: (bytes: Buffer) => { value: T; size: number } | undefined): Promise<T> {
    for (;;) {
      const parsed = parse(this.#received);
      if (parsed !== undefined) {
        this.#received = this.#received.subarray(parsed.size);
        return parsed.value;
      }
      if (this.#ended)
        throw new Error(
          `Cannot read ${what}: the client ended the connection, ${this.#received.length} bytes are left`,
        );
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Lets time pass, but not beyond the end of the connection. */
  async #pass(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    await Promise.race([passed, this.closed]);
    clearTimeout(timer);
  }
}

/** The value of `Sec-WebSocket-Accept` for a key, RFC 6455 section 4.2.2. */
export function acceptKey(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** The bytes of a 101 for this request. */
export function switchingProtocols(request: RawRequest, { headers = {}, accept }: AcceptOptions = {}): Buffer {
  const key = accept ?? acceptKey(request.headers['sec-websocket-key'] ?? '');
  const all = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    ...(key === false ? {} : { 'sec-websocket-accept': key }),
    ...headers,
  };
  return response('101 Switching Protocols', all);
}

/** The bytes of an HTTP response; nothing is added but the status line and the empty line. */
export function response(status: string, headers: Readonly<Record<string, string>> = {}, body = ''): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`, 'utf8');
}

function parseRequest(text: string): RawRequest {
  const [start = '', ...lines] = text.trimEnd().split('\r\n');
  const [method = '', target = ''] = start.split(' ');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { method, target, headers, text };
}
