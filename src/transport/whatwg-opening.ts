import type { Connection } from '../connection/connection.ts';
import type { Registry } from '../connection/registry.ts';
import type { OpenWire } from '../connection/wire.ts';
import { CallSite } from '../support/call-site.ts';
import { prepareConnection, type Identity } from './connect.ts';
import { asStandardError, socketOptions } from './whatwg-arguments.ts';
import type { WebSocketParams } from './whatwg-types.ts';

/** Whose clients the sockets of a class are. */
export interface SocketOwner {
  readonly registry: Registry;
  /** What the HTTP requests of the current test share with its handshakes. */
  readonly identity: () => Identity;
  /** Makes the client of a new socket known. */
  readonly created: (connection: Connection) => void;
}

/** The arguments of the constructor. */
export interface SocketArguments {
  readonly url: string | URL;
  readonly protocols: string | readonly string[] | null | undefined;
  readonly params: WebSocketParams | null | undefined;
}

/** A socket that begins to connect. */
export interface OpeningSocket {
  readonly connection: Connection;
  readonly testHasEnded: () => boolean;
}

/** Begins the opening handshake. */
export function openSocket({ created, identity, registry }: SocketOwner, args: SocketArguments): OpeningSocket {
  const site = userLine();
  return atUserLine(site, () => {
    const options = socketOptions(args.protocols, args.params);
    const caller = { registry, identity: identity(), site };
    const { connection, open } = prepareConnection(caller, String(args.url), options);
    created(connection);
    void untilEnded(registry.hasEnded ? connection.start(neverOpens) : open('new WebSocket', () => {}));
    return { connection, testHasEnded: () => registry.hasEnded };
  });
}

/** Awaits the opening handshake in the place of the user. Its failure is an event, and judged as the close that it is. */
async function untilEnded(opening: Promise<void>): Promise<void> {
  try {
    await opening;
  } catch {
    // Not `opening.catch(…)`: that would count as an assertion on the failure.
  }
}

/** The line of the user's that is being run. Frames of ours are left out of a call site anyway. */
export function userLine(): CallSite {
  return CallSite.capture(userLine);
}

/** Runs what may throw; the error points at the user's line. */
export function atUserLine<T>(site: CallSite, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    const error = asStandardError(thrown);
    throw error instanceof Error ? site.applyTo(error) : error;
  }
}

/**
 * The handshake of a socket that is constructed when its test has ended: nothing connects any more. A client library that
 * reconnects waits for it in vain; an error or a close would make it try again for ever, and blame other tests.
 */
const neverOpens: OpenWire = (_listener, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
