import {
  test as base,
  type Fixtures,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestInfo,
  type TestType,
} from '@playwright/test';
import { misuse } from '../support/errors.ts';
import type { ConnectOptions } from '../transport/connect-options.ts';
import type { Identity } from '../transport/connect.ts';
import { Endings } from './endings.ts';
import { beginTestOfWorker, endTestOfWorker } from './current-test.ts';
import type { HostOptions } from './identity.ts';
import { watchPages } from './http-pages.ts';
import { HttpRequests } from './http-requests.ts';
import { type Engine, loadedEngine, loadEngine } from './late-engine.ts';
import { isReportOff } from './report-off.ts';
import type { ReportSettings, WsReport } from './report-option.ts';
import { rememberRequest } from './request-of-test.ts';
import type { TestSettings } from './test-scope.ts';
import type { WebSockets } from './web-sockets.ts';

/** Option fixtures: `use: { wsOptions: { … } }` in a project, `test.use(…)` in a file. */
export interface WsTestOptions {
  /**
   * Defaults of `ws.connect` and `ws.handshake`. Replaced whole, as every Playwright option.
   *
   * @default {}
   */
  wsOptions: ConnectOptions;
  /**
   * When the frames of a test are attached to its report, and in which forms.
   *
   * @default 'on'
   */
  wsReport: WsReport;
}

/** Fixtures that a test asks for. */
export interface WsTestFixtures extends WsTestOptions {
  /** WebSocket clients of this test or hook. They are closed, checked and attached when it ends. */
  ws: WebSockets;
}

export interface WsWorkerFixtures {
  /** WebSocket clients that the tests of a worker share. Each test sees, and reports, what came while it ran. */
  workerWs: WebSockets;
}

/** What each test gets without asking. */
export interface OwnFixtures {
  /** @internal */
  _wsEndings: Endings;
  /** @internal */
  _wsTest: TestSettings;
}

/**
 * Time slot of the end of a test's clients: `closeTimeout` (at most 30 s) and the evidence. It is not taken from the
 * test's own time, so that the end runs when the test or another fixture has used all of that.
 */
const endSlotMs = 60_000;

/**
 * The fixtures, for `base.extend(fixtures)`. They wrap `request`, to find its cookies without creating it.
 *
 * @example
 * ```ts
 * import { test as base } from '@playwright/test';
 * import { fixtures } from 'playwright-ws';
 *
 * export const wsTest = base.extend(fixtures);
 * ```
 */
export const fixtures: Fixtures<
  WsTestFixtures & OwnFixtures,
  WsWorkerFixtures,
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = {
  wsOptions: [{}, { option: true, box: true }],
  wsReport: ['on', { option: true, box: true }],

  // Remembered, not asked for: a test that does not use `request` must not pay for it.
  request: [
    async ({ request }, use, testInfo) => {
      rememberRequest(testInfo, request);
      await use(request);
    },
    { scope: 'test', box: 'self' },
  ],

  // Watched, not asked for: only a test that has pages pays for it.
  context: [
    async ({ context, _wsTest: { requests } }, use) => {
      const stop = requests === undefined ? undefined : watchPages(context, requests);
      await use(context);
      stop?.();
    },
    { scope: 'test', box: 'self' },
  ],

  _wsEndings: [
    async ({}, use) => {
      const endings = new Endings();
      await use(endings);
      await endings.settled();
    },
    { box: true, timeout: endSlotMs, title: 'WebSocket clients' },
  ],

  _wsTest: [
    async (
      {
        baseURL,
        clientCertificates,
        extraHTTPHeaders,
        httpCredentials,
        ignoreHTTPSErrors,
        proxy,
        storageState,
        userAgent,
        wsOptions,
        wsReport,
        _wsEndings,
      },
      use,
      testInfo,
    ) => {
      const host = {
        baseURL,
        clientCertificates,
        extraHTTPHeaders,
        httpCredentials,
        ignoreHTTPSErrors,
        proxy,
        storageState,
        userAgent,
      };
      const settings = readSettings(testInfo, host, { wsOptions, wsReport });
      beginTestOfWorker(settings);
      settings.requests?.start();
      await use(settings);
      settings.requests?.stop();
      await _wsEndings.track(endTest(settings, _wsEndings));
    },
    { auto: true, box: true, timeout: endSlotMs, title: 'WebSocket clients of the worker' },
  ],

  ws: [
    async ({ _wsTest, _wsEndings }, use) => {
      const { TestScope } = loadedEngine() ?? (await loadEngine());
      const scope = new TestScope(_wsTest);
      await use(scope.webSockets);
      await _wsEndings.track(scope.end());
    },
    { box: 'self', timeout: endSlotMs, title: 'WebSocket clients' },
  ],

  workerWs: [
    async ({}, use, workerInfo) => {
      const { WorkerScope } = await loadEngine();
      const scope = WorkerScope.open(workerInfo);
      await use(scope.webSockets);
      await scope.close();
    },
    { scope: 'worker', box: true, timeout: endSlotMs, title: 'WebSocket clients of the worker' },
  ],
};

/** Playwright's `test` with the fixtures `ws` and `workerWs` and the options `wsOptions` and `wsReport`. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & WsTestFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & WsWorkerFixtures
> = base.extend<WsTestFixtures & OwnFixtures, WsWorkerFixtures>(fixtures);

async function endTest(settings: TestSettings, endings: Endings): Promise<void> {
  await endings.settled();
  try {
    await endTestOfWorker(settings);
  } finally {
    // Without it nothing was counted.
    loadedEngine()?.attachSummaries(settings.testInfo);
  }
}

/** Checks options when they are used: a test without clients pays nothing, and does not fail for them. */
function readSettings(testInfo: TestInfo, host: HostOptions, { wsOptions, wsReport }: WsTestOptions): TestSettings {
  let identity: Identity | undefined;
  let report: ReportSettings | undefined;
  return {
    testInfo,
    requests: isReportOff(wsReport) ? undefined : new HttpRequests(),
    get identity() {
      if (identity === undefined) {
        const { checkWsOptions, createIdentity } = presentEngine();
        const { configFile } = testInfo.config;
        identity = createIdentity({ host, wsOptions: checkWsOptions(wsOptions), configFile, testInfo });
      }
      return identity;
    },
    get report() {
      return (report ??= presentEngine().checkReport(wsReport));
    },
  };
}

/** Whoever reads checked options has clients, and so has loaded it. */
function presentEngine(): Engine {
  const engine = loadedEngine();
  if (engine === undefined)
    throw misuse('WS_INVALID_OPTION', 'Cannot check the options of clients: no test asked for any');
  return engine;
}
