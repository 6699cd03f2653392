import type { Registry } from '../connection/registry.ts';
import type { LoadRun } from '../load/load-run.ts';
import { describeLocation } from '../support/call-site.ts';
import { errorMessage } from '../support/errors.ts';
import type { MaskText } from '../support/redact-options.ts';
import { writeTrends, type Summary } from '../transcript/summary.ts';
import { attachPage } from './attach-metrics.ts';
import type { EvidenceHost } from './attach.ts';
import type { EndedLoad } from './loads.ts';
import { wantedFormats, type ReportSettings } from './report-option.ts';
import { addSummary } from './summary.ts';

/** Name of the page of a load run, and of its summary as text. */
const loadPage = 'load.html';
const loadSummary = 'load-summary.txt';

/** Whose frames are written, and how they are masked. */
interface Shown {
  readonly registry: Pick<Registry, 'connections' | 'waits' | 'notes'>;
  readonly report: ReportSettings;
}

/** The clients of a test, and those of the failed iterations of its load runs, each with the secrets that it knows. */
export function withFailedUsers({ registry, report }: Shown, loads: readonly EndedLoad[]): Shown {
  const failed = loads.flatMap(({ run }) => run.failures.registries);
  if (failed.length === 0) return { registry, report };
  const all = [registry, ...failed];
  return {
    registry: {
      connections: all.flatMap(({ connections }) => connections),
      waits: all.flatMap(({ waits }) => waits),
      notes: all.flatMap(({ notes }) => notes),
    },
    report: { ...report, maskText: maskAll([report.maskText, ...failed.map(({ redactor }) => redactor.maskText)]) },
  };
}

/** Lets go of the frames of failed iterations, once they are written. */
export function releaseFailedUsers(loads: readonly EndedLoad[]): void {
  for (const registry of loads.flatMap(({ run }) => run.failures.registries)) registry.release();
}

/**
 * Attaches what came of load runs: a page with charts, the summary as text, and counts for the reporter. Never rejects:
 * what cannot be written becomes an annotation.
 */
export async function attachLoads(
  host: EvidenceHost,
  loads: readonly EndedLoad[],
  { report, willFail }: { readonly report: ReportSettings; readonly willFail: boolean },
): Promise<void> {
  for (const { run } of loads) addSummary(host, report.mode, summaryOf(run));
  if (loads.length === 0 || !wantedFormats(report, host, willFail).includes('html')) return;
  try {
    for (const load of loads) await attachLoad(host, load, report);
  } catch (error) {
    const description = report.maskText(`Cannot attach ${loadPage}: ${errorMessage(error)}`);
    host.annotations.push({ type: 'warning', description });
  }
}

async function attachLoad(host: EvidenceHost, { result, run, site }: EndedLoad, report: ReportSettings): Promise<void> {
  const { chartLoad } = await import('../load/load-charts.ts');
  const { renderMetrics } = await import('../transcript/metrics-page.ts');
  const { measurements, timeline } = run.meter;
  const { summary, thresholds } = result;
  const title = `Load at ${describeLocation(site.location)}`;
  await attachPage(
    host,
    loadPage,
    renderMetrics({ title, measurements, thresholds, summary, charts: chartLoad(timeline) }),
  );
  const body = Buffer.from(report.maskText(summary));
  host.attachments.push({ name: loadSummary, contentType: 'text/plain', body });
}

function summaryOf({ iterations, meter }: LoadRun): Summary {
  const { abnormalCloses, failedHandshakes, measurements } = meter;
  const { total } = measurements;
  const checks = measurements.valuesOf('check').map((name) => {
    const { fails = 0, passes = 0 } = measurements.get('check', name)?.checks ?? {};
    return [measurements.maskText(name), { passes, fails }] as const;
  });
  return {
    connections: total.count('ws_sessions'),
    failedHandshakes,
    abnormalCloses,
    messages: { sent: total.count('ws_msgs_sent'), received: total.count('ws_msgs_received') },
    bytes: { sent: total.count('data_sent'), received: total.count('data_received') },
    slowestReplies: [],
    trends: writeTrends(total),
    load: {
      iterations: iterations.passed + iterations.failed,
      failedIterations: iterations.failed,
      checks: Object.fromEntries(checks),
    },
  };
}

/** Masks with several redactors, one after the other. */
function maskAll(masks: readonly MaskText[]): MaskText {
  return Object.assign((text: string): string => masks.reduce((masked, mask) => mask(masked), text), {
    bytes: (payload: Buffer, isCut: boolean): Buffer =>
      masks.reduce((masked, mask) => mask.bytes?.(masked, isCut) ?? masked, payload),
  });
}
