import { misuse, WebSocketError } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { formatTime } from '../metrics/format.ts';
import type { Scenario } from './iteration.ts';
import { LoadRun, type LoadHost, type LoadLimits } from './load-run.ts';
import { defaultGracefulStopMs, planLoad, type LoadPlan, type LoadProfile } from './profile.ts';

/** A run that has not begun. */
export interface PreparedLoad {
  readonly plan: LoadPlan;
  readonly run: LoadRun;
}

/** How much of the test's time is used and left, in milliseconds; `left` is `Infinity` without a limit. */
export interface TestTime {
  readonly used: number;
  readonly left: number;
}

/**
 * Checks the profile against what is allowed and against the time that the test has left.
 *
 * @throws {TypeError} for a profile that is not allowed; {@link WebSocketError} `WS_LOAD_TOO_LONG` with the
 *   `test.setTimeout(…)` that it needs.
 */
export function prepareLoad(
  { profile, scenario }: { readonly profile: LoadProfile; readonly scenario: Scenario },
  host: LoadHost,
  time: TestTime,
): PreparedLoad {
  const plan = planLoad(profile);
  if (typeof scenario !== 'function') {
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot run a load: expected a function of a virtual user second, found ${describeFound(scenario)}\n  Write ws.load({ vus: 10, iterations: 100 }, async (vu) => { … }).`,
    );
  }
  return { plan, run: new LoadRun(plan, scenario, { host, limits: limitsOf(plan, time) }) };
}

/** Part of the time that is left which the default of `gracefulStop` may take from iterations. */
const gracefulPart = 1 / 4;

function limitsOf({ gracefulStop, length }: LoadPlan, time: TestTime): LoadLimits {
  const { left } = time;
  const graceful =
    gracefulStop ?? Math.min(defaultGracefulStopMs, length === undefined ? left * gracefulPart : Infinity);
  const needed = (length ?? 0) + graceful;
  if (needed > left) throw tooLong({ length, graceful, needed }, time);
  return { gracefulStop: graceful, longest: left - graceful };
}

function tooLong(
  {
    graceful,
    length,
    needed,
  }: { readonly length: number | undefined; readonly graceful: number; readonly needed: number },
  { left, used }: TestTime,
): WebSocketError {
  const profile = length === undefined ? '' : `its profile takes ${formatTime(length)} and `;
  // A second for what follows the run.
  const timeout = Math.ceil((used + needed) / 1000) * 1000 + 1000;
  return new WebSocketError(
    'WS_LOAD_TOO_LONG',
    `Cannot run the load: ${profile}gracefulStop ${formatTime(graceful)}, and the test has ${formatTime(Math.max(0, left))} left\n  Give it more: test.setTimeout(${timeout})`,
  );
}
