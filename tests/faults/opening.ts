import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { generate } from 'selfsigned';
import type { HandshakeErrorCode } from '../../src/support/errors.ts';
import type { Certificate } from '../transport/certificates.ts';
import type { RawServer } from '../helpers/raw-server.ts';
import { stated, type StatedError } from './matrix.ts';
import type { Scene } from './scene.ts';

const require = createRequire(import.meta.url);

/** The remedies that several rows share. */
export const remedies = {
  ignoreErrors: '  Pass { ignoreHTTPSErrors: true } if the certificate of this server is not to be checked.',
  hostAndPort: '  Check host and port, or raise { timeout }.',
  otherServer: '  Check that a WebSocket server answers at this URL, or raise { timeout }.',
  proxy: '  Check { proxy }, or add the host to its `bypass`.',
  proxyCredentials: '  Pass { proxy: { server, username, password } }.',
  clientCertificate: '  Pass { clientCertificates } with one whose origin is that of the URL.',
} as const;

/** A `HandshakeError` about `ws://127.0.0.1:PORT/`, from what follows the URL on. */
export function failed(...lines: readonly string[]): StatedError {
  return about('ws://127.0.0.1:PORT/', 'WS_HANDSHAKE_FAILED', lines);
}

export function refused(...lines: readonly string[]): StatedError {
  return about('ws://127.0.0.1:PORT/', 'WS_HANDSHAKE_REFUSED', lines);
}

export function invalid(...lines: readonly string[]): StatedError {
  const [fault = '', ...more] = lines;
  const first = `the server answered 101, but the answer is invalid: ${fault}`;
  return about('ws://127.0.0.1:PORT/', 'WS_HANDSHAKE_INVALID', [first, ...more]);
}

export function aborted(reason?: string): StatedError {
  const fault = `the opening handshake was aborted${reason === undefined ? '' : `: ${reason}`}`;
  return about('ws://127.0.0.1:PORT/', 'WS_HANDSHAKE_ABORTED', [fault]);
}

/** `timeout` passed, 300 ms. */
export function timedOut(...lines: readonly string[]): StatedError {
  const first = 'the opening handshake did not end within 300 ms';
  return about('ws://127.0.0.1:PORT/', 'WS_HANDSHAKE_TIMEOUT', [first, ...lines]);
}

/** The same about another URL. */
export function at(url: string, { error, code, message }: StatedError): StatedError {
  return { error, code, message: message.replace('ws://127.0.0.1:PORT/', url) };
}

function about(url: string, code: HandshakeErrorCode, [fault = '', ...more]: readonly string[]): StatedError {
  return stated('HandshakeError', code, `Cannot connect to "${url}": ${fault}`, ...more);
}

/** A server that reads each request and then writes these bytes, whatever they are. */
export function answering({ startRawServer }: Scene, bytes: Buffer | string): Promise<RawServer> {
  return startRawServer({ connection: (peer) => void peer.readRequest().then(() => peer.write(bytes)) });
}

/** How long a certificate is valid. Default: from now on, for a year. */
export interface Validity {
  readonly notBeforeDate?: Date;
  readonly notAfterDate?: Date;
}

/** A certificate that signs itself, as an authority's does. */
export async function certificate(host: string, validity: Validity = {}): Promise<Certificate> {
  const altName = isIP(host) === 0 ? ({ type: 2, value: host } as const) : ({ type: 7, ip: host } as const);
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'a fault' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [altName] }],
    ...validity,
  });
  return { cert, key };
}

type Lookup = (host: string, options: object, done: (error: Error) => void) => void;

/** Runs code while this process resolves names so. What a name server says depends on the machine. */
export async function withLookup<T>(lookup: Lookup, run: () => Promise<T>): Promise<T> {
  const dns: { lookup: unknown } = require('node:dns');
  const original = dns.lookup;
  dns.lookup = lookup;
  try {
    return await run();
  } finally {
    dns.lookup = original;
  }
}

/** Runs code while this process trusts the authority: Node.js reads its own list once, at its start. */
export async function trusting<T>(ca: string, run: () => Promise<T>): Promise<T> {
  const tls: { createSecureContext: (options: object) => unknown } = require('node:tls');
  const original = tls.createSecureContext;
  tls.createSecureContext = (options) => original({ ...options, ca });
  try {
    return await run();
  } finally {
    tls.createSecureContext = original;
  }
}
