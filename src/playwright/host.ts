import type { TestInfo } from '@playwright/test';

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
