import { test } from '@playwright/test';
import type { Connection } from '../connection/connection.ts';
import type { Observer, StepFacts } from '../connection/observer.ts';
import { isHostAtLeast } from './host-version.ts';

/** Steps of one test: the host's cost of a step grows with their number (0.27 µs for each earlier one at the root). */
const mostSteps = 200;

/** Playwright 1.63 is the first whose steps have subtitles; older ones leave them out without a word. */
const firstWithSubtitles = 63;

/** Shows operations as steps at the user's line. */
export class StepObserver implements Observer {
  /** A connection was made. */
  readonly created: (connection: Connection) => void;
  #count = 0;

  constructor(created: (connection: Connection) => void = () => {}) {
    this.created = created;
  }

  step<T>(facts: StepFacts, running: Promise<T>): Promise<T> {
    this.#count += 1;
    if (this.#count > mostSteps + 1 || !isTestRunning()) return running;
    if (this.#count > mostSteps) return this.#lastStep(facts, running);
    return showStep(facts, running);
  }

  /** Starts to count again, for the next test of a worker. */
  reset(): void {
    this.#count = 0;
  }

  #lastStep<T>({ method, site }: StepFacts, running: Promise<T>): Promise<T> {
    const title = `WebSocket operations from here on are not shown: a test shows ${mostSteps}`;
    return showStep({ method, title, site }, running);
  }
}

/** Runs a body as a step: the steps in it are its own. Without a test it just runs. */
export async function runAsStep<T>(
  { site, subtitle, title }: StepFacts,
  body: (step: object | undefined) => Promise<T>,
): Promise<T> {
  if (!isTestRunning()) return await body(undefined);
  const { location } = site;
  const at = location === undefined ? {} : { location };
  if (subtitle === undefined) return await test.step(title, body, at);
  if (isHostAtLeast(firstWithSubtitles)) return await test.step(title, body, { ...at, subtitle: subtitle() });
  return await test.step(`${title} · ${subtitle()}`, body, at);
}

async function showStep<T>(facts: StepFacts, running: Promise<T>): Promise<T> {
  // Whoever awaits the operation hears of its failure; the step must not be a second one that nobody awaits.
  running.catch(() => {});
  // The test may have ended meanwhile: then there is no step, and the operation goes on as it does.
  if (facts.ready !== undefined) await facts.ready.catch(() => {});
  return await runAsStep(facts, () => running);
}

function isTestRunning(): boolean {
  try {
    test.info();
    return true;
  } catch {
    // The host throws outside a test, for instance while worker fixtures are torn down.
    return false;
  }
}
