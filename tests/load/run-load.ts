import type { Scenario } from '../../src/load/iteration.ts';
import { loadError, resultOf, type LoadResult } from '../../src/load/load-result.ts';
import type { LoadRun } from '../../src/load/load-run.ts';
import type { LoadProfile } from '../../src/load/profile.ts';
import { prepareLoad, type PreparedLoad, type TestTime } from '../../src/load/start-load.ts';
import { Redactor } from '../../src/support/redactor.ts';
import type { ConnectionHandler } from '../helpers/server.ts';

/** What came of a run, and what it would fail its test with. */
export interface RanLoad {
  readonly run: LoadRun;
  readonly result: LoadResult;
  readonly message: string | undefined;
}

/** A load that is not bound to a test. */
export function prepare(
  baseURL: string,
  ...[profile, scenario, time = { used: 0, left: Infinity }]: [LoadProfile, Scenario, TestTime?]
): PreparedLoad {
  const identity = {
    baseURL,
    userAgent: undefined,
    defaults: [],
    requestCookies: () => ({ source: false, label: '' }) as const,
  };
  const host = { identity: () => identity, createRedactor: () => new Redactor(), tick: () => {} };
  return prepareLoad({ profile, scenario }, host, time);
}

/** Runs a load to its end. */
export async function runLoad(baseURL: string, profile: LoadProfile, scenario: Scenario): Promise<RanLoad> {
  const { plan, run } = prepare(baseURL, profile, scenario);
  await run.run();
  const result = resultOf(run, plan);
  return { run, result, message: loadError(run, plan, result)?.message };
}

/** Sends every message back. */
export const echo: ConnectionHandler = ({ socket }) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
};
