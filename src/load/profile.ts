import { isMissed } from '../metrics/judge-thresholds.ts';
import type { Measurements } from '../metrics/measurements.ts';
import { parseThresholds, type ParsedThreshold, type Thresholds } from '../metrics/threshold.ts';
import { misuse } from '../support/errors.ts';
import { checkOptions, defineOptions, wholeNumber, type OptionsDefinition } from '../support/options.ts';
import { durationText, parseDuration, toMs, type Duration } from './duration.ts';

/** A part of a profile: the number of users goes to `target`, evenly, over `duration`. */
export interface LoadStage {
  readonly duration: Duration;
  /** Users at its end. */
  readonly target: number;
}

/** How many virtual users do how much. One of `iterations`, `duration` and `stages` is needed. */
export interface LoadProfile {
  /**
   * Users that run at the same time; with `stages`, those it begins with.
   *
   * @default 1, with `stages` 0
   */
  readonly vus?: number | undefined;
  /** Iterations in all: users share them, whoever is free takes the next. */
  readonly iterations?: number | undefined;
  /** How long users begin iterations: milliseconds, or text such as `'10s'`. */
  readonly duration?: Duration | undefined;
  /** Ramps the number of users up and down. */
  readonly stages?: readonly LoadStage[] | undefined;
  /**
   * Time that iterations under way have to end by themselves when the run, or their user, is to stop. `stay` returns at
   * once then. What is still open after it is terminated, and its iteration counted as interrupted.
   *
   * @default '5s', what waits have; less when little time is left to the test
   */
  readonly gracefulStop?: Duration | undefined;
  /**
   * Failed iterations that the test may have. One more stops the run and fails the test; `Infinity` lets it go on
   * whatever fails.
   *
   * @default 0
   */
  readonly maxFailures?: number | undefined;
  /** Thresholds that the run has to meet. */
  readonly thresholds?: Thresholds | undefined;
}

/** A profile that was checked, in milliseconds. */
export interface LoadPlan {
  /** Users at the begin. */
  readonly startUsers: number;
  readonly maxUsers: number;
  /** `Infinity` without a limit. */
  readonly iterations: number;
  /** How long the profile takes; `undefined` when iterations decide. */
  readonly length: number | undefined;
  readonly stages: readonly PlannedStage[];
  /** `undefined`: as long as the default. */
  readonly gracefulStop: number | undefined;
  readonly maxFailures: number;
  readonly thresholds: readonly ParsedThreshold[];
}

interface PlannedStage {
  readonly length: number;
  readonly target: number;
}

/** What waits have: one that was under way can still tell what it says. */
export const defaultGracefulStopMs = 5000;

const profileOptions: OptionsDefinition<LoadProfile> = defineOptions((z) => {
  const count = wholeNumber(z);
  const atLeastOne = z.custom(
    (value) => Number.isSafeInteger(value) && Number(value) >= 1,
    'a whole number of at least 1',
  );
  const duration = z.custom((value) => parseDuration(value) !== undefined, durationText);
  return {
    vus: count,
    iterations: atLeastOne,
    duration,
    stages: z
      .array(z.strictObject({ duration, target: count }, '{ duration, target }'), 'a list of { duration, target }')
      .min(1, 'a list of at least one { duration, target }'),
    gracefulStop: duration,
    maxFailures: z.custom((value) => value === Infinity || isCount(value), 'a whole number of at least 0, or Infinity'),
    thresholds: z.unknown(),
  };
});

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * Checks a profile.
 *
 * @throws {TypeError} that names the option, what is allowed and what was found.
 */
export function planLoad(given: LoadProfile): LoadPlan {
  const profile = checkOptions('load', profileOptions, given);
  const { gracefulStop, iterations = Infinity, maxFailures = 0, thresholds, vus } = profile;
  checkLength(profile);
  const stages = (profile.stages ?? []).map((stage) => ({ length: toMs(stage.duration), target: stage.target }));
  const startUsers = vus ?? (stages.length === 0 ? 1 : 0);
  const maxUsers = Math.max(startUsers, ...stages.map(({ target }) => target));
  if (maxUsers === 0) {
    throw misuse(
      'WS_INVALID_OPTION',
      'Invalid options of load: no user would run\n  Set vus, or the target of a stage, to 1 or more.',
    );
  }
  return {
    startUsers,
    maxUsers,
    iterations,
    length: lengthOf(profile, stages),
    stages,
    gracefulStop: gracefulStop === undefined ? undefined : toMs(gracefulStop),
    maxFailures,
    thresholds: thresholds === undefined ? [] : checkThresholds(thresholds),
  };
}

/** Users that the plan wants at a moment of the run. */
export function usersAt({ stages, startUsers }: LoadPlan, elapsed: number): number {
  let from = startUsers;
  let begin = 0;
  for (const { length, target } of stages) {
    if (elapsed < begin + length) return Math.round(from + ((target - from) * (elapsed - begin)) / length);
    begin += length;
    from = target;
  }
  return from;
}

/** Thresholds that are to stop the run now. */
export function missedAborts(plan: LoadPlan, measurements: Measurements, elapsed: number): ParsedThreshold[] {
  const due = plan.thresholds.filter(
    ({ abortOnFail, delayAbortEval }) => abortOnFail && elapsed >= toMs(delayAbortEval),
  );
  // Nothing measured yet is no reason to stop.
  return due.filter((threshold) => isMissed(measurements, threshold));
}

const lengths = ['iterations', 'duration', 'stages'] as const;

function checkLength(profile: LoadProfile): void {
  const given = lengths.filter((name) => profile[name] !== undefined);
  if (given.length === 1) return;
  const found = given.length === 0 ? 'none' : given.join(' and ');
  throw misuse(
    'WS_INVALID_OPTION',
    `Invalid options of load: expected one of iterations, duration and stages, found ${found}\n  Write { vus: 10, iterations: 100 }, { vus: 10, duration: '30s' } or { stages: [{ duration: '30s', target: 10 }] }.`,
  );
}

function lengthOf({ duration }: LoadProfile, stages: readonly PlannedStage[]): number | undefined {
  if (duration !== undefined) return toMs(duration);
  return stages.length === 0 ? undefined : stages.reduce((sum, { length }) => sum + length, 0);
}

function checkThresholds(thresholds: Thresholds): ParsedThreshold[] {
  const parsed = parseThresholds(thresholds);
  for (const { delayAbortEval, key, text } of parsed) {
    if (parseDuration(delayAbortEval) !== undefined) continue;
    throw misuse(
      'WS_INVALID_THRESHOLD',
      `Invalid delayAbortEval of threshold "${text}" of "${key.text}": expected ${durationText}, found ${JSON.stringify(delayAbortEval)}`,
    );
  }
  return parsed;
}
