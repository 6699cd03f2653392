import {
  mergeTests,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';

import { exampleUse } from '../../examples/web-server.ts';
import { test as ws, type WsTestFixtures, type WsWorkerFixtures } from '../../src/index.ts';
import { steadyText } from '../helpers/failure-text.ts';
import { type HelperFixtures, test as helpers } from '../helpers/test.ts';

export { expect } from '../../src/index.ts';

type CanExpressTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & HelperFixtures & WsTestFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & WsWorkerFixtures
>;

/** The package's own `test` with the servers of the helpers; relative URLs are those of the run's example application. */
export const test: CanExpressTest = mergeTests(helpers, ws).extend({
  baseURL: async ({}, use) => use(exampleUse().baseURL),
});

/** What a promise rejects with, without what differs from run to run. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'it did not reject',
    (error: unknown) => steadyText(error instanceof Error ? error.message : String(error)),
  );
}
