import { expect as base, type Expect } from '@playwright/test';
import { lateMatchers } from '../matchers/late-matchers.ts';
import type { Matchers } from '../matchers/matchers.ts';
import type { AssertedClients, ClientAssertions, MeasuredSubject, MetricsAssertions } from '../matchers/types.ts';
import { loadEngine } from './late-engine.ts';
import { watchAssertions } from './watch-assertions.ts';

/** What merged and extended expects know of our matchers: the arguments are not checked against a client's messages. */
export type LooseMatchers = {
  [Name in MatcherName]: (
    subject: Name extends 'toMeetThresholds' ? AssertedClients | MeasuredSubject : AssertedClients,
    ...args: LooseArguments<Name>
  ) => Promise<{ pass: boolean; message: () => string }>;
};

type MatcherName = Exclude<keyof ClientAssertions, 'not'>;

/** `Parameters` sees the last of two signatures only. */
type LooseArguments<Name extends MatcherName> =
  | Parameters<ClientAssertions[Name]>
  | (Name extends 'toReceiveMessage' ? [] : never);

/** A list that is known to be empty is no list of clients. */
type EmptyListExpect = {
  (actual: readonly never[], messageOrOptions?: string | { message?: string }): ReturnType<typeof base<never[]>>;
};

/** Measurements are no client: there is one assertion on them. */
type MeasuredExpect = {
  /** Assertions on measurements: of `ws`, of its metrics, of a load run. */
  (actual: MeasuredSubject, messageOrOptions?: string | { message?: string }): MetricsAssertions;
};

/** Playwright's `expect` with typed matchers for clients; everything else as it was. */
export type WsExpect = EmptyListExpect & {
  /** Assertions on a client, typed by its schema, or on each client of a list. */
  <Value>(actual: AssertedClients<Value>, messageOrOptions?: string | { message?: string }): ClientAssertions<Value>;
  /** Failures of it do not end the test. */
  soft: WsExpect;
  /** A new `expect` with its own defaults. */
  configure(configuration: { message?: string; timeout?: number; soft?: boolean }): WsExpect;
  /** Without the matchers for clients: they wait by themselves. */
  poll: Expect['poll'];
} & MeasuredExpect &
  Expect<LooseMatchers>;

/** All matchers, for `expect.extend(matchers)` of Playwright's expect or of the standalone one. */
export const matchers: Matchers = lateMatchers(async () => (await loadEngine()).matchers);

/** Playwright's `expect`, extended by the matchers for clients. */
export const expect: WsExpect = watchAssertions(base.extend(matchers));
