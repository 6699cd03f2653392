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

/** Findings that one error lists: a schema may be violated by every message. */
const shownFindings = 20;

/** The findings as text, a line each, numbered when there are several. */
function describeFindings(findings: readonly Finding[], owner: string): string {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  const advice = `Mend it, or switch the check off: wsOptions: { findings: { ${kinds.map((kind) => `${kind}: false`).join(', ')} } }`;
  if (findings.length === 1) return `The ${owner} ended, and ${findings[0].text}\n\n${advice}`;
  const list = findings
    .slice(0, shownFindings)
    .map(({ text }, index) => `  ${index + 1}. ${text.replaceAll('\n', '\n     ')}`);
  const more = findings.length - list.length;
  if (more > 0) list.push(`  … and ${more} more`);
  return `The ${owner} ended, and left ${findings.length} findings:\n${list.join('\n')}\n\n${advice}`;
}
