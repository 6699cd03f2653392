import type { Answer } from './answer.ts';
import { proxyCredentials } from './proxy-error.ts';

const logIn = 'Log in with `request` first, or pass { headers: { authorization: … } }.';

/** What usually helps against a status. */
const statusRemedies: ReadonlyMap<number, string> = new Map([
  [200, 'Check the path: the server answers it as a page, not as a WebSocket.'],
  [204, 'Check the path: the server answers it, but not as a WebSocket.'],
  [400, 'Check path, { protocols } and { headers }: the server does not take the request for a WebSocket handshake.'],
  [401, logIn],
  [403, `${logIn} Some servers want an { origin }.`],
  [404, 'Check the path and `baseURL`: no WebSocket is served there.'],
  [405, 'Check the path: the server does not take GET there, which a WebSocket handshake is.'],
  [407, proxyCredentials],
  [426, 'The server saw no upgrade it supports: a proxy may have removed the Upgrade header.'],
  [429, 'The server limits connections: close some, or connect more slowly.'],
  [500, 'The server failed while it handled the request: look at its log.'],
  [502, 'A gateway answered: check that the server behind it runs.'],
  [503, 'Wait until the server is ready before connecting.'],
  [504, 'A gateway answered: check that the server behind it runs.'],
]);

/** The remedy for a refusal; `''` when there is no usual one. */
export function remedyForStatus({ status, headers }: Answer): string {
  const challenge = headers['www-authenticate'];
  if (status === 401 && challenge !== undefined && /\bbasic\b/i.test(challenge)) {
    return 'Pass { httpCredentials: { username, password } }.';
  }
  return statusRemedies.get(status) ?? '';
}
