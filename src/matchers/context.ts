import { connectionOf } from '../connection/connection-of.ts';
import type { Connection } from '../connection/connection.ts';
import { waitError } from '../connection/wait-error.ts';
import { checkWaitOptions, type WaitOptions } from '../connection/wait-options.ts';
import type { WaitRecord } from '../connection/wait-record.ts';
import type { WaitSettings } from '../connection/waits.ts';
import { explainWait } from '../explain/explain.ts';
import { paintFailure } from '../explain/paint.ts';
import type { CallSite } from '../support/call-site.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { siteBelow } from './late-matchers.ts';

/** What matchers need of the `this` of an expect: Playwright's has all of it, the standalone one no timeout. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined;
  /** Milliseconds; the limit that Playwright resolved. */
  readonly timeout?: number | undefined;
  /** Has the colours of the host's own failures. */
  readonly utils?: unknown;
}

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly name: string;
}

/** Limit of a matcher where the expect has none; Playwright's own default. */
const defaultTimeoutMs = 5000;

/** One call of a matcher, before it is known what it waits for. */
export interface MatcherCall {
  readonly name: string;
  /** The matcher itself: the user's line is below it. */
  readonly below: Function;
  readonly received: unknown;
  readonly argument: string;
  readonly options: object | undefined;
  readonly optionNames: readonly string[];
}

/** Checks who is asserted on and the options, and captures the user's line. Throws a `TypeError` at that line. */
export function beginMatcher(context: MatcherContext, call: MatcherCall): WaitSettings {
  const site = siteBelow(call.below);
  return atUserLine(site, () => {
    const connections = connectionsOf(call.name, call.received);
    for (const connection of connections) connection.assertUsable(site);
    const { signal, timeout }: WaitOptions = checkWaitOptions(call.name, call.options, call.optionNames);
    return {
      method: call.name,
      call: describeCall(context, call),
      site,
      connections,
      timeout: timeout ?? context.timeout ?? defaultTimeoutMs,
      signal,
    };
  });
}

/** Runs a check whose error is the user's: its stack points at the user's line, wherever the package is installed. */
export function atUserLine<T>(site: CallSite | undefined, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof Error ? (site?.applyTo(error) ?? error) : error;
  }
}

/** What the host gets: a failure is drawn only when it is read. */
export function toResult(context: MatcherContext, record: WaitRecord): MatcherResult {
  const isMet = record.outcome?.kind === 'passed';
  if (record.outcome?.kind === 'misuse') throw record.site?.applyTo(waitError(record)) ?? waitError(record);
  // A host takes `pass === isNot` for a failure, whatever was asserted.
  const pass = context.isNot === true ? !isMet : isMet;
  return { pass, message: () => paintFailure(explainWait(record), context.utils), name: record.method };
}

function describeCall({ isNot }: MatcherContext, { argument, name, received }: MatcherCall): string {
  const subject = Array.isArray(received) ? 'clients' : 'client';
  return `expect(${subject})${isNot === true ? '.not' : ''}.${name}(${argument})`;
}

/** A client that is listed twice is one client. */
function connectionsOf(name: string, received: unknown): readonly Connection[] {
  if (!Array.isArray(received)) return [connectionOrThrow(name, received, '')];
  if (received.length === 0) {
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot assert ${name} on an empty list of clients: it would pass without looking at anything`,
    );
  }
  const connections = received.map((one: unknown, index) => connectionOrThrow(name, one, ` at [${index}]`));
  return [...new Set(connections)];
}

function connectionOrThrow(name: string, received: unknown, place: string): Connection {
  const connection = connectionOf(received);
  if (connection !== undefined) return connection;
  const { found, remedy } = describeStranger(name, received);
  throw misuse('WS_INVALID_ARGUMENT', `Cannot assert ${name}: expected a client, found ${found}${place}\n  ${remedy}`);
}

/** What was asserted on instead of a client, and what was probably meant. */
function describeStranger(name: string, received: unknown): { readonly found: string; readonly remedy: string } {
  const remedy = 'Pass what ws.connect() resolved with, a socket of ws.WebSocket, or a list of them.';
  if (received instanceof Promise) {
    return { found: 'a promise', remedy: `Await it: await expect(await ws.connect('/path')).${name}(…).` };
  }
  if (received === undefined || received === null) {
    return { found: String(received), remedy: "Assign the client first: const client = await ws.connect('/path')." };
  }
  if (typeof received === 'object' && 'readyState' in received && 'send' in received) {
    return { found: 'a WebSocket that was opened elsewhere', remedy };
  }
  return { found: describeFound(received), remedy };
}
