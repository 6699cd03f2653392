import type { TestInfo } from '@playwright/test';
import type { Finding } from '../connection/findings.ts';
import type { Registry } from '../connection/registry.ts';
import { pointAt } from '../support/call-site.ts';
import { WebSocketError } from '../support/errors.ts';
import { hasPassedSoFar, hasTimedOut, nextMacrotask } from './host.ts';

/**
 * Ends what the test left pending and returns what it left: findings. The host reports the assertions among them by
 * itself, one macrotask after they were rejected; those are not told twice.
 */
export async function settleTest(registry: Registry, testInfo: TestInfo): Promise<Finding[]> {
  const reportedBefore = testInfo.errors.length;
  const unawaited = registry.settle(hasTimedOut(testInfo) ? 'timedOut' : 'finished');
  await nextMacrotask();
  const reported = testInfo.errors.slice(reportedBefore).map(({ message = '' }) => message);
  return unawaited.filter(({ text }) => !reported.some((message) => message.includes(text)));
}

/** Whether findings fail this test. Asked before anything is settled: what is settled may fail it too. */
export function isJudged(testInfo: TestInfo): boolean {
  return hasPassedSoFar(testInfo);
}

/** The one error that lists each finding with its line. */
export function findingsError(findings: readonly Finding[], owner: 'test' | 'worker' = 'test'): Error {
  const error = new WebSocketError('WS_FINDINGS', describeFindings(findings, owner));
  const [first] = findings;
  // A handler's own line says more than the line that added the handler.
  if (first.kind === 'handlerError' && first.error instanceof Error) return pointAt(error, first.error.stack);
  return first.site?.applyTo(error) ?? error;
}

/** Findings that one error lists, those that are the same counted as one: a schema may be violated by every message. */
const shownFindings = 20;

/** The findings as text, a line each, numbered when there are several. */
function describeFindings(findings: readonly Finding[], owner: string): string {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  const advice = `Mend it, or switch the check off: wsOptions: { findings: { ${kinds.map((kind) => `${kind}: false`).join(', ')} } }`;
  if (findings.length === 1) return `The ${owner} ended, and ${findings[0].text}\n\n${advice}`;
  const all = [...countTexts(findings)];
  const list = all
    .slice(0, shownFindings)
    .map(([text, count], index) => `  ${index + 1}. ${describeCounted(text, count)}`);
  const more = all.slice(shownFindings).reduce((sum, [, count]) => sum + count, 0);
  if (more > 0) list.push(`  … and ${more} more`);
  return `The ${owner} ended, and left ${findings.length} findings:\n${list.join('\n')}\n\n${advice}`;
}

/** A loop leaves the same finding many times. */
function countTexts(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of findings) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function describeCounted(text: string, count: number): string {
  const counted = count === 1 ? text : text.replace(/\n|$/, (end) => ` (${count} times)${end}`);
  return counted.replaceAll('\n', '\n     ');
}
