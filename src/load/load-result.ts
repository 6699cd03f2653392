import { judgeThresholds, type ThresholdResult } from '../metrics/judge-thresholds.ts';
import { formatTime } from '../metrics/format.ts';
import { createLoadMetrics, type LoadMetrics } from '../metrics/metrics.ts';
import { drawThresholds } from '../metrics/threshold-table.ts';
import { describeLocation, type SourceLocation } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';
import { LoadError } from './load-error.ts';
import type { EarlyEnd, LoadRun } from './load-run.ts';
import type { LoadFailure, LoadFailures } from './load-failures.ts';
import { summarizeLoad } from './load-summary.ts';
import type { LoadPlan } from './profile.ts';

/** A check by its name. */
export interface LoadCheck {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
  /** From 0 to 1. */
  readonly rate: number;
}

/** What came of a load run. */
export interface LoadResult {
  readonly metrics: LoadMetrics;
  /** Iterations by how they ended; an interrupted one was ended by the run, and is no failure. */
  readonly iterations: { readonly passed: number; readonly failed: number; readonly interrupted: number };
  /** In the order in which they were first checked. */
  readonly checks: readonly LoadCheck[];
  /** The first 1,000 failures; of the first 20 also the frames. */
  readonly failures: readonly LoadFailure[];
  /** What became of the thresholds of the profile. */
  readonly thresholds: readonly ThresholdResult[];
  /** Milliseconds from the begin of the first user to the end of the last. */
  readonly duration: number;
  /** The summary as text, in k6's layout. */
  readonly summary: string;
}

/** The result of a run that has ended. */
export function resultOf(run: LoadRun, plan: LoadPlan): LoadResult {
  const { failures, iterations, meter } = run;
  const { measurements } = meter;
  const thresholds = judgeThresholds(measurements, plan.thresholds);
  const notes = notesOf(run);
  return {
    metrics: createLoadMetrics(measurements),
    iterations: { ...iterations },
    checks: measurements.valuesOf('check').flatMap((name) => {
      const checks = measurements.get('check', name)?.checks;
      return checks === undefined ? [] : [{ name, ...checks }];
    }),
    failures: failures.kept,
    thresholds,
    duration: measurements.duration,
    summary: summarizeLoad({ measurements, thresholds, iterations, failures: failureHeads(run), notes }),
  };
}

/** What fails the test, as one error; `undefined` when nothing does. */
export function loadError(run: LoadRun, plan: LoadPlan, result: LoadResult): LoadError | undefined {
  const missed = result.thresholds.filter((threshold) => !threshold.isMet && !hasStopped(run, threshold));
  const parts = [
    ...(run.earlyEnd === 'testEnded' ? ['The test ended before the run did'] : []),
    ...(run.earlyEnd === 'noTimeLeft' ? [describeUnfinished(run, plan)] : []),
    ...(result.iterations.failed > plan.maxFailures ? [describeFailures(run, plan)] : []),
    ...(run.stopped === undefined ? [] : [describeStop(run.stopped, plan)]),
    ...(isEmpty(run) && hasOnlyFailedToConnect(run) ? [describeNothing(run)] : []),
    ...(missed.length > 0 ? [['Thresholds not met:', ...indented(drawThresholds(missed))].join('\n')] : []),
  ];
  if (parts.length === 0) return undefined;
  return new LoadError(run.meter.measurements.maskText(`The load run failed\n\n${parts.join('\n\n')}`), result);
}

/** Whether it went on to its end, and no iteration did. */
function isEmpty({ earlyEnd, iterations }: LoadRun): boolean {
  return earlyEnd === undefined && iterations.interrupted > 0 && iterations.passed + iterations.failed === 0;
}

function hasOnlyFailedToConnect({ meter }: LoadRun): boolean {
  return meter.hasConnected && meter.measurements.total.count('ws_sessions') === 0;
}

/** Whoever holds connections until the run stops is interrupted; here nobody got that far. */
function describeNothing({ iterations }: LoadRun): string {
  const interrupted = `${iterations.interrupted} ${iterations.interrupted === 1 ? 'was' : 'were'} interrupted`;
  return `No connection was opened, and no iteration came to its end: ${interrupted}`;
}

function hasStopped({ stopped }: LoadRun, { metric, threshold }: ThresholdResult): boolean {
  return stopped?.by.some((one) => one.metric === metric && one.threshold === threshold) === true;
}

function describeStop({ after, by }: NonNullable<LoadRun['stopped']>, { length }: LoadPlan): string {
  const whole = length === undefined ? '' : ` of ${formatTime(length)}`;
  const head = `A threshold with abortOnFail stopped the run after ${formatTime(after)}${whole}:`;
  return [head, ...indented(drawThresholds(by))].join('\n');
}

/** Kinds of failures that one error lists. */
const shownFailures = 5;

function describeFailures({ earlyEnd, failures, iterations }: LoadRun, { maxFailures }: LoadPlan): string {
  const ended = iterations.passed + iterations.failed;
  const allowed = maxFailures === 0 ? 'maxFailures allows none' : `maxFailures allows ${maxFailures}`;
  const stopped = earlyEnd === 'failures' ? ', so the run was stopped' : '';
  const lines = [`${iterations.failed} of ${ended} iterations failed, ${allowed}${stopped}:`];
  for (const failure of failures.distinct.slice(0, shownFailures))
    lines.push(...indented(describeFailure(failure, failures.countOf(failure.error))));
  return [...lines, ...indented(moreFailures(failures))].join('\n');
}

/** The first line of each kind of failure: a summary has them also when they are allowed. */
function failureHeads({ failures }: LoadRun): string[] {
  const shown = failures.distinct.slice(0, shownFailures);
  const heads = shown.map((failure) => describeFailure(failure, failures.countOf(failure.error))[0]);
  return [...heads, ...moreFailures(failures)];
}

function moreFailures({ distinct }: LoadFailures): string[] {
  const more = distinct.length - shownFailures;
  return more > 0 ? [`… and ${more} more ${more === 1 ? 'kind' : 'kinds'} of failures`] : [];
}

function describeFailure({ error, iteration, user }: LoadFailure, count: number): string[] {
  const who =
    count === 1
      ? `user ${user}, iteration ${iteration}`
      : `${count} times, first of user ${user}, iteration ${iteration}`;
  const [first, ...rest] = errorMessage(error).split('\n');
  const place = userLine(error);
  return [`- ${who}${place}: ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))];
}

/** ` at load.spec.ts:12`, the line at which it was thrown. */
function userLine({ stack = '' }: Error): string {
  const [, file, line, column] = /\n\s+at .*?\(?((?:file:\/\/)?[^\s()]+?):(\d+):(\d+)\)?(?=\n|$)/.exec(stack) ?? [];
  if (file === undefined) return '';
  const location: SourceLocation = { file, line: Number(line), column: Number(column) };
  return ` at ${describeLocation(location)}`;
}

function describeUnfinished({ iterations, elapsed }: LoadRun, plan: LoadPlan): string {
  const ended = iterations.passed + iterations.failed;
  return `${ended} of ${plan.iterations} iterations were done when the test's time ran out\n  Give it more: test.setTimeout(${Math.ceil((elapsed * 2 * plan.iterations) / Math.max(1, ended) / 1000) * 1000})`;
}

const earlyEnds: Readonly<Record<EarlyEnd, string>> = {
  failures: 'stopped: more iterations failed than maxFailures allows',
  thresholds: 'stopped by a threshold with abortOnFail',
  noTimeLeft: "stopped: the test's time ran out",
  testEnded: 'stopped: the test ended before the run did',
};

/** Memory of a socket that has compressed or inflated a message; measured with `ws` on Node.js 20. */
const bytesPerCompressedSocket = 240_000;

function notesOf(run: LoadRun): string[] {
  const { earlyEnd, iterations, meter } = run;
  const { most } = meter.compressed;
  const megabytes = Math.round((most * bytesPerCompressedSocket) / 1_000_000);
  return [
    ...(earlyEnd === undefined ? [] : [earlyEnds[earlyEnd]]),
    ...(meter.hasConnected || iterations.passed === 0
      ? []
      : ['no user opened a client with vu.connect: nothing of it is measured']),
    ...(isEmpty(run) ? [`no iteration came to its end: ${iterations.interrupted} interrupted`] : []),
    ...meter.measurements.limits,
    ...(megabytes < 100
      ? []
      : [`perMessageDeflate: ${most} connections at once, each takes 240 kB after its first message: ${megabytes} MB`]),
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
