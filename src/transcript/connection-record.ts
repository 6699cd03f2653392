import type { Connection } from '../connection/connection.ts';
import { closeCodeName } from '../protocol/close-code.ts';
import type { Handshake } from '../protocol/handshake.ts';
import { describeLocation } from '../support/call-site.ts';
import { wallTime } from '../support/clock.ts';
import { errorMessage, HandshakeError, type CloseInfo } from '../support/errors.ts';
import { maskUrl } from '../support/redact.ts';
import type { Redactor } from '../support/redactor.ts';

/** One connection of a transcript. */
export interface ConnectionRecord {
  readonly name: string;
  /** Secrets masked. */
  readonly url: string;
  /** Where the user asked for it, `orders.spec.ts:7`. */
  readonly location: string;
  /** Wall-clock milliseconds since the epoch at which its opening handshake began. */
  readonly time: number;
  /** Milliseconds from the first connection's beginning to its own. */
  readonly ms: number;
  /** Milliseconds to the end of its opening handshake; `undefined` when that failed. */
  readonly openedMs: number | undefined;
  /** What the server answered, accepted or refused; `undefined` when no HTTP response came. */
  readonly handshake: HandshakeRecord | undefined;
  /** Why the opening handshake or the connection failed. */
  readonly failure: string | undefined;
  /** `true`: that it did not open is what the test asked for or asserted, or a finding tells of it already. */
  readonly expected: true | undefined;
  /** How it ended; `undefined` while it is open. */
  readonly close: CloseRecord | undefined;
}

/** An opening handshake of a transcript. */
export interface HandshakeRecord {
  readonly accepted: boolean;
  /** The URL of the last request, redirects followed; secrets masked. */
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  /** Milliseconds. */
  readonly duration: number;
  /** Names in lower case, secrets masked. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Names in lower case, secrets masked. */
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Names of the cookies that were sent. Their values are secrets. */
  readonly requestCookies: readonly string[];
  /** Names of the cookies that the answer set. */
  readonly responseCookies: readonly string[];
  readonly subprotocol: string;
  readonly extensions: string;
  /** Body of a refusal. */
  readonly body: Buffer;
}

/** The end of a connection of a transcript. */
export interface CloseRecord extends CloseInfo {
  /** Name of a registered close code, `Going away`. */
  readonly meaning: string | undefined;
  /** Milliseconds since the first connection began. */
  readonly ms: number;
}

/**
 * Of a connection that was opened again the handshake is that of its first opening; the others are in its gaps.
 *
 * @param startedAt Monotonic milliseconds at which the first connection began.
 */
export function describeConnection(connection: Connection, startedAt: number): ConnectionRecord {
  const { closing, createdAt, failure, name, openedAt, reconnection, redactor, settings } = connection;
  const refused = failure instanceof HandshakeError ? failure.handshake : undefined;
  const handshake = reconnection?.gaps.at(0)?.handshake ?? connection.handshake ?? refused;
  return {
    name,
    url: redactor.text(maskUrl(handshake?.accepted === true ? handshake.url : settings.url)),
    location: describeLocation(settings.site.location),
    time: wallTime(createdAt),
    ms: createdAt - startedAt,
    openedMs: openedAt === undefined ? undefined : openedAt - startedAt,
    handshake: handshake === undefined ? undefined : describeHandshake(handshake, redactor),
    failure: failure === undefined ? undefined : errorMessage(failure),
    expected: openedAt === undefined && closing.isExpected ? true : undefined,
    close: describeEnd(connection, startedAt),
  };
}

/** An opening handshake without its secrets. */
export function describeHandshake(handshake: Handshake, redactor: Redactor): HandshakeRecord {
  const { accepted, body, duration, extensions, protocol, status, statusText } = handshake;
  return {
    accepted,
    url: redactor.text(maskUrl(handshake.url)),
    status,
    statusText,
    duration,
    requestHeaders: redactor.headers(handshake.requestHeaders),
    responseHeaders: redactor.headers(handshake.headers),
    requestCookies: cookieNames(handshake.requestHeaders['cookie'], ';'),
    responseCookies: cookieNames(handshake.headers['set-cookie'], '\n'),
    subprotocol: protocol,
    extensions,
    body,
  };
}

function cookieNames(header: string | undefined, separator: string): string[] {
  const pairs = header?.split(separator) ?? [];
  return pairs.map((pair) => pair.slice(0, Math.max(0, pair.indexOf('='))).trim()).filter((name) => name !== '');
}

function describeEnd({ closeInfo, closing }: Connection, startedAt: number): CloseRecord | undefined {
  if (closeInfo === undefined || closing.finishedAt === undefined) return undefined;
  return { ...closeInfo, meaning: closeCodeName(closeInfo.code), ms: closing.finishedAt - startedAt };
}
