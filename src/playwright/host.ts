import type { TestInfo } from '@playwright/test';
import { now, wallTime } from '../support/clock.ts';

/** One macrotask: what was rejected by now has been reported by the host to the test that still runs. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Whether findings may still fail the test: its code ran to its end and nothing has failed so far. */
export function hasPassedSoFar({ status }: TestInfo): boolean {
  return status === 'passed';
}

/** Whether the test ran into its own timeout. */
export function hasTimedOut({ status }: TestInfo): boolean {
  return status === 'timedOut';
}

/** Where Playwright takes a further trace of a test from. */
export interface TraceSlot {
  readonly path: string;
  /** How Playwright titles its own traces of this test; the viewer shows the title of any of them. */
  readonly title: string | undefined;
  /** Whether Playwright keeps the trace of a test that ends as it stands now. */
  isKept(): boolean;
}

/**
 * A place for a further trace of the test, `undefined` when it is not traced or when this Playwright has no such place.
 * Undocumented; seen in 1.52 to 1.65: what lies at the path when the test ends becomes a part of its `trace.zip`, a path
 * with nothing is skipped.
 */
export function reserveTrace(testInfo: object): TraceSlot | undefined {
  const tracing: unknown = Reflect.get(testInfo, '_tracing');
  if (callOf(tracing, 'traceOptions') === undefined) return undefined;
  const path = callOf(tracing, nextPath);
  if (typeof path !== 'string') return undefined;
  const title = callOf(tracing, 'traceTitle');
  return {
    path,
    title: typeof title === 'string' ? title : undefined,
    isKept: () => callOf(tracing, nextPath) !== undefined,
  };
}

/**
 * Milliseconds that are left to the test, or to the hook that runs now; `undefined` when this Playwright does not tell.
 * Undocumented; seen in 1.58 to 1.65. Its clock has an origin of its own, of which the start of the test tells.
 */
export function timeLeft(testInfo: object): number | undefined {
  const deadline = callOf(Reflect.get(testInfo, '_timeoutManager'), 'currentSlotDeadline');
  const start: unknown = Reflect.get(testInfo, '_startTime');
  const startWall: unknown = Reflect.get(testInfo, '_startWallTime');
  if (typeof deadline !== 'number' || typeof start !== 'number' || typeof startWall !== 'number') return undefined;
  return deadline - (start + wallTime(now()) - startWall);
}

/** Steps that nobody is shown. */
export interface HiddenSteps {
  /** Lets go of those that have ended. */
  forget(): void;
  /** Shows steps again. */
  end(): void;
}

/**
 * Hides the steps in a step from now on: every one of 100,000 assertions would go to the reporters and stay in memory.
 * `undefined` when this Playwright cannot. Undocumented; seen in 1.58 to 1.65: steps of a step with a group are not
 * reported.
 */
export function hideStepsIn(step: object): HiddenSteps | undefined {
  const testInfo: unknown = Reflect.get(step, '_testInfo');
  const steps: unknown =
    typeof testInfo === 'object' && testInfo !== null ? Reflect.get(testInfo, '_stepMap') : undefined;
  const own: unknown = steps instanceof Map ? steps.get(Reflect.get(step, '_stepId')) : undefined;
  if (!(steps instanceof Map) || !isStep(own)) return undefined;
  const group: unknown = Reflect.get(own, 'group');
  Reflect.set(own, 'group', 'internal');
  const forget = (): void => forgetEnded(own, steps);
  return {
    forget,
    end() {
      forget();
      Reflect.set(own, 'group', group);
    },
  };
}

interface Step {
  readonly stepId: unknown;
  readonly endWallTime?: unknown;
  steps: unknown[];
}

function isStep(value: unknown): value is Step {
  return (
    typeof value === 'object' && value !== null && 'stepId' in value && 'steps' in value && Array.isArray(value.steps)
  );
}

function forgetEnded(parent: Step, steps: Map<unknown, unknown>): void {
  for (const child of parent.steps) {
    if (!isStep(child)) continue;
    forgetEnded(child, steps);
    if (child.endWallTime !== undefined) steps.delete(child.stepId);
  }
  parent.steps = parent.steps.filter((child) => isStep(child) && child.endWallTime === undefined);
}

const nextPath = 'maybeGenerateNextTraceRecordingPath';

/** What a method returns; `undefined` when there is none, or when it is not what it was. */
function callOf(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  const method: unknown = Reflect.get(object, name);
  if (typeof method !== 'function') return undefined;
  try {
    return Reflect.apply(method, object, []);
  } catch {
    return undefined;
  }
}
