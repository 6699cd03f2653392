import { maxHeaderSize } from 'node:http';
import { escapeControls, previewPayload } from '../explain/preview.ts';
import { errorMessage } from '../support/errors.ts';
import type { Phase } from './dialer.ts';

/** Whom an error of the network, of TLS or of HTTP is about, and how far it got. */
export interface Place {
  readonly who: 'the server' | 'the proxy';
  readonly phase: Phase;
  /** Whether a part of the answer came. */
  readonly answerBegan: boolean;
  readonly isSecure: boolean;
}

/** What happened, and what usually helps: `''` when nothing usually does. */
export interface NetworkFault {
  readonly text: string;
  readonly remedy: string;
}

/** The words for an error of Node.js. Its own are kept where they say what happened. */
export function describeNetworkError(error: unknown, place: Place): NetworkFault {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return headerOverflow(place);
  if (code.startsWith('HPE_')) return describeParseError(error, place);
  if (code === 'ECONNRESET' || code === 'EPIPE') return describeGone(error, place);
  if (code === 'EMFILE') return { text: tooManyFiles, remedy: remedies.get(code) ?? '' };
  const tls = tlsReason(error);
  if (tls !== undefined) return describeTlsError(tls, place);
  const name = describeLookUp(error);
  if (name !== undefined) return { text: name, remedy: remedies.get(code) ?? '' };
  return { text: escapeControls(errorMessage(error)), remedy: remedies.get(code) ?? '' };
}

const ignoreErrors = 'Pass { ignoreHTTPSErrors: true } if the certificate of this server is not to be checked.';
const clientCertificate = 'Pass { clientCertificates } with one whose origin is that of the URL.';
const otherServer = 'Check host and port: what listens there does not speak HTTP.';
const tooManyFiles = 'this process has as many connections and files open as the system allows (EMFILE)';
const otherScheme = 'Check the scheme: for a server without TLS it is ws:.';

/** What usually helps against an error code of Node.js. */
const remedies: ReadonlyMap<string, string> = new Map([
  [
    'ECONNREFUSED',
    'Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
  ],
  ['ENOTFOUND', 'Check the host name.'],
  ['EAI_AGAIN', 'Check the host name, and the network.'],
  ['ETIMEDOUT', 'Check host and port, and the network between.'],
  ['EMFILE', 'Close connections and files, or allow this process more of them (`ulimit -n`).'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ignoreErrors],
  ['SELF_SIGNED_CERT_IN_CHAIN', ignoreErrors],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ignoreErrors],
  ['UNABLE_TO_GET_ISSUER_CERT', ignoreErrors],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ignoreErrors],
  ['CERT_HAS_EXPIRED', ignoreErrors],
  ['CERT_NOT_YET_VALID', ignoreErrors],
  ['ERR_TLS_CERT_ALTNAME_INVALID', ignoreErrors],
]);

/** An error of `dns.lookup`; its own text names the function of the C library. */
function describeLookUp(error: unknown): string | undefined {
  const { hostname, syscall } = { hostname: undefined, syscall: undefined, ...Object(error) };
  if (syscall !== 'getaddrinfo' || typeof hostname !== 'string') return undefined;
  const fault = lookUpFaults.get(codeOf(error)) ?? codeOf(error);
  return `the host name "${hostname}" cannot be resolved: ${fault}`;
}

const lookUpFaults: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'it is unknown'],
  ['EAI_AGAIN', 'the name server did not answer'],
]);

function headerOverflow({ who }: Place): NetworkFault {
  return {
    text: `the headers of ${possessive(who)} answer exceed ${maxHeaderSize} bytes, the limit of Node.js`,
    remedy: 'Check what answers at this URL. NODE_OPTIONS=--max-http-header-size=<bytes> raises the limit.',
  };
}

/** An answer that does not begin as HTTP, or that breaks it further on. */
function describeParseError(error: unknown, { who }: Place): NetworkFault {
  const { rawPacket, reason } = { rawPacket: undefined, reason: undefined, ...Object(error) };
  const isOther = codeOf(error) === 'HPE_INVALID_CONSTANT' || codeOf(error) === 'HPE_INVALID_METHOD';
  if (isOther && rawPacket instanceof Buffer) {
    return { text: `${who} answered what is not HTTP: "${previewPayload(rawPacket, true, 60)}"`, remedy: otherServer };
  }
  return { text: `${possessive(who)} answer breaks HTTP: ${String(reason ?? errorMessage(error))}`, remedy: '' };
}

/** The peer closed the connection, with or without an error. */
function describeGone(error: unknown, { who, phase, answerBegan, isSecure }: Place): NetworkFault {
  const verb = errorMessage(error).startsWith('read ') ? 'reset' : 'closed';
  if (phase === 'tls') {
    return {
      text: `${who} ${verb} the connection during the TLS handshake`,
      remedy: 'It may not speak TLS, then use ws:. It may want { clientCertificates }, or other ones.',
    };
  }
  if (answerBegan) return { text: `${who} ${verb} the connection in the middle of its answer`, remedy: '' };
  const remedy = isSecure ? 'It may want { clientCertificates }.' : 'If it speaks TLS, use wss:.';
  return { text: `${who} ${verb} the connection without an answer`, remedy: who === 'the server' ? remedy : '' };
}

/** What OpenSSL gives as the reason: a property, or a part of a text that also has its files and lines. */
function tlsReason(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return undefined;
  const { reason } = { reason: undefined, ...Object(error) };
  return typeof reason === 'string' ? reason : /:SSL routines:[^:]*:([^:]+):/.exec(errorMessage(error))?.[1];
}

/** Alerts of the server, RFC 8446 section 6, that have a usual remedy. */
const alertRemedies: ReadonlyMap<string, string> = new Map([
  ['certificate required', clientCertificate],
  ['handshake failure', clientCertificate],
  ['unknown ca', 'The server does not accept the client certificate.'],
  ['bad certificate', 'The server does not accept the client certificate.'],
  ['protocol version', 'The server wants another version of TLS.'],
]);

/** What OpenSSL calls bytes that are no TLS. */
const notTls = /^(wrong version number|packet length too long|http request|https proxy request|record layer failure)$/;

function describeTlsError(reason: string, { who }: Place): NetworkFault {
  const alert = /\balert (.+)$/.exec(reason)?.[1];
  if (alert !== undefined) {
    return { text: `${who} ended the TLS handshake: ${alert}`, remedy: alertRemedies.get(alert) ?? '' };
  }
  if (notTls.test(reason)) return { text: `${who} does not speak TLS`, remedy: otherScheme };
  return { text: `the TLS handshake failed: ${reason}`, remedy: '' };
}

function possessive(who: Place['who']): string {
  return `${who}'s`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
