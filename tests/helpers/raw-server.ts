import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

import { allGone, listen, stop, trackSockets } from './listening.ts';
import { Queue } from './queue.ts';
import { RawPeer } from './raw-peer.ts';

export interface RawServerOptions {
  /** Speaks TLS with this key and certificate; bytes are then those inside of TLS. */
  readonly tls?: TlsOptions;
  /** Called for each connection. */
  readonly connection?: (peer: RawPeer) => void;
}

/** A TCP or TLS server on a free port of 127.0.0.1 that answers nothing by itself: the test writes every byte. */
export class RawServer {
  readonly port: number;
  /** `ws://127.0.0.1:<port>`, or `wss:` with `tls`; no slash at the end. */
  readonly url: string;
  /** Every connection so far, in order. */
  readonly peers: RawPeer[] = [];
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;
  readonly #arrived = new Queue<RawPeer>();

  /** Use `startRawServer`. */
  constructor(server: Server, port: number, options: RawServerOptions) {
    this.port = port;
    this.url = `${options.tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}`;
    this.#server = server;
    this.#sockets = trackSockets(server);
    server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      const peer = new RawPeer(socket);
      this.peers.push(peer);
      options.connection?.(peer);
      this.#arrived.push(peer);
    });
  }

  /** The oldest connection nobody asked for yet, or the next one to come. */
  nextPeer(): Promise<RawPeer> {
    return this.#arrived.next();
  }

  /** Resolves with the connections that their client did not end within a second; at once when there are none. */
  async leftOpen(): Promise<RawPeer[]> {
    await allGone(this.peers.map((peer) => peer.ended));
    return this.peers.filter((peer) => peer.isOpen);
  }

  /** Ends all connections and stops listening. May be called twice. */
  async close(): Promise<void> {
    this.#arrived.end(new Error('Cannot wait for a connection: the server was closed'));
    await stop(this.#server, this.#sockets);
    await Promise.all(this.peers.map((peer) => peer.closed));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Starts a `RawServer`. */
export async function startRawServer(options: RawServerOptions = {}): Promise<RawServer> {
  // Half-open: a test decides itself when this side sends FIN.
  const server =
    options.tls === undefined
      ? createServer({ allowHalfOpen: true })
      : createTlsServer({ ...options.tls, allowHalfOpen: true });
  return new RawServer(server, await listen(server), options);
}
