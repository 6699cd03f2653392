import { isIP, isIPv4, type Socket } from 'node:net';
import type { Proxy } from './proxy.ts';
import { proxyCredentials, ProxyError } from './proxy-error.ts';

// Ours, because the package for it leaves a timer behind each connection and says nothing of use when it fails.

/** What a proxy is asked to connect to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a SOCKS proxy for a way to the endpoint, over a socket that has connected to it. The proxy resolves the host name,
 * as with Playwright. Ends with the socket: it has no limit of its own.
 */
export async function throughSocks(socket: Socket, proxy: Proxy, endpoint: Endpoint): Promise<void> {
  const way: Way = { socket, answers: new Answers(socket) };
  if (proxy.kind === 'socks4') {
    await askSocks4(way, proxy, endpoint);
  } else {
    await logIn(way, proxy);
    await askSocks5(way, endpoint);
  }
  way.answers.release();
}

interface Way {
  readonly socket: Socket;
  readonly answers: Answers;
}

/** Replies of SOCKS 5, RFC 1928 section 6. */
const replies: ReadonlyMap<number, string> = new Map([
  [1, 'general failure'],
  [2, 'not allowed by its rules'],
  [3, 'network unreachable'],
  [4, 'host unreachable'],
  [5, 'connection refused'],
  [6, 'time to live expired'],
  [7, 'command not supported'],
  [8, 'address type not supported'],
]);

/** SOCKS 4a: a name goes after an address that cannot be, 0.0.0.1. */
async function askSocks4({ socket, answers }: Way, { username }: Proxy, { host, port }: Endpoint): Promise<void> {
  const address = isIPv4(host) ? addressBytes(host) : Buffer.from([0, 0, 0, 1]);
  const name = isIPv4(host) ? [] : [Buffer.from(host), Buffer.alloc(1)];
  socket.write(Buffer.concat([Buffer.from([4, 1]), portBytes(port), address, Buffer.from(`${username}\0`), ...name]));
  const [version, status] = await answers.read(8);
  if (version !== 0) throw new ProxyError('the proxy does not speak SOCKS 4');
  if (status === 92 || status === 93) throw new ProxyError('the proxy refused the user name', proxyCredentials);
  if (status !== 90) throw new ProxyError('the proxy refused to connect');
}

/** RFC 1928 section 3; user name and password as in RFC 1929. */
async function logIn({ socket, answers }: Way, { username, password }: Proxy): Promise<void> {
  const hasCredentials = username !== '';
  socket.write(Buffer.from(hasCredentials ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await answers.read(2);
  if (version !== 5) throw new ProxyError('the proxy does not speak SOCKS 5');
  if (method === 0) return;
  if (method !== 2 || !hasCredentials) throw new ProxyError('the proxy asks for credentials', proxyCredentials);
  socket.write(Buffer.concat([Buffer.from([1]), counted(username), counted(password)]));
  const [, status] = await answers.read(2);
  if (status !== 0) throw new ProxyError('the proxy refused user name and password', proxyCredentials);
}

async function askSocks5({ socket, answers }: Way, { host, port }: Endpoint): Promise<void> {
  const address = isIP(host) === 0 ? counted(host) : addressBytes(host);
  const type = new Map([
    [0, 3],
    [4, 1],
    [6, 4],
  ]).get(isIP(host));
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, type ?? 3]), address, portBytes(port)]));
  const [version, reply, , addressType] = await answers.read(4);
  if (version !== 5) throw new ProxyError('the proxy does not speak SOCKS 5');
  if (reply !== 0) throw new ProxyError(`the proxy could not connect: ${replies.get(reply) ?? `reply ${reply}`}`);
  // The address that it connected from: of no use, but what follows it is the server's.
  await answers.read((await addressLength(answers, addressType)) + 2);
}

async function addressLength(answers: Answers, type: number | undefined): Promise<number> {
  if (type === 1) return 4;
  if (type === 4) return 16;
  const [length = 0] = await answers.read(1);
  return length;
}

/** What a proxy answers, in pieces of known sizes. */
class Answers {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Exactly so many bytes. */
  async read(size: number): Promise<Buffer> {
    while (this.#bytes.length < size) await this.#more();
    const bytes = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    return bytes;
  }

  /** What came beyond the answers is the server's. */
  release(): void {
    if (this.#bytes.length > 0) this.#socket.unshift(this.#bytes);
  }

  async #more(): Promise<void> {
    const chunk: unknown = this.#socket.read();
    if (chunk instanceof Buffer) {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      return;
    }
    if (this.#socket.readableEnded || this.#socket.destroyed) {
      throw new ProxyError('the proxy closed the connection without an answer');
    }
    await change(this.#socket);
  }
}

const changes: readonly string[] = ['readable', 'end', 'close'];

function change(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const changed = (): void => {
      for (const event of changes) socket.off(event, changed);
      resolve();
    };
    for (const event of changes) socket.on(event, changed);
  });
}

/** At most 255 bytes, with their number in front. */
function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255)
    throw new ProxyError('SOCKS 5 takes host name, user name and password of up to 255 bytes each');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(port);
  return bytes;
}

/** 4 bytes of an IPv4 address, 16 of an IPv6 address. */
function addressBytes(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from(host.split('.').map(Number));
  // The URL parser has normalised it: at most one "::", and no dotted part.
  const [head = '', tail] = host.split('::');
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0'));
  return Buffer.from(all.join(''), 'hex');
}
