import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ManagedClient } from './connection/managed-client.ts';
import { silentObserver } from './connection/observer.ts';
import { Registry, type RegistryScope } from './connection/registry.ts';
import type { WebSocketClient } from './connection/web-socket-client.ts';
import { provideMatchers } from './matchers/late-matchers.ts';
import { matchers } from './matchers/matchers.ts';
import { CallSite } from './support/call-site.ts';
import type { ConnectOptions } from './transport/connect-options.ts';
import { prepareConnection, type Identity } from './transport/connect.ts';

export { anyMessage } from './expectation/any-message.ts';
export { matchers };
export {
  ConnectionClosedError,
  HandshakeError,
  WaitAbortedError,
  WaitTimeoutError,
  WebSocketError,
} from './support/errors.ts';
export type { WebSocketClient } from './connection/web-socket-client.ts';
export type { ClientAssertions, NotClientAssertions } from './matchers/types.ts';
export type { ConnectOptions } from './transport/connect-options.ts';

// Who has a client of this entry may assert on it with the `expect` of the other one.
provideMatchers(matchers);

const script: RegistryScope = { owner: 'script', isJudged: false };

/** A script has no test whose requests it could share anything with. */
const scriptIdentity: Identity = {
  baseURL: undefined,
  userAgent: undefined,
  defaults: [],
  requestCookies: () => ({ source: false, label: '`request`, which a script does not have' }),
};

/**
 * Opens a connection without Playwright Test: in scripts, global set-up and other runners. Nobody closes it but you:
 * call `close()`, or declare it with `await using`. What a handler throws is an uncaught exception.
 *
 * @param url Absolute: `ws:`, `wss:`, `http:` or `https:`.
 * @throws {HandshakeError} when the opening handshake does not end in an open connection.
 * @throws {TypeError} for a URL or an option that is not allowed.
 * @example
 * ```ts
 * import { expect } from 'expect';
 * import { connect, matchers } from 'playwright-ws/client';
 *
 * expect.extend(matchers);
 * const echo = await connect('ws://127.0.0.1:4040/echo');
 * await echo.send('hello');
 * await echo.waitForMessage('hello');
 * await echo.close();
 * ```
 */
export function connect<Schema extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>>(
  url: string,
  options?: ConnectOptions<Schema>,
): Promise<WebSocketClient<StandardSchemaV1.InferOutput<Schema>>>;
export function connect(url: string, options?: ConnectOptions): Promise<WebSocketClient> {
  const site = CallSite.capture(connect);
  const registry = new Registry(script, silentObserver);
  try {
    const { connection, open } = prepareConnection({ registry, identity: scriptIdentity, site }, url, options);
    return open('connect', () => new ManagedClient(connection, registry));
  } catch (error) {
    return Promise.reject(error instanceof Error ? site.applyTo(error) : error);
  }
}
