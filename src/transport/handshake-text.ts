import { escapeControls } from '../explain/preview.ts';
import { errorMessage } from '../support/errors.ts';
import { maskUrl } from '../support/redact.ts';
import type { Answer } from './answer.ts';
import type { Phase } from './dialer.ts';
import { basicHeader, hasHeader, type Hop, isRedirect, redirectOf } from './hop.ts';
import type { TransportOptions } from './options.ts';
import { describeNetworkError, type NetworkFault } from './network-error.ts';
import { ProxyError } from './proxy-error.ts';
import { remedyForStatus } from './remedies.ts';

/** Which URL the user asked for, and the request that was the last. */
export interface Route {
  readonly url: URL;
  readonly hop: Hop;
}

export interface RefusalContext {
  readonly cookies: { readonly source: string; readonly count: number };
  readonly maxRedirects: number;
  readonly httpCredentials: TransportOptions['httpCredentials'];
}

/** How far a handshake got that ran out of time. */
export interface Reached {
  readonly phase: Phase;
  readonly answerBegan: boolean;
  readonly host: string;
}

/** Characters of a body that an error shows. */
const shownBody = 300;

/** The text of `WS_HANDSHAKE_REFUSED`. */
export function describeRefusal(route: Route, answer: Answer, context: RefusalContext): string {
  const redirect = redirectOf(route.hop.url, answer);
  const hasTooMany = redirect !== undefined && context.maxRedirects > 0;
  const fault = hasTooMany
    ? `the server redirected more than ${context.maxRedirects} ${context.maxRedirects === 1 ? 'time' : 'times'}`
    : `the server answered ${`${answer.status} ${escapeControls(answer.statusText)}`.trimEnd()}`;
  return lines(
    `${cannotConnect(route)}: ${fault}`,
    hasTooMany ? chain([...route.hop.redirects, redirect]) : chain(route.hop.redirects),
    describeBody(answer),
    describeRetry(answer),
    describeCookies(route, answer, context),
    describeRemedy(route, answer, context),
  );
}

/** The text of `WS_HANDSHAKE_INVALID`. */
export function describeInvalid(
  route: Route,
  error: { message: string; answer: Answer },
  protocols: readonly string[],
): string {
  const fault = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return lines(
    `${cannotConnect(route)}: the server answered 101, but the answer is invalid: ${fault}`,
    chain(route.hop.redirects),
    ...describeFault(fault, error.answer, protocols),
  );
}

/** The details and the remedy for what `ws` found to be invalid. */
function describeFault(fault: string, { headers }: Answer, protocols: readonly string[]): string[] {
  if (fault.includes('subprotocol')) {
    const offered = protocols.length === 0 ? 'none' : protocols.map((name) => `"${name}"`).join(', ');
    const chosen = headers['sec-websocket-protocol'];
    return [
      `subprotocols: offered ${offered}; chosen ${chosen === undefined ? 'none' : `"${escapeControls(chosen)}"`}`,
      'Pass { protocols } with a name that the server knows, or none.',
    ];
  }
  if (fault.includes('xtension')) {
    const chosen = headers['sec-websocket-extensions'] ?? '';
    const isKnown = chosen.startsWith('permessage-deflate');
    return [
      `extensions: ${escapeControls(chosen)}`,
      isKnown ? '{ perMessageDeflate: true } offers it.' : 'Only permessage-deflate is supported.',
    ];
  }
  if (fault.startsWith('missing')) return ['A proxy between may have removed it.'];
  return fault.includes('Accept') ? ['Something between may have answered from its cache.'] : [];
}

/** The text of `WS_HANDSHAKE_TIMEOUT`. */
export function describeTimeout(route: Route, timeout: number, reached: Reached): string {
  return lines(
    `${cannotConnect(route)}: the opening handshake did not end within ${timeout} ms`,
    chain(route.hop.redirects),
    `It was ${describePhase(reached, route.hop.url)}.`,
    reached.phase === 'answer'
      ? 'Check that a WebSocket server answers at this URL, or raise { timeout }.'
      : 'Check host and port, or raise { timeout }.',
  );
}

/** The text of `WS_HANDSHAKE_FAILED`. */
export function describeFailure(route: Route, error: unknown, reached: Reached): string {
  const { text, remedy } = faultOf(error, route, reached);
  return lines(`${cannotConnect(route)}: ${text}`, chain(route.hop.redirects), remedy);
}

function faultOf(error: unknown, { hop }: Route, { phase, answerBegan }: Reached): NetworkFault {
  if (error instanceof ProxyError) return { text: escapeControls(error.message), remedy: error.remedy };
  if (phase === 'cookies') {
    return { text: `it could not be prepared: ${escapeControls(errorMessage(error))}`, remedy: '' };
  }
  const isSecure = hop.url.protocol === 'wss:';
  return describeNetworkError(error, { who: 'the server', phase, answerBegan, isSecure });
}

/** The text of `WS_HANDSHAKE_ABORTED`. */
export function describeAbort(route: Route, reason: unknown): string {
  const isPlain = reason instanceof DOMException && reason.name === 'AbortError';
  return `${cannotConnect(route)}: the opening handshake was aborted${isPlain ? '' : `: ${errorMessage(reason)}`}`;
}

function cannotConnect({ url }: Route): string {
  return `Cannot connect to "${maskUrl(url)}"`;
}

function lines(first: string, ...further: readonly string[]): string {
  return [first, ...further.filter((line) => line !== '').map((line) => `  ${line}`)].join('\n');
}

function chain(redirects: Hop['redirects']): string {
  if (redirects.length === 0) return '';
  return `redirects: ${redirects.map(({ status, to }) => `${status} to "${maskUrl(to)}"`).join(', ')}`;
}

function describeBody({ body, headers, isCut }: Answer): string {
  if (body.length === 0) return isCut ? 'body: none of it came' : '';
  const text = body.toString('utf8').trim();
  const shown = text.length > shownBody ? `${text.slice(0, shownBody)}…` : text;
  if (shown.includes('\uFFFD')) {
    const encoding = headers['content-encoding'];
    return `body: ${body.length} bytes that are no text${encoding === undefined ? '' : `, content-encoding ${encoding}`}`;
  }
  const size = shown === text && !isCut ? '' : ` (${body.length} bytes${isCut ? ', more did not come' : ''})`;
  return `body: ${escapeControls(shown)}${size}`;
}

function describeRetry({ headers }: Answer): string {
  const after = headers['retry-after'];
  return after === undefined ? '' : `retry-after: ${escapeControls(after)}`;
}

function describeCookies({ hop }: Route, { status }: Answer, { cookies }: RefusalContext): string {
  if (status !== 401 && status !== 403) return '';
  if (hasHeader(hop.headers, 'cookie')) return 'cookies: those of the `cookie` header';
  return `cookies: ${cookies.count} sent, from ${cookies.source}`;
}

function describeRemedy(route: Route, answer: Answer, { maxRedirects, httpCredentials }: RefusalContext): string {
  const redirect = redirectOf(route.hop.url, answer);
  if (redirect !== undefined) {
    const isLoop = [route.url, ...route.hop.redirects.map(({ to }) => to)].some(
      ({ href }) => href === redirect.to.href,
    );
    if (maxRedirects > 0) return isLoop ? 'The redirects form a loop.' : `Raise { maxRedirects: ${maxRedirects} }.`;
    return `Connect to "${maskUrl(redirect.to)}", or pass { maxRedirects: 1 } to follow redirects.`;
  }
  if (isRedirect(answer)) return describeDeadEnd(answer);
  if (answer.status === 401 && basicHeader(route.hop, httpCredentials) !== undefined) {
    return 'The server refused the httpCredentials: check user name and password.';
  }
  return remedyForStatus(answer);
}

/** A redirect that nobody can follow. */
function describeDeadEnd({ headers: { location } }: Answer): string {
  if (location === undefined) return 'It has no Location header: the server does not say where to connect.';
  const to = URL.canParse(location) ? maskUrl(new URL(location)) : escapeControls(location);
  return `It leads to "${to}", which is no WebSocket URL.`;
}

function describePhase({ phase, answerBegan, host }: Reached, url: URL): string {
  const began = answerBegan ? "waiting for the rest of the server's answer" : "waiting for the server's answer";
  const phases: Readonly<Record<Phase, string>> = {
    cookies: 'reading cookies and certificates',
    resolve: `resolving the host name "${host}"`,
    connect: `connecting to ${url.host}`,
    proxy: 'waiting for the proxy',
    tls: 'in the TLS handshake',
    answer: began,
    body: "reading the body of the server's answer",
  };
  return phases[phase];
}
