import type { AutoReply } from '../connection/options.ts';
import type { CompiledAutoReply } from '../connection/auto-replies.ts';
import { readyStates, type Connection, type ConnectionSettings } from '../connection/connection.ts';
import type { FindingSwitches } from '../connection/findings.ts';
import type { Registry } from '../connection/registry.ts';
import { compileExpectation } from '../expectation/compile.ts';
import { schemaValidator } from '../expectation/schema.ts';
import { Reconnection } from '../connection/reconnection.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { onAbort } from '../support/on-abort.ts';
import type { CallSite } from '../support/call-site.ts';
import { HandshakeError, misuse } from '../support/errors.ts';
import { checkOptions } from '../support/options.ts';
import { connectOptions, type ConnectOptions } from './connect-options.ts';
import { openClientWire } from './handshake.ts';
import {
  defaultCloseTimeoutMs,
  handshakeRequest,
  lookUpCookies,
  presentHeaders,
  type Identity,
} from './handshake-request.ts';
import { mergeOptions } from './options.ts';
import { reconnectPlan } from './reconnect.ts';
import { resolveUrl } from './url.ts';

export type { Identity, NamedCookieSource } from './handshake-request.ts';

/** Who connects, for whom, from which line. */
export interface Caller {
  readonly registry: Registry;
  readonly identity: Identity;
  readonly site: CallSite;
}

const defaultWaitTimeoutMs = 5000;

const titles = {
  connect: 'Connect WebSocket',
  'new WebSocket': 'Connect WebSocket',
  handshake: 'Perform handshake',
} as const;

/** The call of the user's that opens a connection. */
export type ConnectMethod = keyof typeof titles;

/** A connection whose opening handshake has not begun. */
export interface PreparedConnection {
  readonly connection: Connection;
  /**
   * Performs the opening handshake and what follows it as one operation of the user's.
   *
   * @param failed What an opening handshake that failed is to the user. Default: a failure.
   */
  readonly open: <T>(method: ConnectMethod, opened: () => T | Promise<T>, failed?: (error: unknown) => T) => Promise<T>;
}

/** Checks and merges the options and creates the connection. Throws a `TypeError` for what is not allowed. */
export function prepareConnection(
  { identity, registry, site }: Caller,
  url: unknown,
  given: ConnectOptions = {},
): PreparedConnection {
  const options = mergeOptions<ConnectOptions>(...identity.defaults, checkOptions('connect', connectOptions, given));
  if (typeof url !== 'string') {
    throw misuse('WS_INVALID_URL', `Cannot connect to a URL of type ${typeof url}: expected text, such as "/orders"`);
  }
  const target = resolveUrl(url, identity.baseURL, options.params);
  const headers = presentHeaders(options.headers);
  registry.redactor.learnOptions(target.href, options);
  const wantedName = options.name ?? (target.pathname === '/' ? target.host : target.pathname);
  const place = { name: registry.uniqueName(wantedName), url: target.href, site };
  const connection = registry.create(connectionSettings(options, place));
  addHandlers(connection, options, site);
  terminateOnAbort(connection, options.signal);
  const { redactor } = registry;
  const cookies = lookUpCookies(options, { identity, redactor });
  const request = handshakeRequest(options, { target, headers, cookies, userAgent: identity.userAgent });
  return {
    connection,
    open: (method, opened, failed) => {
      const title = titles[method];
      const found = cookies.lookUp(target);
      const ready = found instanceof Promise ? found : undefined;
      const subtitle = (): string => [connection.name, cookies.describe()].filter((part) => part !== '').join(', ');
      const isOver = method === 'new WebSocket' ? () => connection.readyState !== readyStates.connecting : undefined;
      return registry.run({ method, title, subtitle, site, isOver, ready }, connection, () => {
        if (method === 'connect' && options.reconnect !== undefined && options.reconnect !== false) {
          const plan = reconnectPlan(options.reconnect, { options, url, identity, redactor });
          connection.reconnection = new Reconnection(plan, connection);
        }
        return connection.start(openClientWire(request)).then(opened, failed);
      });
    },
  };
}

/** Performs the opening handshake and returns it, accepted or refused; closes the connection when it was accepted. */
export async function performHandshake({ connection, open }: PreparedConnection): Promise<Handshake> {
  const accepted = async (): Promise<Handshake> => {
    await connection.end();
    if (connection.handshake !== undefined) return connection.handshake;
    throw new HandshakeError('WS_HANDSHAKE_FAILED', 'The handshake ended without an answer');
  };
  const failed = (error: unknown): Handshake => {
    // Whoever asks for the handshake hears what came of it: nothing is left to judge.
    connection.closing.isExpected = true;
    if (error instanceof HandshakeError && error.handshake !== undefined) return error.handshake;
    throw error;
  };
  // A refusal is an answer: its step has not failed.
  return await open('handshake', accepted, failed).catch(failed);
}

function connectionSettings(
  options: Partial<ConnectOptions>,
  { name, site, url }: Pick<ConnectionSettings, 'name' | 'url' | 'site'>,
): ConnectionSettings {
  const { schema } = options;
  return {
    name,
    url,
    site,
    waitTimeout: options.waitTimeout ?? defaultWaitTimeoutMs,
    closeTimeout: options.closeTimeout ?? defaultCloseTimeoutMs,
    maxMemory: options.maxMemory,
    codec: options.codec,
    validate: schema === undefined ? undefined : schemaValidator(schema),
    failsOnInvalidMessage: options.onInvalidMessage !== 'record',
    keepAlive: options.keepAlive,
    autoPong: options.autoPong !== false,
    autoReplies: compileAutoReplies(options.autoReply),
    ignore:
      options.ignore === undefined
        ? undefined
        : compileExpectation(options.ignore, { method: 'ignore', optionNames: [] }),
    signal: options.signal,
    findings: options.findings ?? allFindings,
  };
}

const allFindings: FindingSwitches = {};
const noReplies: readonly CompiledAutoReply[] = [];

function compileAutoReplies(autoReply: AutoReply | readonly AutoReply[] | undefined): readonly CompiledAutoReply[] {
  if (autoReply === undefined) return noReplies;
  return [autoReply].flat().map(({ on, send }) => ({
    on: compileExpectation(on, { method: 'autoReply', optionNames: [] }),
    send,
  }));
}

function addHandlers(connection: Connection, { on }: Partial<ConnectOptions>, site: CallSite): void {
  if (on === undefined) return;
  const { events } = connection;
  if (on.message !== undefined) events.add('message', on.message, { site });
  if (on.ping !== undefined) events.add('ping', on.ping, { site });
  if (on.pong !== undefined) events.add('pong', on.pong, { site });
  if (on.close !== undefined) events.add('close', on.close, { site });
  if (on.error !== undefined) events.add('error', on.error, { site });
  if (on.reconnect !== undefined) events.add('reconnect', on.reconnect, { site });
}

function terminateOnAbort(connection: Connection, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const abort = (): void => connection.closing.terminate(signal.reason);
  if (signal.aborted) abort();
  void connection.closed.then(onAbort(signal, abort));
}
