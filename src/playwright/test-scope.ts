import type { TestInfo } from '@playwright/test';
import { Registry } from '../connection/registry.ts';
import type { Identity } from '../transport/connect.ts';
import { attachEvidence, type WsReportMode } from './attach.ts';
import { findingsError, isJudged, settleTest } from './end-of-test.ts';
import { StepObserver } from './steps.ts';
import { countTest } from './summary.ts';
import { ManagedWebSockets } from './web-sockets.ts';

/** What a test's options say about its clients. Options are checked when they are first read: at a use of clients. */
export interface TestSettings {
  /** @throws {TypeError} when `wsOptions` are not allowed. */
  readonly identity: Identity;
  /** @throws {TypeError} when `wsReport` is not allowed. */
  readonly report: WsReportMode;
  readonly testInfo: TestInfo;
}

/** Clients of one test or hook, from its first connect to its evidence. */
export class TestScope {
  readonly webSockets: ManagedWebSockets;
  readonly #registry: Registry;
  readonly #report: WsReportMode;
  readonly #testInfo: TestInfo;

  constructor({ identity, report, testInfo }: TestSettings) {
    this.#report = report;
    this.#testInfo = testInfo;
    this.#registry = new Registry({ owner: 'test or hook', isJudged: true }, new StepObserver());
    this.webSockets = new ManagedWebSockets(this.#registry, () => identity);
  }

  /** Settles, closes, attaches, judges: throws what fails the test. */
  async end(): Promise<void> {
    const testInfo = this.#testInfo;
    const judged = isJudged(testInfo);
    const unawaited = await settleTest(this.#registry, testInfo);
    await this.#registry.close();
    const findings = [...unawaited, ...this.#registry.judge()];
    const willFail = judged && findings.length > 0;
    countTest(testInfo, { registry: this.#registry, mode: this.#report });
    await attachEvidence(testInfo, { registry: this.#registry, findings, mode: this.#report, willFail });
    if (willFail) throw findingsError(findings);
  }
}
