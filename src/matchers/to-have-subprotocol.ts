import type { Connection } from '../connection/connection.ts';
import type { WaitOptions } from '../connection/wait-options.ts';
import type { Outcome } from '../connection/wait-record.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { atUserLine, beginMatcher, toResult, type MatcherContext, type MatcherResult } from './context.ts';
import { runStateMatcher } from './state-matcher.ts';

/** Passes when the server chose this subprotocol; waits while the opening handshake is under way. */
export async function toHaveSubprotocol(
  this: MatcherContext,
  received: unknown,
  ...[expected, options]: [expected?: string, options?: WaitOptions]
): Promise<MatcherResult> {
  const settings = beginMatcher(this, {
    name: 'toHaveSubprotocol',
    below: toHaveSubprotocol,
    received,
    argument: 'name',
    options,
    optionNames: ['timeout', 'signal'],
  });
  const name = atUserLine(settings.site, () => checkName(expected));
  const record = await runStateMatcher(this, settings, {
    subject: { expected: () => describe(name) },
    contrary: () => (name === '' ? 'a subprotocol' : `not ${describe(name)}`),
    judge: (connection) => judge(connection, name),
    found: ({ handshake }) => describe(handshake?.protocol ?? ''),
  });
  return toResult(this, record);
}

function judge(connection: Connection, expected: string): Outcome | undefined {
  const { handshake } = connection;
  if (handshake === undefined) return undefined;
  if (handshake.protocol === expected) return { kind: 'passed' };
  return { kind: 'state', text: describe(handshake.protocol), connection };
}

function describe(protocol: string): string {
  return protocol === '' ? 'no subprotocol' : `subprotocol ${JSON.stringify(protocol)}`;
}

function checkName(expected: unknown): string {
  if (typeof expected === 'string') return expected;
  throw misuse(
    'WS_INVALID_EXPECTATION',
    `Cannot expect ${describeFound(expected)} as the subprotocol: expected its name, or '' for none`,
  );
}
