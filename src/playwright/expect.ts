import { expect as base, type Expect } from '@playwright/test';
import { matchers } from '../matchers/matchers.ts';
import type { AssertedClients, ClientAssertions } from '../matchers/types.ts';
import { watchAssertions } from './watch-assertions.ts';

/** What merged and extended expects know of our matchers: the arguments are not checked against a client's messages. */
export type LooseMatchers = {
  [Name in keyof Omit<ClientAssertions, 'not'>]: (
    client: AssertedClients<never>,
    ...args: Parameters<ClientAssertions[Name]>
  ) => Promise<{ pass: boolean; message: () => string }>;
};

/** Playwright's `expect` with typed matchers for clients; everything else as it was. */
export type WsExpect = {
  /** Assertions on a client, typed by its schema, or on each client of a list. */
  <Value>(actual: AssertedClients<Value>, messageOrOptions?: string | { message?: string }): ClientAssertions<Value>;
  /** Failures of it do not end the test. */
  soft: WsExpect;
  /** A new `expect` with its own defaults. */
  configure(configuration: { message?: string; timeout?: number; soft?: boolean }): WsExpect;
  /** Without the matchers for clients: they wait by themselves. */
  poll: Expect['poll'];
} & Expect<LooseMatchers>;

/** Playwright's `expect`, extended by the matchers for clients. */
export const expect: WsExpect = watchAssertions(base.extend(matchers));
