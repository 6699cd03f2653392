import type { TestInfo } from '@playwright/test';
import { Registry } from '../connection/registry.ts';
import { Redactor } from '../support/redactor.ts';
import type { Identity } from '../transport/connect.ts';
import { attachEvidence } from './attach.ts';
import { attachLoads, releaseFailedUsers, withFailedUsers } from './attach-loads.ts';
import { attachMetrics } from './attach-metrics.ts';
import { findingsError, isJudged, settleTest } from './end-of-test.ts';
import type { HttpRequests } from './http-requests.ts';
import { Loads } from './loads.ts';
import { Recording } from './recording.ts';
import type { ReportSettings } from './report-option.ts';
import { StepObserver } from './steps.ts';
import { countTest } from './summary.ts';
import { ManagedWebSockets } from './web-sockets.ts';

/** What a test's options say about its clients. Options are checked when they are first read: at a use of clients. */
export interface TestSettings {
  /** @throws {TypeError} when `wsOptions` are not allowed. */
  readonly identity: Identity;
  /** @throws {TypeError} when `wsReport` is not allowed. */
  readonly report: ReportSettings;
  /** HTTP requests of the test so far; `undefined` when `wsReport` is off. */
  readonly requests: HttpRequests | undefined;
  readonly testInfo: TestInfo;
}

/** Clients of one test or hook, from its first connect to its evidence. */
export class TestScope {
  readonly webSockets: ManagedWebSockets;
  readonly #registry: Registry;
  readonly #settings: TestSettings;
  readonly #recording: Recording;
  readonly #report: ReportSettings;
  readonly #loads: Loads;

  constructor(settings: TestSettings) {
    const { identity, report, testInfo } = settings;
    this.#settings = settings;
    const redactor = new Redactor(report.redact);
    this.#report = { ...report, maskText: redactor.maskText };
    const recording = new Recording(testInfo, this.#report);
    this.#recording = recording;
    const observer = new StepObserver((connection) => recording.watch(connection));
    this.#registry = new Registry({ owner: 'test or hook', isJudged: true, redactor }, observer);
    this.#loads = new Loads({
      identity: () => identity,
      report: () => report,
      testInfo: () => testInfo,
      maskText: redactor.maskText,
    });
    this.webSockets = new ManagedWebSockets(this.#registry, () => identity, this.#loads);
  }

  /** Settles, closes, attaches, judges: throws what fails the test. */
  async end(): Promise<void> {
    if (this.#registry.connections.length === 0 && this.#loads.isEmpty) return await this.#registry.close();
    try {
      await this.#end();
    } finally {
      this.#registry.release();
    }
  }

  async #end(): Promise<void> {
    const { requests, testInfo } = this.#settings;
    const report = this.#report;
    const registry = this.#registry;
    const judged = isJudged(testInfo);
    const unawaitedLoads = await this.#loads.end();
    const unawaited = await settleTest(registry, testInfo);
    await registry.close();
    const findings = [...unawaitedLoads, ...unawaited, ...registry.judge()];
    const willFail = judged && findings.length > 0;
    countTest(testInfo, { registry, mode: report.mode });
    const recording = this.#recording;
    const loads = this.#loads.take();
    await attachMetrics(testInfo, { registry, report, willFail });
    await attachLoads(testInfo, loads, { report, willFail });
    const shown = withFailedUsers({ registry, report }, loads);
    await attachEvidence(testInfo, { ...shown, findings, recording, requests: requests?.all, willFail });
    releaseFailedUsers(loads);
    if (willFail) throw findingsError(findings);
  }
}
