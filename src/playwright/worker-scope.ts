import type { WorkerInfo } from '@playwright/test';
import { Mark } from '../frames/mark.ts';
import { Registry } from '../connection/registry.ts';
import type { Identity } from '../transport/connect.ts';
import { attachEvidence } from './attach.ts';
import { attachLoads, releaseFailedUsers, withFailedUsers } from './attach-loads.ts';
import { attachMetrics } from './attach-metrics.ts';
import { findingsError, isJudged, settleTest } from './end-of-test.ts';
import { setWorker, testOfWorker, type TestedWorker } from './current-test.ts';
import { createIdentity } from './identity.ts';
import { Loads } from './loads.ts';
import { Recording } from './recording.ts';
import { checkReport, type ReportSettings } from './report-option.ts';
import { StepObserver } from './steps.ts';
import { countTest } from './summary.ts';
import type { TestSettings } from './test-scope.ts';
import { ManagedWebSockets } from './web-sockets.ts';

/** Clients that the tests of a worker share: each test gets its slice of frames and its findings. */
export class WorkerScope implements TestedWorker {
  readonly webSockets: ManagedWebSockets;
  readonly #registry: Registry;
  readonly #observer = new StepObserver((connection) => this.#recording?.watch(connection));
  readonly #projectIdentity: Identity;
  /** Where the slice of frames of the next test begins: it has what came in hooks and between two tests. */
  #endOfLastTest: Mark | undefined;
  #recording: Recording | undefined;
  readonly #loads: Loads;

  private constructor(workerInfo: WorkerInfo) {
    this.#projectIdentity = createIdentity({
      host: workerInfo.project.use,
      wsOptions: {},
      configFile: workerInfo.config.configFile,
      testInfo: undefined,
    });
    this.#registry = new Registry({ owner: 'worker', isJudged: true }, this.#observer);
    const identity = (): Identity => testOfWorker()?.identity ?? this.#projectIdentity;
    this.#loads = new Loads({
      identity,
      report: () => testOfWorker()?.report ?? checkReport('on'),
      testInfo: () => testOfWorker()?.testInfo,
      maskText: this.#registry.redactor.maskText,
    });
    this.webSockets = new ManagedWebSockets(this.#registry, identity, this.#loads);
  }

  /** Creates the worker's clients; the test that asked for them has begun already. */
  static open(workerInfo: WorkerInfo): WorkerScope {
    const worker = new WorkerScope(workerInfo);
    setWorker(worker);
    const test = testOfWorker();
    if (test !== undefined) worker.#record(test);
    return worker;
  }

  /** Closes all; throws what was left after the last test, in its `afterAll` hooks. */
  async close(): Promise<void> {
    setWorker(undefined);
    const unawaitedLoads = await this.#loads.end();
    const unawaited = this.#registry.settle('finished');
    await this.#registry.close();
    this.#registry.release();
    const findings = [...unawaitedLoads, ...unawaited, ...this.#registry.judge()];
    if (findings.length > 0) throw findingsError(findings, 'worker');
  }

  beginTest(test: TestSettings): void {
    this.#observer.reset();
    this.#registry.beginTest();
    this.#record(test);
  }

  async endTest({ report: settings, requests, testInfo }: TestSettings): Promise<void> {
    const report = this.#reportOf(settings);
    const judged = isJudged(testInfo);
    const unawaitedLoads = await this.#loads.end();
    const unawaited = await settleTest(this.#registry, testInfo);
    const findings = [...unawaitedLoads, ...unawaited, ...this.#registry.judge()];
    const willFail = judged && findings.length > 0;
    const from = this.#endOfLastTest;
    this.#endOfLastTest = new Mark();
    const registry = this.#registry;
    const recording = this.#recording;
    this.#recording = undefined;
    countTest(testInfo, { registry, mode: report.mode, from });
    const loads = this.#loads.take();
    await attachMetrics(testInfo, { registry, report, willFail });
    await attachLoads(testInfo, loads, { report, willFail });
    const shown = withFailedUsers({ registry, report }, loads);
    await attachEvidence(testInfo, { ...shown, findings, recording, requests: requests?.all, willFail, from });
    releaseFailedUsers(loads);
    if (willFail) throw findingsError(findings);
  }

  #reportOf(report: ReportSettings): ReportSettings {
    return { ...report, maskText: this.#registry.redactor.maskText };
  }

  #record({ report, testInfo }: TestSettings): void {
    this.#registry.redactor.configure(report.redact);
    this.#recording = new Recording(testInfo, this.#reportOf(report));
    const open = this.#registry.connections.filter(({ closeInfo }) => closeInfo === undefined);
    for (const connection of open) this.#recording.watch(connection, this.#endOfLastTest?.sequence ?? 0);
  }
}
