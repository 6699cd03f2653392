import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import { describeNetworkError, type NetworkFault } from './network-error.ts';
import type { Proxy } from './proxy.ts';
import { proxyCredentials, ProxyError } from './proxy-error.ts';
import { type Endpoint, throughSocks } from './socks.ts';

/** Asks the proxy at the other end of the socket, which may still connect, for a way to the endpoint. */
export async function tunnel(socket: Socket, proxy: Proxy, endpoint: Endpoint): Promise<Socket> {
  const address = `${isIPv6(proxy.host) ? `[${proxy.host}]` : proxy.host}:${proxy.port}`;
  try {
    await once(socket, socket instanceof TLSSocket ? 'secureConnect' : 'connect');
  } catch (error) {
    const { text, remedy } = faultOf(error, socket, 'tls');
    // Its certificate has a remedy of its own; where it listens is a matter of the option.
    const known = remedy.includes('ignoreHTTPSErrors') ? remedy : undefined;
    throw new ProxyError(`the proxy ${address} cannot be reached: ${text}`, known, error);
  }
  if (!proxy.kind.startsWith('socks')) return throughHttp(socket, proxy, endpoint);
  await throughSocks(socket, proxy, endpoint);
  return socket;
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
  const { response, head } = await answerTo(connect, socket);
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) {
    socket.destroy();
    const remedy = status === 407 ? proxyCredentials : undefined;
    throw new ProxyError(`the proxy answered ${status} ${response.statusMessage ?? ''}`.trimEnd(), remedy);
  }
  if (head.length > 0) socket.unshift(head);
  return socket;
}

function answerTo(
  connect: ReturnType<typeof request>,
  socket: Socket,
): Promise<{ response: IncomingMessage; head: Buffer }> {
  return new Promise((resolve, reject) => {
    connect.on('error', (error) => reject(new ProxyError(faultOf(error, socket, 'proxy').text, undefined, error)));
    connect.once('connect', (response: IncomingMessage, _socket: unknown, head: Buffer) => resolve({ response, head }));
  });
}

function faultOf(error: unknown, socket: Socket, phase: 'tls' | 'proxy'): NetworkFault {
  const isSecure = socket instanceof TLSSocket;
  const answerBegan = !isSecure && socket.bytesRead > 0;
  return describeNetworkError(error, { who: 'the proxy', phase, answerBegan, isSecure });
}

function proxyAuthorization({ username, password }: Proxy): Record<string, string> {
  if (username === '') return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
