import { describeClose } from '../protocol/close-code.ts';
import { describeLocation, type CallSite } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';
import type { Connection } from './connection.ts';
import type { StepFacts } from './observer.ts';
import type { Finding } from './findings.ts';

/** What a connection leaves at the end of a test that fails it, each once. Kinds that are switched off are left out. */
export function judgeConnection(connection: Connection): Finding[] {
  const findings = [...judgeClose(connection), ...judgeHandlers(connection), ...judgeTimers(connection)];
  return findings.filter(({ kind }) => connection.judges(kind));
}

/** A peer that broke the protocol or a limit. */
export function protocolFinding({ name, settings, shownUrl }: Connection, error: Error): Finding {
  const what = errorMessage(error).replace(/^The server /, 'the server ');
  const text = `on "${name}" (${shownUrl}), ${what}`;
  return { kind: 'protocolError', text, site: settings.site, error };
}

/** What was still pending when the test ended: nobody awaited it. */
export function describePending(method: string, site: CallSite | undefined): string {
  return `${method} at ${describeLocation(site?.location)} was not awaited`;
}

/** What an operation leaves that failed and that nobody awaited. */
export function unawaitedFailure({ method, site }: StepFacts, error: unknown): Finding {
  const place = describeLocation(site.location);
  const text = `${method} at ${place} failed, and nobody awaited it: ${errorMessage(error)}`;
  return { kind: 'unawaitedFailure', text, site, error };
}

function judgeClose(connection: Connection): Finding[] {
  const { closeInfo, closing, failure, name, openedAt, settings } = connection;
  if (closeInfo === undefined || closing.isOrderly || closing.isExpected || closing.isJudged) return [];
  closing.isJudged = true;
  // A protocol error is a finding of its own.
  if (closing.isViolated) return [];
  const place = describeLocation(settings.site.location);
  const what = openedAt === undefined ? 'could not be opened' : `closed with ${describeClose(closeInfo)}`;
  const because = failure === undefined ? '' : `: ${errorMessage(failure)}`;
  const text = `"${name}" (${connection.shownUrl}), connected at ${place}, ${what}${because}${remedy(openedAt)}`;
  return [{ kind: 'unexpectedClose', text, site: settings.site }];
}

function remedy(openedAt: number | undefined): string {
  return openedAt === undefined ? '' : '\n  If that is right, expect it: await expect(client).toBeClosed({ code })';
}

function judgeHandlers({ events, name }: Connection): Finding[] {
  return events.takeUncalled().map((site) => ({
    kind: 'uncalledHandler' as const,
    text: `the handler of "message" at ${describeLocation(site.location)} was never called: "${name}" received no message after it was added\n  Pass { optional: true } if that is right`,
    site,
  }));
}

function judgeTimers({ name, timers }: Connection): Finding[] {
  return timers.takeUnfired().map((site) => ({
    kind: 'uncalledHandler' as const,
    text: `the setTimeout at ${describeLocation(site.location)} had not fired when "${name}" ended\n  Pass { optional: true } if that is right`,
    site,
  }));
}
