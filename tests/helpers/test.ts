import {
  test as base,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestInfo,
  type TestType,
} from '@playwright/test';

import { type InlineFiles, type InlineOptions, type InlineResult, runInline as run } from './run-inline.ts';
import { type RawServer, type RawServerOptions, startRawServer as startRaw } from './raw-server.ts';
import { type ConnectionHandler, startServer as start, type TestServer, type TestServerOptions } from './server.ts';

export interface HelperFixtures {
  /** A WebSocket server that accepts all and says nothing; `server.onConnection` makes it speak. */
  readonly server: TestServer;
  /** Starts further servers, with options; each is closed after the test. */
  readonly startServer: (options?: TestServerOptions | ConnectionHandler) => Promise<TestServer>;
  /** A TCP server whose every byte the test writes. */
  readonly rawServer: RawServer;
  readonly startRawServer: (options?: RawServerOptions) => Promise<RawServer>;
  /** `runInline` of `run-inline.ts` whose projects are removed after the test; after a failure their output is attached. */
  readonly runInline: (files: InlineFiles, options?: InlineOptions) => Promise<InlineResult>;
}

type HelperTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & HelperFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>;

/** Playwright's `test` with real servers. A test that passed fails when it leaves a connection to one of them open. */
export const test: HelperTest = base.extend<HelperFixtures>({
  server: async ({ startServer }, use) => {
    await use(await startServer());
  },
  rawServer: async ({ startRawServer }, use) => {
    await use(await startRawServer());
  },
  startServer: async ({}, use, testInfo) => {
    const servers: TestServer[] = [];
    await use(async (options) => {
      const server = await start(options);
      servers.push(server);
      return server;
    });
    await end(servers, testInfo);
  },
  startRawServer: async ({}, use, testInfo) => {
    const servers: RawServer[] = [];
    await use(async (options) => {
      const server = await startRaw(options);
      servers.push(server);
      return server;
    });
    await end(servers, testInfo);
  },
  runInline: async ({}, use, testInfo) => {
    const results: InlineResult[] = [];
    await use(async (files, options) => {
      const result = await run(files, options);
      results.push(result);
      return result;
    });
    for (const result of results) {
      if (hasFailed(testInfo)) await testInfo.attach('inline-output.txt', { body: result.output });
      await result.remove();
    }
  },
});

export { expect } from '@playwright/test';

interface AnyServer {
  readonly url: string;
  leftOpen(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

async function end(servers: readonly AnyServer[], testInfo: TestInfo): Promise<void> {
  const findings: string[] = [];
  for (const server of servers) {
    const left = hasFailed(testInfo) ? [] : await server.leftOpen();
    if (left.length > 0) findings.push(`${left.length} of ${server.url}`);
    await server.close();
  }
  if (findings.length > 0)
    throw new Error(`Close every connection before the test ends. Left open: ${findings.join(', ')}`);
}

/** Whether or not it was expected to. */
function hasFailed({ status }: TestInfo): boolean {
  return status !== 'passed' && status !== 'skipped';
}
