import { STATUS_CODES, createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';

import { WebSocketServer, type ServerOptions as WsOptions, type WebSocket } from 'ws';

import { allGone, listen, stop, trackSockets } from './listening.ts';
import { Queue } from './queue.ts';
import { ServerConnection } from './server-connection.ts';

/** What a server does with each connection it accepted. */
export type ConnectionHandler = (connection: ServerConnection) => void;

/** An answer to an opening handshake that is not 101. A `body` that is no string is sent as JSON. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface TestServerOptions {
  /** Called for each accepted connection; may be replaced later by `onConnection`. */
  readonly connection?: ConnectionHandler;
  /** Answers plain HTTP requests. Default: 404 for all. */
  readonly http?: RequestListener;
  /** Refuses an opening handshake, or accepts it by returning `undefined`. Default: accepts all. */
  readonly refuse?: (request: IncomingMessage) => Refusal | undefined;
  /** Serves wss and https with this key and certificate. */
  readonly tls?: TlsOptions;
  /** Options of the `ws` server, e.g. `handleProtocols`, `perMessageDeflate`, `autoPong`. */
  readonly websocket?: WsOptions;
}

/** A real WebSocket and HTTP server on a free port of 127.0.0.1. A test waits on it and never sleeps. */
export class TestServer {
  readonly port: number;
  /** `ws://127.0.0.1:<port>`, or `wss:` with `tls`; no slash at the end. */
  readonly url: string;
  /** The same as `url` for plain HTTP requests. */
  readonly httpUrl: string;
  /** Opening handshakes seen, also refused ones, in order. */
  readonly handshakes: IncomingMessage[] = [];
  /** Every connection accepted so far, in order, closed ones included. */
  readonly connections: ServerConnection[] = [];
  readonly #http: Server;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #accepted = new Queue<ServerConnection>();
  #handler: ConnectionHandler;

  /** Use `startServer`. */
  constructor(http: Server, port: number, options: TestServerOptions) {
    this.#http = http;
    this.#sockets = trackSockets(http);
    this.#handler = options.connection ?? (() => {});
    this.port = port;
    this.url = `${options.tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}`;
    this.httpUrl = this.url.replace(/^ws/, 'http');
    this.#acceptUpgrades(options);
  }

  get openConnections(): ServerConnection[] {
    return this.connections.filter((connection) => connection.isOpen);
  }

  /** The oldest accepted connection nobody asked for yet, or the next one to come. */
  nextConnection(): Promise<ServerConnection> {
    return this.#accepted.next();
  }

  /** From now on, called for each accepted connection, before any message of it is read. */
  onConnection(handler: ConnectionHandler): void {
    this.#handler = handler;
  }

  /** Resolves with the connections that are still open after a second; at once when there are none. */
  async leftOpen(): Promise<ServerConnection[]> {
    await allGone(this.connections.map((connection) => connection.closed));
    return this.openConnections;
  }

  /** Ends all connections and stops listening. May be called twice. */
  async close(): Promise<void> {
    this.#accepted.end(new Error('Cannot wait for a connection: the server was closed'));
    await stop(this.#http, this.#sockets);
    await Promise.all(this.connections.map((connection) => connection.closed));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #acceptUpgrades(options: TestServerOptions): void {
    const websockets = new WebSocketServer({ ...options.websocket, noServer: true });
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.handshakes.push(request);
      const refusal = options.refuse?.(request);
      if (refusal !== undefined) return refuse(socket, refusal);
      websockets.handleUpgrade(request, socket, head, (client) => this.#accept(client, request));
    });
  }

  #accept(client: WebSocket, request: IncomingMessage): void {
    const connection = new ServerConnection(client, request);
    this.connections.push(connection);
    this.#handler(connection);
    this.#accepted.push(connection);
  }
}

/** Starts a `TestServer`; a function is short for `{ connection }`. */
export async function startServer(options: TestServerOptions | ConnectionHandler = {}): Promise<TestServer> {
  const all = typeof options === 'function' ? { connection: options } : options;
  const http = all.tls === undefined ? createServer() : createTlsServer(all.tls);
  http.on('request', all.http ?? ((_request, response) => response.writeHead(404).end()));
  return new TestServer(http, await listen(http), all);
}

function refuse(socket: Duplex, { status, headers = {}, body = '' }: Refusal): void {
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  const all: Record<string, string | number> = {
    'content-type': isText ? 'text/plain' : 'application/json',
    'content-length': bytes.length,
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => {});
  socket.end(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`), bytes]),
  );
}
