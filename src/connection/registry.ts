import { describeLocation, type CallSite } from '../support/call-site.ts';
import { now } from '../support/clock.ts';
import type { Holder } from './claim-queue.ts';
import { ConnectionClosedError, errorCodes } from '../support/errors.ts';
import { noteReply } from '../metrics/measure.ts';
import { Redactor } from '../support/redactor.ts';
import { Connection, readyStates, type ConnectionOwner, type ConnectionSettings } from './connection.ts';
import type { Finding } from './findings.ts';
import { lateNotes, type Note } from './notes.ts';
import type { Observer, StepFacts } from './observer.ts';
import { Operation } from './operation.ts';
import type { OperationRunner } from './operations.ts';
import { describePending, judgeConnection, unawaitedFailure } from './verdicts.ts';
import type { EndReason, WaitRecord } from './wait-record.ts';
import type { Resolvers } from './waits.ts';

/** What a registry serves: how errors name it. */
export interface RegistryScope {
  /** `test`, `beforeAll hook`, `worker`. */
  readonly owner: string;
  /** Whether somebody judges findings at an end; without, what user code throws is thrown on. */
  readonly isJudged: boolean;
  /**
   * Masks secrets in steps, errors, findings and the evidence.
   *
   * @default one that masks what names tell
   */
  readonly redactor?: Redactor | undefined;
}

/** A method that was called. */
interface Call {
  readonly facts: StepFacts;
  readonly connection: Connection;
}

/** An operation that failed; whether somebody awaited it is known at the end. */
interface Failure {
  readonly operation: Operation<unknown>;
  readonly connection: Connection;
  readonly finding: Finding;
}

/** What ended an opening handshake that was under way. */
const endReasons: Readonly<Record<EndReason, string>> = {
  timedOut: "the test's own time ran out",
  finished: 'the test ended before it was done',
};

/** All connections of one test, hook or worker: naming, steps, what was left pending, findings, the end. */
export class Registry implements ConnectionOwner, OperationRunner {
  readonly connections: Connection[] = [];
  /** Waits that ended, for the evidence. */
  readonly waits: WaitRecord[] = [];
  readonly redactor: Redactor;
  readonly #scope: RegistryScope;
  readonly #observer: Observer;
  readonly #findings: Finding[] = [];
  #pending: Map<Operation<unknown>, Call> | undefined;
  readonly #failed: Failure[] = [];
  #firstName: string | undefined;
  #names: Map<string, number> | undefined;
  /** When the current test began, on connections that tests share; monotonic milliseconds. */
  #testBegan = Number.NEGATIVE_INFINITY;
  /** The newest of a script: many waits have one line. */
  #claimant: Holder | undefined;
  #hasEnded = false;
  /** Whether it has ended and was judged: nobody here tells what fails later. */
  #isOver = false;

  constructor(scope: RegistryScope, observer: Observer) {
    this.#scope = scope;
    this.redactor = scope.redactor ?? new Redactor();
    this.#observer = observer;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What fails nothing and belongs into the evidence: messages that came after the deadline of their wait. */
  get notes(): readonly Note[] {
    return lateNotes(this.waits);
  }

  /** A name that no other connection of this registry has: `/orders`, `/orders 2`. */
  uniqueName(wanted: string): string {
    // That of a script has one connection.
    if (this.#firstName === undefined) return (this.#firstName = wanted);
    this.#names ??= new Map([[this.#firstName, 1]]);
    const count = (this.#names.get(wanted) ?? 0) + 1;
    this.#names.set(wanted, count);
    return count === 1 ? wanted : this.uniqueName(`${wanted} ${count}`);
  }

  create(settings: ConnectionSettings): Connection {
    const connection = new Connection(settings, this);
    this.connections.push(connection);
    this.#observer.created?.(connection);
    return connection;
  }

  /**
   * Lets another test begin on connections that go on. Waits before the last test are let go; those since then may be
   * evidence of the test that begins: hooks run between two tests.
   */
  beginTest(): void {
    const kept = this.waits.filter(({ endedAt = Infinity }) => endedAt >= this.#testBegan);
    this.waits.length = 0;
    for (const wait of kept) this.waits.push(wait);
    this.#testBegan = now();
    for (const connection of this.connections) connection.beginTest();
  }

  /** Throws at once when the owner is over: a rejection that nobody awaits would be reported to another test. */
  run<T>(facts: StepFacts, connection: Connection, start: () => T | Promise<T>): Promise<T> {
    if (this.#isOver) this.assertUsable(connection, facts.site);
    const begun = this.#begin(facts, connection, start);
    // Behind the start: what it sent is under way meanwhile.
    if (begun instanceof Promise) {
      facts.site.capture();
      return this.#operation({ facts, connection }, begun);
    }
    facts.site.captureLine();
    const done = Promise.resolve(begun);
    if (this.#observer.step !== undefined) this.showStep(facts, connection, done);
    return done;
  }

  #begin<T>(facts: StepFacts, connection: Connection, start: () => T | Promise<T>): T | Promise<T> {
    try {
      this.assertUsable(connection, facts.site);
      return start();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Where somebody judges, it is remembered while it runs, and its failure until then. */
  #operation<T>(call: Call, running: Promise<T>): Promise<T> {
    if (!this.#scope.isJudged)
      return new Promise((resolve, reject) => this.#settle(call, running, { resolve, reject }));
    const pending = (this.#pending ??= new Map());
    const operation: Operation<T> = new Operation((resolve, reject) => {
      this.#settle(call, running, {
        resolve: (value) => {
          pending.delete(operation);
          resolve(value);
        },
        reject: (error) => {
          operation.silence();
          if (pending.delete(operation)) this.#failedUnlessCutOff(call, operation, error);
          reject(error);
        },
      });
    });
    pending.set(operation, call);
    return operation;
  }

  /** A success is told at once: the report's step ends behind it. A failure is told when its step has it. */
  #settle<T>(call: Call, running: Promise<T>, { reject, resolve }: Omit<Resolvers<T>, 'promise'>): void {
    // Before the step listens: it shows the failure at the user's line.
    running.then(resolve, (error: unknown) => {
      if (isOurs(error)) call.facts.site.applyTo(this.redactor.error(error));
      if (step === undefined) reject(error);
      else step.then(resolve, reject);
    });
    const step = this.#step(call, running);
    step?.catch(() => {});
  }

  #failedUnlessCutOff({ connection, facts }: Call, operation: Operation<unknown>, error: unknown): void {
    if (facts.isBackground === true && connection.cutsOff(error)) return;
    this.#failed.push({ operation, finding: unawaitedFailure(facts, error), connection });
  }

  #step<T>({ connection, facts }: Call, running: Promise<T>): Promise<T> | undefined {
    return this.#observer.step?.(this.#shown(facts, connection), running);
  }

  showStep(facts: StepFacts, connection: Connection, running: Promise<unknown>): void {
    // Where nobody is told of it, its failure is nobody's either.
    (this.#step({ facts, connection }, running) ?? running).catch(() => {});
  }

  report(finding: Finding): void {
    if (this.#scope.isJudged) this.#findings.push(finding);
    else if (finding.kind === 'handlerError') throwLater(finding.error);
  }

  /** Without an end nobody writes evidence, and a script may wait for ever more: only the line of its waits is kept. */
  claimant(record: WaitRecord): Holder {
    if (this.#scope.isJudged) return record;
    const { method, site } = record;
    if (this.#claimant?.site !== site || this.#claimant?.method !== method) this.#claimant = { method, site };
    return this.#claimant;
  }

  waitEnded(record: WaitRecord): void {
    noteReply(record);
    if (this.#scope.isJudged && this.waits.at(-1) !== record) this.waits.push(record);
    this.#observer.wait?.(record);
  }

  /** Throws when the owner has ended: nothing connects any more. */
  assertOpen(site: CallSite): void {
    if (!this.#hasEnded) return;
    const place = describeLocation(site.location);
    throw new ConnectionClosedError(
      'WS_TEST_ENDED',
      `Cannot connect at ${place}: the ${this.#scope.owner} that this \`ws\` belongs to has ended`,
    );
  }

  /** Throws when the client outlived its owner; the error names both lines. */
  assertUsable(connection: Connection, site: CallSite | undefined): void {
    if (!this.#hasEnded) return;
    const { name, settings } = connection;
    const error = new ConnectionClosedError(
      'WS_TEST_ENDED',
      `Cannot use "${name}" at ${describeLocation(site?.location)}: the ${this.#scope.owner} that connected it at ${describeLocation(settings.site.location)} has ended, and its clients with it. Connect in the test, or use \`workerWs\` for connections that tests share`,
      connection.closeInfo,
    );
    throw site?.applyTo(error) ?? error;
  }

  /**
   * Ends everything that is pending and returns what nobody awaited. What is rejected here is reported by the host one
   * macrotask later.
   */
  settle(reason: EndReason): Finding[] {
    const unawaited = this.#unawaited();
    // What is rejected from here on is told as pending, not once more as failed.
    this.#pending?.clear();
    for (const connection of this.connections) {
      // One that was open is lost now: its owner ends it, or has further tests that wait for it.
      const isOpening = connection.readyState === readyStates.connecting && connection.openedAt === undefined;
      if (isOpening) connection.closing.terminate(new Error(endReasons[reason]));
      for (const wait of [...connection.waits]) wait.ownerEnded(reason);
    }
    return unawaited.map((finding) => this.#masked(finding));
  }

  /** Closes all connections in parallel: closing handshake, `closeTimeout`, then terminate. Never rejects. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    const open = this.connections.filter((connection) => connection.closeInfo === undefined);
    await Promise.all(open.map((connection) => connection.end()));
  }

  /** Lets go of what frames hold beside memory; called when their evidence is written. */
  release(): void {
    for (const connection of this.connections) connection.log.release();
  }

  /** What was reported since the last judgement, what failed unawaited, and what each connection leaves. */
  judge(): Finding[] {
    this.#isOver = this.#hasEnded;
    const failed = this.#failed.splice(0);
    for (const failure of failed) settleOpening(failure);
    const unawaited = failed.filter(({ operation }) => !operation.isObserved);
    const findings = [
      ...this.#findings.splice(0),
      ...unawaited.filter(({ connection }) => connection.judges('unawaitedFailure')).map(({ finding }) => finding),
      ...this.connections.flatMap((connection) => judgeConnection(connection)),
    ];
    return findings.map((finding) => this.#masked(finding));
  }

  #masked(finding: Finding): Finding {
    return { ...finding, text: this.redactor.text(finding.text) };
  }

  #shown(facts: StepFacts, connection: Connection): StepFacts {
    const { subtitle } = this.#named(facts, connection);
    return subtitle === undefined ? facts : { ...facts, subtitle: () => this.redactor.text(subtitle()) };
  }

  /** With several clients a step says whose it is. */
  #named(facts: StepFacts, { name }: Connection): StepFacts {
    if (this.connections.length < 2) return facts;
    const subtitle = (): string => {
      const text = facts.subtitle?.() ?? '';
      return text.startsWith(name) ? text : `${name} · ${text}`.replace(/ · $/, '');
    };
    return { ...facts, subtitle };
  }

  /** One finding a call: a client's method that waits is both an operation and a wait. */
  #unawaited(): Finding[] {
    const pending = new Map<CallSite | undefined, Finding>();
    for (const { connection, facts } of this.#pending?.values() ?? []) {
      if (facts.isOver?.() === true || facts.isBackground === true || !connection.judges('pendingWait')) continue;
      pending.set(facts.site, {
        kind: 'pendingWait',
        text: describePending(facts.method, facts.site),
        site: facts.site,
      });
    }
    for (const wait of this.connections.flatMap((connection) => [...connection.waits])) {
      const { connections, method, site } = wait.record;
      if (wait.isBackground || !connections.every((connection) => connection.judges('pendingWait'))) continue;
      pending.set(site, { kind: 'pendingWait', text: describePending(method, site), site });
    }
    return [...pending.values()];
  }
}

/**
 * A connection that could not be opened is a finding of its own unless the test asserted on that, or the failed call is
 * told already. An `await` in a `try` whose `catch` only logs is neither.
 */
function settleOpening({ connection, operation }: Failure): void {
  if (connection.openedAt !== undefined) return;
  if (operation.isHandled || !operation.isObserved) connection.closing.isExpected = true;
}

/** Errors that we made get the stack of the user's line; those of user code keep their own. */
function isOurs(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in errorCodes;
}

/** Without an end at which findings are judged, a throw in a handler is an uncaught exception, as anywhere in Node.js. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
