import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';

import { allGone, listen, stop, trackSockets } from './listening.ts';

/** One request to a proxy. */
export interface ProxyRequest {
  /** `host:port`, as the client named it. */
  readonly target: string;
  /** `user:password`; `undefined` when the client sent none. */
  readonly credentials: string | undefined;
}

export interface ProxyOptions {
  /** `user:password` that the proxy asks for. Default: it takes everybody. */
  readonly credentials?: string;
  /** Speaks TLS with its clients (CONNECT only). */
  readonly tls?: TlsOptions;
  /** Takes connections and answers nothing. */
  readonly isSilent?: boolean;
}

/** A proxy on a free port of 127.0.0.1. Every host name leads to 127.0.0.1, so that a test can use any. */
export class TestProxy {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  readonly requests: readonly ProxyRequest[];
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  /** Use `startConnectProxy` or `startSocksProxy`. */
  constructor(server: Server, port: number, requests: ProxyRequest[]) {
    this.host = `127.0.0.1:${port}`;
    this.requests = requests;
    this.#server = server;
    this.#sockets = trackSockets(server);
  }

  /** How many clients did not end their connection within a second; at once when there are none. */
  async leftOpen(): Promise<number> {
    const open = [...this.#sockets];
    await allGone(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    await stop(this.#server, this.#sockets);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A proxy that understands CONNECT. */
export async function startConnectProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  const requests: ProxyRequest[] = [];
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => {});
    const credentials = basicCredentials(request.headers['proxy-authorization']);
    requests.push({ target: request.url ?? '', credentials });
    if (options.isSilent === true) return onlyListen(socket);
    if (options.credentials !== undefined && credentials !== options.credentials) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n',
      );
      return;
    }
    const way = join(socket, portOf(request.url ?? ''));
    way.once('connect', () => socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
  });
  return new TestProxy(server, await listen(server), requests);
}

/** A SOCKS 5 proxy, RFC 1928, with user name and password, RFC 1929; for names and IPv4 addresses. */
export async function startSocksProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const requests: ProxyRequest[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (options.isSilent === true) return onlyListen(socket);
    void speakSocks(socket, options, requests);
  });
  return new TestProxy(server, await listen(server), requests);
}

/** One message of a client arrives in one segment here: it is below 600 bytes, and written at once. */
async function speakSocks(socket: Socket, options: ProxyOptions, requests: ProxyRequest[]): Promise<void> {
  const methods = await nextChunk(socket);
  const offersPassword = methods.subarray(2).includes(2);
  if (!offersPassword && options.credentials !== undefined) return void socket.end(Buffer.from([5, 0xff]));
  socket.write(Buffer.from([5, offersPassword ? 2 : 0]));
  const credentials = offersPassword ? passwordCredentials(await nextChunk(socket)) : undefined;
  if (offersPassword) {
    const isRight = options.credentials === undefined || credentials === options.credentials;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return void socket.end();
  }
  const target = socksTarget(await nextChunk(socket));
  requests.push({ target, credentials });
  const way = join(socket, portOf(target));
  way.once('connect', () => socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0])));
}

/** Reads, so that the client's end is seen. */
function onlyListen(socket: Duplex): void {
  socket.on('end', () => socket.destroy()).resume();
}

function nextChunk(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => socket.once('data', resolve));
}

function passwordCredentials(bytes: Buffer): string {
  const nameEnd = 2 + (bytes[1] ?? 0);
  return `${bytes.toString('utf8', 2, nameEnd)}:${bytes.toString('utf8', nameEnd + 1)}`;
}

/** RFC 1928 section 4: the address type is 3 for a name, 1 for IPv4. */
function socksTarget(bytes: Buffer): string {
  const port = bytes.readUInt16BE(bytes.length - 2);
  const host = bytes[3] === 3 ? bytes.toString('utf8', 5, bytes.length - 2) : bytes.subarray(4, 8).join('.');
  return `${host}:${port}`;
}

function join(socket: Duplex, port: number): Socket {
  const way = connect(port, '127.0.0.1');
  way.on('error', () => socket.destroy());
  way.on('close', () => socket.destroy());
  socket.on('close', () => way.destroy());
  way.pipe(socket).pipe(way);
  return way;
}

function portOf(target: string): number {
  return Number(target.slice(target.lastIndexOf(':') + 1));
}

function basicCredentials(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header.replace(/^Basic /, ''), 'base64').toString();
}
