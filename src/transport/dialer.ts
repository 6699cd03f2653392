import type { ClientRequestArgs } from 'node:http';
import { isIP, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

import { added } from '../support/small-list.ts';
import type { Proxy } from './proxy.ts';
import { tunnel } from './tunnel.ts';
import { hostOf, portOf } from './url.ts';

/** How far an opening handshake got, as a timeout says it. */
export type Phase = 'cookies' | 'resolve' | 'connect' | 'proxy' | 'tls' | 'answer' | 'body';

/** Told how far the handshake got. */
interface Progress {
  phase: Phase;
}

/** Where one opening handshake connects to, and how. */
export interface DialTarget {
  readonly url: URL;
  /** How to speak TLS with it, when the URL asks for that. */
  readonly tls: ConnectionOptions | undefined;
  readonly proxy: Proxy | undefined;
  /** How to speak TLS with the proxy. */
  readonly proxyTls: ConnectionOptions | undefined;
}

/** The option `createConnection` of `node:http`: returns a socket, or calls back with one. */
export type Dial = (
  options: ClientRequestArgs,
  made: (error: Error | null, socket: Duplex) => void,
) => Duplex | undefined;

/**
 * Makes the socket of one opening handshake, through a proxy where there is one. No `Agent`: it takes 50 µs, and no socket
 * may outlive the handshake that made it, not even one that still talks to a proxy.
 */
export class Dialer {
  readonly #target: DialTarget;
  readonly #progress: Progress;
  #sockets: Socket[] = [];
  #bytesBeforeAnswer = 0;
  #isDestroyed = false;

  constructor(target: DialTarget, progress: Progress) {
    this.#target = target;
    this.#progress = progress;
  }

  /** Whether a part of the answer came. Unknown, and `false`, with TLS: it has traffic of its own. */
  get answerBegan(): boolean {
    return !this.#isSecure && (this.#sockets.at(-1)?.bytesRead ?? 0) > this.#bytesBeforeAnswer;
  }

  /** For the option `createConnection` of `node:http`. */
  readonly dial: Dial = (_options, made) => {
    const { url, proxy, tls } = this.#target;
    const endpoint = { host: hostOf(url), port: portOf(url) };
    if (proxy === undefined) return this.#connect(endpoint, this.#isSecure ? tls : undefined);
    this.#throughProxy(proxy, endpoint).then(
      (socket) => made(null, socket),
      // Node.js ignores the socket when there is an error, whatever the type says.
      (error: Error) => made(error, this.#sockets[0]),
    );
    return undefined;
  };

  /** Ends every socket it made, whatever stage it is in. */
  destroy(): void {
    this.#isDestroyed = true;
    for (const socket of this.#sockets.toReversed()) socket.destroy();
  }

  get #isSecure(): boolean {
    return this.#target.url.protocol === 'wss:';
  }

  /** Returns at once: `node:http` writes the request when the socket has connected. */
  #connect(endpoint: { host: string; port: number }, tls: ConnectionOptions | undefined): Socket {
    const isName = isIP(endpoint.host) === 0;
    this.#progress.phase = isName ? 'resolve' : 'connect';
    const socket = this.#own(tls === undefined ? connectTcp(endpoint) : connectTls({ ...endpoint, ...tls }));
    if (isName) socket.once('lookup', () => (this.#progress.phase = 'connect'));
    socket.once('connect', () => (this.#progress.phase = tls === undefined ? 'answer' : 'tls'));
    if (tls !== undefined) socket.once('secureConnect', () => (this.#progress.phase = 'answer'));
    return socket;
  }

  async #throughProxy(proxy: Proxy, endpoint: { host: string; port: number }): Promise<Socket> {
    this.#progress.phase = 'proxy';
    const toProxy = { host: proxy.host, port: proxy.port };
    const isHttps = proxy.kind === 'https';
    const socket = this.#own(isHttps ? connectTls({ ...toProxy, ...this.#target.proxyTls }) : connectTcp(toProxy));
    const tunnelled = await tunnel(socket, proxy, endpoint);
    if (!this.#isSecure) {
      this.#bytesBeforeAnswer = tunnelled.bytesRead;
      this.#progress.phase = 'answer';
      return tunnelled;
    }
    this.#progress.phase = 'tls';
    const secured = this.#own(connectTls({ ...this.#target.tls, socket: tunnelled }));
    secured.once('secureConnect', () => (this.#progress.phase = 'answer'));
    return secured;
  }

  /** A destroyed socket may still report an error when nobody listens any more: that must not end the process. */
  #own(socket: Socket): Socket {
    socket.on('error', ignore);
    this.#sockets = added(this.#sockets, socket);
    if (this.#isDestroyed) socket.destroy();
    return socket;
  }
}

function connectTcp(endpoint: { host: string; port: number }): Socket {
  return new TcpSocket().connect(endpoint);
}

/** `ws` ends its socket up to three times. Node.js makes an error with a stack for each end too many, 10 µs, for nobody. */
class TcpSocket extends Socket {
  override end(...args: unknown[]): this {
    const isEnd = args.length > 0 || !(this.writableEnded || this.destroyed);
    // oxlint-disable-next-line typescript/unbound-method -- bound here; none of its signatures takes any arguments
    if (isEnd) Reflect.apply(super.end, this, args);
    return this;
  }
}

function ignore(): void {}
