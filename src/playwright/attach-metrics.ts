import type { Registry } from '../connection/registry.ts';
import { measure, takeReading } from '../metrics/measure.ts';
import { errorMessage } from '../support/errors.ts';
import type { EvidenceHost } from './attach.ts';
import { newFile } from './evidence-file.ts';
import { titleOf, pageType } from './recording.ts';
import { wantedFormats, type ReportSettings } from './report-option.ts';

/** Name of the page of the measurements. */
const metricsPage = 'metrics.html';

/** Whose measurements are attached. */
export interface Measurable {
  readonly registry: Pick<Registry, 'connections'>;
  readonly report: ReportSettings;
  /** Whether findings are about to fail the test. */
  readonly willFail: boolean;
}

/**
 * Attaches `metrics.html` to a test that looked at its measurements; nothing to any other. Never rejects: what cannot be
 * written becomes an annotation.
 */
export async function attachMetrics(host: EvidenceHost, { registry, report, willFail }: Measurable): Promise<void> {
  const connections = registry.connections.filter((connection) => takeReading(connection));
  if (connections.length === 0 || !wantedFormats(report, host, willFail).includes('html')) return;
  try {
    const { renderMetrics } = await import('../transcript/metrics-page.ts');
    const page = renderMetrics({ title: titleOf(host), measurements: measure(connections) });
    await attachPage(host, metricsPage, page);
  } catch (error) {
    const description = report.maskText(`Cannot attach ${metricsPage}: ${errorMessage(error)}`);
    host.annotations.push({ type: 'warning', description });
  }
}

/** Attaches a page of its own, by path: it opens in a tab of the browser. */
export async function attachPage(host: EvidenceHost, name: string, page: string): Promise<void> {
  const path = await newFile(host, name, [page]);
  host.attachments.push({ name, contentType: pageType, path });
}
