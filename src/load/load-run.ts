import type { Registry } from '../connection/registry.ts';
import { judgeThresholds, type ThresholdResult } from '../metrics/judge-thresholds.ts';
import { now, startTimer } from '../support/clock.ts';
import type { Redactor } from '../support/redactor.ts';
import type { Identity } from '../transport/connect.ts';
import { Iteration, type IterationOutcome, type Scenario } from './iteration.ts';
import { LoadFailures } from './load-failures.ts';
import { LoadMeter } from './load-meter.ts';
import { missedAborts, usersAt, type LoadPlan } from './profile.ts';
import type { UserContext } from './virtual-user.ts';

/** What a run needs of the test that it belongs to. */
export interface LoadHost {
  readonly identity: () => Identity;
  readonly createRedactor: () => Redactor;
  /** Called every second. */
  readonly tick: () => void;
}

/** Why a run ended before its profile did. */
export type EarlyEnd = 'failures' | 'thresholds' | 'noTimeLeft' | 'testEnded';

/** Limits of a run in milliseconds. */
export interface LoadLimits {
  readonly gracefulStop: number;
  /** Longest time for iterations without a length of their own. */
  readonly longest: number;
}

interface RunningUser {
  readonly id: number;
  isLeaving: boolean;
  iteration: Iteration | undefined;
  /** Interrupts it when it takes too long to leave. */
  timer: NodeJS.Timeout | undefined;
}

/** So many users begin in one turn: a burst of handshakes overflows the queue of the server's listening socket. */
const usersPerTurn = 100;
const tickMs = 1000;
/** Shortest time between two changes of the number of users. */
const rampStepMs = 20;

/** Runs the users of a plan, and stops them. */
export class LoadRun {
  readonly meter: LoadMeter = new LoadMeter();
  readonly failures: LoadFailures = new LoadFailures();
  readonly iterations = { passed: 0, failed: 0, interrupted: 0 };
  /** Why it ended before its profile did. */
  earlyEnd: EarlyEnd | undefined;
  /** When it was stopped, milliseconds since its begin, and what of its thresholds stopped it. */
  stopped: { readonly after: number; readonly by: readonly ThresholdResult[] } | undefined;
  readonly #plan: LoadPlan;
  readonly #scenario: Scenario;
  readonly #host: LoadHost;
  readonly #limits: LoadLimits;
  readonly #context: UserContext;
  readonly #users = new Set<RunningUser>();
  readonly #freeIds: number[] = [];
  /** Iterations by user: one that comes back goes on counting. */
  readonly #iterationsOf: number[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #taken = 0;
  #isStopping = false;
  #done: () => void = () => {};

  constructor(plan: LoadPlan, scenario: Scenario, { host, limits }: { host: LoadHost; limits: LoadLimits }) {
    this.#plan = plan;
    this.#scenario = scenario;
    this.#host = host;
    this.#limits = limits;
    this.#context = {
      identity: host.identity,
      created: (connection, client) => this.meter.add(connection, client),
      opened: (connection) => this.meter.opened(connection),
      replied: (connection, sample) => this.meter.replied(connection, sample),
      checked: (name, hasPassed) => this.meter.measurements.addCheck(name, hasPassed),
    };
  }

  get users(): number {
    return this.#users.size;
  }

  /** Milliseconds since its begin. */
  get elapsed(): number {
    return now() - this.meter.startedAt;
  }

  /** Runs until the profile has ended and every user has left. Never rejects. */
  async run(): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    this.meter.measurements.total.setGauge('vus_max', this.#plan.maxUsers);
    this.#schedule();
    this.#setUsers(usersAt(this.#plan, 0));
    await done;
    for (const timer of this.#timers) clearTimeout(timer);
    this.meter.ended();
  }

  /** Lets every user leave: iterations under way have `gracefulStop` to end by themselves. */
  stop(why?: EarlyEnd): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.earlyEnd = why;
    for (const user of this.#users) this.#leave(user);
    this.#endIfIdle();
  }

  /** Ends at once what is under way. */
  abort(): void {
    this.stop('testEnded');
    for (const user of this.#users) user.iteration?.interrupt();
  }

  #schedule(): void {
    const { length, stages } = this.#plan;
    if (stages.length > 0) {
      this.#timers.add(setInterval(() => this.#ramp(usersAt(this.#plan, this.elapsed)), rampStepMs));
      this.#scheduleTargets();
    }
    const end = length ?? this.#limits.longest;
    if (Number.isFinite(end)) this.#after(end, () => this.stop(length === undefined ? 'noTimeLeft' : undefined));
    this.#timers.add(setInterval(() => this.#tick(), tickMs));
  }

  /** On a busy machine no step may fall on the end of a stage. Nobody begins at the end of the last one. */
  #scheduleTargets(): void {
    let end = 0;
    for (const [index, { length, target }] of this.#plan.stages.entries()) {
      end += length;
      const isLast = index === this.#plan.stages.length - 1;
      this.#after(end, () => this.#ramp(isLast ? Math.min(target, this.#users.size) : target));
    }
  }

  #after(ms: number, run: () => void): void {
    const timer = startTimer(run, ms);
    if (timer !== undefined) this.#timers.add(timer);
  }

  #ramp(target: number): void {
    if (!this.#isStopping) this.#setUsers(target);
  }

  #tick(): void {
    this.meter.count();
    this.#host.tick();
    const missed = missedAborts(this.#plan, this.meter.measurements, this.elapsed);
    if (missed.length === 0 || this.#isStopping) return;
    // What still ends may meet them again: that it was stopped stands.
    this.stopped = { after: this.elapsed, by: judgeThresholds(this.meter.measurements, missed) };
    this.stop('thresholds');
  }

  /** Those that came last leave first. */
  #setUsers(target: number): void {
    const staying = [...this.#users].filter(({ isLeaving }) => !isLeaving);
    for (const user of staying.slice(target)) this.#leave(user);
    const missing = target - staying.length;
    if (missing > 0) void this.#begin(missing);
    // The gauge of a run whose target is 0 too.
    if (target !== staying.length || target === 0) this.meter.setUsers(target);
  }

  async #begin(count: number): Promise<void> {
    const users = Array.from({ length: count }, () => this.#addUser());
    for (const [index, user] of users.entries()) {
      if (index > 0 && index % usersPerTurn === 0) await nextTurn();
      void this.#runUser(user);
    }
  }

  #addUser(): RunningUser {
    const id = this.#freeIds.pop() ?? this.#iterationsOf.push(0);
    const user: RunningUser = { id, isLeaving: false, iteration: undefined, timer: undefined };
    this.#users.add(user);
    return user;
  }

  #leave(user: RunningUser): void {
    // One that leaves already has its time: that goes on when the whole run stops.
    if (user.isLeaving) return;
    user.isLeaving = true;
    user.iteration?.leave();
    user.timer = startTimer(() => user.iteration?.interrupt(), this.#limits.gracefulStop);
  }

  async #runUser(user: RunningUser): Promise<void> {
    while (!user.isLeaving && this.#taken < this.#plan.iterations) {
      this.#taken += 1;
      await this.#iterate(user);
      // A scenario that never waits must not keep timers from firing.
      await nextTurn();
    }
    clearTimeout(user.timer);
    this.#users.delete(user);
    this.#freeIds.push(user.id);
    this.#endIfIdle();
  }

  async #iterate(user: RunningUser): Promise<void> {
    const { id } = user;
    const number = this.#iterationsOf[id - 1];
    this.#iterationsOf[id - 1] = number + 1;
    const iteration = new Iteration({ id, iteration: number }, this.#context, this.#host.createRedactor());
    user.iteration = iteration;
    const begin = now();
    const outcome = await iteration.run(this.#scenario);
    user.iteration = undefined;
    this.meter.drop(iteration.registry.connections);
    if (outcome.kind !== 'failed' || this.failures.isFull) iteration.registry.release();
    this.#count(outcome, { user: id, iteration: number, ms: now() - begin, registry: iteration.registry });
  }

  #count(outcome: IterationOutcome, ended: EndedIteration): void {
    this.iterations[outcome.kind] += 1;
    if (outcome.kind === 'interrupted') return;
    this.meter.measurements.addCount('iterations', 1);
    this.meter.measurements.addTime('iteration_duration', ended.ms);
    if (outcome.kind !== 'failed') return;
    this.failures.add(outcome.error, ended);
    if (this.iterations.failed > this.#plan.maxFailures) this.stop('failures');
  }

  #endIfIdle(): void {
    if (this.#users.size > 0) return;
    const isOver = this.#isStopping || this.#taken >= this.#plan.iterations;
    if (isOver) this.#done();
  }
}

/** One iteration that came to its end. */
export interface EndedIteration {
  readonly user: number;
  readonly iteration: number;
  readonly ms: number;
  readonly registry: Registry;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
