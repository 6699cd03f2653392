import type { APIRequestContext, TestInfo } from '@playwright/test';

const requests = new WeakMap<TestInfo, APIRequestContext>();

/** Remembers the `request` fixture of a test: asking for it would cost every test 17 ms and two steps. */
export function rememberRequest(testInfo: TestInfo, request: APIRequestContext): void {
  requests.set(testInfo, request);
}

/** The `request` fixture of a test that uses it. */
export function requestOf(testInfo: TestInfo): APIRequestContext | undefined {
  return requests.get(testInfo);
}
