import type { Answer } from './answer.ts';
import { ProxyError } from './tunnel.ts';

const logIn = 'Log in with `request` first, or pass { headers: { authorization: … } }.';
const ignoreErrors = 'Pass { ignoreHTTPSErrors: true } if the certificate of this server is not to be checked.';
const otherServer = 'Check host and port: what listens there does not speak HTTP.';

/** What usually helps against a status. */
const statusRemedies: ReadonlyMap<number, string> = new Map([
  [200, 'Check the path: the server answers it as a page, not as a WebSocket.'],
  [400, 'Check path, { protocols } and { headers }: the server does not take the request for a WebSocket handshake.'],
  [401, logIn],
  [403, `${logIn} Some servers want an { origin }.`],
  [404, 'Check the path and `baseURL`: no WebSocket is served there.'],
  [405, 'Check the path: the server does not take GET there, which a WebSocket handshake is.'],
  [407, 'Pass { proxy: { server, username, password } }.'],
  [426, 'The server saw no upgrade it supports: a proxy may have removed the Upgrade header.'],
  [429, 'The server limits connections: close some, or connect more slowly.'],
  [502, 'A gateway answered: check that the server behind it runs.'],
  [503, 'Wait until the server is ready before connecting.'],
  [504, 'A gateway answered: check that the server behind it runs.'],
]);

/** What usually helps against an error code of Node.js. */
const errorRemedies: ReadonlyMap<string, string> = new Map([
  [
    'ECONNREFUSED',
    'Check that the server runs, for example with `webServer` in the Playwright config, and its host and port.',
  ],
  ['ENOTFOUND', 'Check the host name.'],
  ['EAI_AGAIN', 'Check the host name, and the network: the name server did not answer.'],
  ['ETIMEDOUT', 'Check host and port, and the network between.'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ignoreErrors],
  ['SELF_SIGNED_CERT_IN_CHAIN', ignoreErrors],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ignoreErrors],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ignoreErrors],
  ['CERT_HAS_EXPIRED', ignoreErrors],
  ['ERR_TLS_CERT_ALTNAME_INVALID', ignoreErrors],
  ['EPROTO', 'Check the scheme: the server may not speak TLS, then it is ws:.'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'Check the scheme: the server does not speak TLS, then it is ws:.'],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'Pass { clientCertificates } with one whose origin is that of the URL.',
  ],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'Pass { clientCertificates } with one whose origin is that of the URL.'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'The server does not accept the client certificate.'],
]);

/** The remedy for a refusal; `''` when there is no usual one. */
export function remedyForStatus({ status, headers }: Answer): string {
  const challenge = headers['www-authenticate'];
  if (status === 401 && challenge !== undefined && /\bbasic\b/i.test(challenge)) {
    return 'Pass { httpCredentials: { username, password } }.';
  }
  return statusRemedies.get(status) ?? '';
}

/** The remedy for an error of the network, of TLS or of a proxy; `''` when there is no usual one. */
export function remedyForError(error: unknown, url: URL): string {
  if (error instanceof ProxyError) return remedyForProxy(error);
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return otherServer;
  if (code === 'ECONNRESET') return remedyForReset(url);
  return errorRemedies.get(code) ?? '';
}

function remedyForProxy({ status }: ProxyError): string {
  if (status === 407) return 'Pass { proxy: { server, username, password } }.';
  return 'Check { proxy }, or add the host to its `bypass`.';
}

function remedyForReset({ protocol }: URL): string {
  if (protocol === 'ws:') return 'The server closed the connection without an answer. If it speaks TLS, use wss:.';
  return 'The server closed the connection without an answer. It may want { clientCertificates }.';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
