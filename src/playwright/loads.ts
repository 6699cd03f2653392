import type { TestInfo } from '@playwright/test';
import type { Finding } from '../connection/findings.ts';
import { Operation } from '../connection/operation.ts';
import { describePending } from '../connection/verdicts.ts';
import type { Scenario } from '../load/iteration.ts';
import { describeProgress } from '../load/load-progress.ts';
import { loadError, resultOf, type LoadResult } from '../load/load-result.ts';
import type { LoadRun } from '../load/load-run.ts';
import type { LoadProfile } from '../load/profile.ts';
import { prepareLoad, type PreparedLoad, type TestTime } from '../load/start-load.ts';
import { now } from '../support/clock.ts';
import { describeLocation, type CallSite } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';
import { Redactor } from '../support/redactor.ts';
import type { Identity } from '../transport/connect.ts';
import { hideStepsIn, timeLeft, type HiddenSteps } from './host.ts';
import type { ReportSettings } from './report-option.ts';
import { runAsStep } from './steps.ts';

/** The test, hook or worker for which load runs. */
export interface LoadOwner {
  readonly identity: () => Identity;
  readonly report: () => ReportSettings;
  /** The test that runs now; `undefined` outside of tests. */
  readonly testInfo: () => TestInfo | undefined;
  readonly maskText: (text: string) => string;
}

/** A run that has ended. */
export interface EndedLoad {
  readonly site: CallSite;
  readonly run: LoadRun;
  readonly result: LoadResult;
}

interface StartedLoad extends PreparedLoad {
  readonly site: CallSite;
  /** Set once it has started. */
  operation: Operation<LoadResult> | undefined;
  /** Settles when it is over, without being heard by anybody who awaits it. */
  ended: Promise<unknown>;
  /** Steps of assertions in it. */
  hidden: HiddenSteps | undefined;
  hasEnded: boolean;
  error: unknown;
}

/** Milliseconds between two lines about a run. */
const progressMs = 10_000;

/** Load runs of one test, hook or worker. */
export class Loads {
  readonly #owner: LoadOwner;
  readonly #createdAt: number = now();
  #started: StartedLoad[] = [];
  #ended: EndedLoad[] = [];

  constructor(owner: LoadOwner) {
    this.#owner = owner;
  }

  /** Whether no load was run that is not told yet. */
  get isEmpty(): boolean {
    return this.#started.length === 0 && this.#ended.length === 0;
  }

  /** Runs a load. Rejects with a `LoadError`, or with what is wrong with its arguments. */
  start(site: CallSite, profile: LoadProfile, scenario: Scenario): Promise<LoadResult> {
    try {
      const load = this.#prepare(site, profile, scenario);
      const running = this.#run(load);
      load.ended = running.catch((error: unknown) => {
        load.error = error;
      });
      load.operation = new Operation<LoadResult>((resolve, reject) => {
        running.then(resolve, reject);
      });
      load.operation.silence();
      this.#started.push(load);
      return load.operation;
    } catch (error) {
      return Promise.reject(error instanceof Error ? site.applyTo(error) : error);
    }
  }

  /** Ends what still runs. Returns what nobody awaited. Never rejects. */
  async end(): Promise<Finding[]> {
    const started = this.#started;
    this.#started = [];
    const findings = started.flatMap((load) => findingOf(load));
    for (const { hasEnded, run } of started) if (!hasEnded) run.abort();
    await Promise.allSettled(started.map(({ ended }) => ended));
    return findings.map((finding) => ({ ...finding, text: this.#owner.maskText(finding.text) }));
  }

  /** Runs that ended since the last call, for the evidence. */
  take(): readonly EndedLoad[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  #prepare(site: CallSite, profile: LoadProfile, scenario: Scenario): StartedLoad {
    const { identity, report } = this.#owner;
    let ticks = 0;
    const host = {
      identity,
      createRedactor: () => new Redactor(report().redact),
      tick: () => {
        ticks += 1;
        load.hidden?.forget();
        if (ticks % (progressMs / 1000) === 0) this.#progress(load);
      },
    };
    const prepared = prepareLoad({ profile, scenario }, host, this.#time());
    const load: StartedLoad = {
      ...prepared,
      site,
      operation: undefined,
      ended: Promise.resolve(),
      hidden: undefined,
      hasEnded: false,
      error: undefined,
    };
    return load;
  }

  async #run(load: StartedLoad): Promise<LoadResult> {
    const { plan, run, site } = load;
    run.meter.measurements.maskText = this.#owner.maskText;
    const title = { method: 'load', title: 'Run load', subtitle: () => describePlan(load), site };
    return await runAsStep(title, async (step) => {
      load.hidden = step === undefined ? undefined : hideStepsIn(step);
      try {
        await run.run();
      } finally {
        load.hidden?.end();
        load.hasEnded = true;
      }
      const result = resultOf(run, plan);
      this.#ended.push({ site, run, result });
      const error = loadError(run, plan, result);
      if (error !== undefined) throw site.applyTo(error);
      return result;
    });
  }

  #time(): TestTime {
    const used = now() - this.#createdAt;
    const testInfo = this.#owner.testInfo();
    if (testInfo === undefined || testInfo.timeout === 0) return { used, left: Infinity };
    const left = timeLeft(testInfo) ?? testInfo.timeout - used;
    return { used: testInfo.timeout - left, left };
  }

  #progress({ plan, run, site }: StartedLoad): void {
    const line = describeProgress(run, plan);
    process.stdout.write(`${this.#owner.maskText(`load at ${describeLocation(site.location)}: ${line}`)}\n`);
  }
}

/** A run that nobody awaits would end with the test, whatever its profile says. */
function findingOf({ error, hasEnded, operation, site }: StartedLoad): Finding[] {
  if (!hasEnded) return [{ kind: 'pendingWait', text: describePending('load', site), site }];
  if (error === undefined || operation?.isObserved === true) return [];
  const place = describeLocation(site.location);
  const text = `load at ${place} failed, and nobody awaited it: ${errorMessage(error)}`;
  return [{ kind: 'unawaitedFailure', text, site, error }];
}

/** `50 users, 100 iterations`. */
function describePlan({ plan: { iterations, length, maxUsers } }: PreparedLoad): string {
  const users = maxUsers === 1 ? '1 user' : `${maxUsers} users`;
  return length === undefined ? `${users}, ${iterations} iterations` : `${users}, ${length / 1000} s`;
}
