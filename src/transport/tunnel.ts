import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { isIPv6, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type * as socks from 'socks';

import { errorMessage } from '../support/errors.ts';
import type { Proxy } from './proxy.ts';

const require = createRequire(import.meta.url);

/** What a proxy is asked to connect to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Milliseconds after which a SOCKS proxy is given up; the handshake's deadline comes first. */
  readonly timeout: number;
}

/** A proxy that did not do what it was asked for. `status` is that of its answer to CONNECT. */
export class ProxyError extends Error {
  override readonly name: string = 'ProxyError';
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** Asks the proxy at the other end of the socket, which may still connect, for a way to the endpoint. */
export async function tunnel(socket: Socket, proxy: Proxy, endpoint: Endpoint): Promise<Socket> {
  const address = `${isIPv6(proxy.host) ? `[${proxy.host}]` : proxy.host}:${proxy.port}`;
  try {
    await once(socket, socket instanceof TLSSocket ? 'secureConnect' : 'connect');
  } catch (error) {
    throw Object.assign(new ProxyError(`the proxy ${address} cannot be reached: ${errorMessage(error)}`), {
      cause: error,
    });
  }
  return proxy.kind.startsWith('socks') ? throughSocks(socket, proxy, endpoint) : throughHttp(socket, proxy, endpoint);
}

/** CONNECT, RFC 9110 section 9.3.6, by Node's own HTTP client. */
async function throughHttp(socket: Socket, proxy: Proxy, endpoint: Endpoint): Promise<Socket> {
  const authority = `${isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  const connect = request({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy) },
    createConnection: () => socket,
  });
  connect.end();
  const { response, head } = await answerTo(connect);
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) {
    socket.destroy();
    throw new ProxyError(`the proxy answered ${status} ${response.statusMessage ?? ''}`.trimEnd(), status);
  }
  if (head.length > 0) socket.unshift(head);
  return socket;
}

function answerTo(connect: ReturnType<typeof request>): Promise<{ response: IncomingMessage; head: Buffer }> {
  return new Promise((resolve, reject) => {
    connect.on('error', (error) => reject(new ProxyError(`the proxy did not answer CONNECT: ${errorMessage(error)}`)));
    connect.once('connect', (response: IncomingMessage, _socket: unknown, head: Buffer) => resolve({ response, head }));
  });
}

function proxyAuthorization({ username, password }: Proxy): Record<string, string> {
  if (username === '') return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** SOCKS 4a and 5: the proxy resolves the host name, as with Playwright. */
async function throughSocks(socket: Socket, proxy: Proxy, endpoint: Endpoint): Promise<Socket> {
  const { SocksClient }: typeof socks = require('socks');
  const { host, port, username, password } = proxy;
  const type = proxy.kind === 'socks4' ? 4 : 5;
  try {
    await SocksClient.createConnection({
      proxy: { host, port, type, ...(username === '' ? {} : { userId: username, password }) },
      command: 'connect',
      destination: { host: endpoint.host, port: endpoint.port },
      existing_socket: socket,
      timeout: endpoint.timeout,
    });
    return socket;
  } catch (error) {
    // Its error carries the proxy's credentials, so only its text goes on.
    throw new ProxyError(`the proxy refused: ${errorMessage(error)}`);
  }
}
