import type { TestInfo } from '@playwright/test';
import type { Registry } from '../connection/registry.ts';
import type { Position } from '../frames/mark.ts';
import { errorMessage } from '../support/errors.ts';
import { isEmptySummary, summarize, summaryName, writeSummary, type Summary } from '../transcript/summary.ts';
import type { WsReportMode } from './report-option.ts';

/** What is counted for `playwright-ws/reporter`. */
export interface Counted {
  readonly registry: Pick<Registry, 'connections' | 'waits'>;
  readonly mode: WsReportMode;
  /** Where the test's slice of connections that several tests share begins. */
  readonly from?: Position | undefined;
}

/** What a summary needs of a test's `TestInfo`. */
export type SummaryHost = Pick<TestInfo, 'annotations' | 'attachments'>;

/** Summaries that wait for the end of the fixtures of their test or hook. */
const pending = new WeakMap<SummaryHost, string[]>();

/**
 * Counts what happened on the clients of a test. Every mode but `'off'` does, for totals of failed tests alone would
 * be none; `'off'` means that nothing is written. Synchronous, so that nothing happens between a slice's end and its
 * counts. Never throws.
 */
export function countTest(host: SummaryHost, { from, mode, registry }: Counted): void {
  if (mode === 'off') return;
  try {
    const summary = summarize({ connections: registry.connections, waits: registry.waits, from });
    if (isEmptySummary(summary)) return;
    pending.set(host, [...(pending.get(host) ?? []), writeSummary(summary)]);
  } catch (error) {
    host.annotations.push({ type: 'warning', description: `Cannot write ${summaryName}: ${errorMessage(error)}` });
  }
}

/** Keeps counts that were made elsewhere: those of a load run. */
export function addSummary(host: SummaryHost, mode: WsReportMode, summary: Summary): void {
  if (mode !== 'off') pending.set(host, [...(pending.get(host) ?? []), writeSummary(summary)]);
}

/**
 * Attaches what was counted as `_websocket-summary.json`, which reports do not show. Called from a boxed fixture: from
 * any other place the HTML report would give a step a link to what it does not show (seen in 1.65).
 */
export function attachSummaries(host: SummaryHost): void {
  const summaries = pending.get(host) ?? [];
  pending.delete(host);
  for (const summary of summaries) {
    host.attachments.push({ name: summaryName, contentType: 'application/json', body: Buffer.from(summary) });
  }
}
