import {
  mergeTests,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';

import { test as ws, type WsTestFixtures, type WsWorkerFixtures } from '../../src/index.ts';
import { type ExampleServer, startExampleServer } from '../helpers/example-server.ts';
import { steadyText } from '../helpers/failure-text.ts';
import { type HelperFixtures, test as helpers } from '../helpers/test.ts';

export { expect } from '../../src/index.ts';

type CanExpressTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & HelperFixtures & WsTestFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & WsWorkerFixtures & { app: ExampleServer }
>;

/** The package's own `test` with the servers of the helpers; relative URLs are those of the example application. */
export const test: CanExpressTest = mergeTests(helpers, ws).extend<{}, { app: ExampleServer }>({
  app: [
    async ({}, use) => {
      const app = await startExampleServer();
      await use(app);
      await app.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ app }, use) => use(app.url),
});

/** What a promise rejects with, without what differs from run to run. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'it did not reject',
    (error: unknown) => steadyText(error instanceof Error ? error.message : String(error)),
  );
}
