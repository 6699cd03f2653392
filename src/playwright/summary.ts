import type { TestInfo } from '@playwright/test';
import type { Registry } from '../connection/registry.ts';
import type { Position } from '../frames/mark.ts';
import { errorMessage } from '../support/errors.ts';
import { isEmptySummary, summarize, summaryName, writeSummary } from '../transcript/summary.ts';
import type { WsReportMode } from './attach.ts';

/** What is counted for `playwright-ws/reporter`. */
export interface Counted {
  readonly registry: Pick<Registry, 'connections' | 'waits'>;
  readonly mode: WsReportMode;
  /** Where the test's slice of connections that several tests share begins. */
  readonly from?: Position | undefined;
}

/**
 * Attaches the counts of a test as `_websocket-summary.json`, which reports do not show. Every mode but `'off'` does, for
 * totals of failed tests only would be none; `'off'` means that nothing is written. Synchronous, so that nothing happens
 * between a slice's end and its counts. Never throws.
 */
export function attachSummary(
  { annotations, attachments }: Pick<TestInfo, 'annotations' | 'attachments'>,
  { from, mode, registry }: Counted,
): void {
  if (mode === 'off') return;
  try {
    const summary = summarize({ connections: registry.connections, waits: registry.waits, from });
    if (isEmptySummary(summary)) return;
    attachments.push({ name: summaryName, contentType: 'application/json', body: Buffer.from(writeSummary(summary)) });
  } catch (error) {
    annotations.push({ type: 'warning', description: `Cannot attach ${summaryName}: ${errorMessage(error)}` });
  }
}
