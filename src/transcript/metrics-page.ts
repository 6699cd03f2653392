import type { Measurements } from '../metrics/measurements.ts';
import type { ThresholdResult } from '../metrics/judge-thresholds.ts';
import { formatBytes, formatRate, formatShare, formatTime } from '../metrics/format.ts';
import { isTrendName, metricKinds, type CounterName, type MetricName } from '../metrics/metric-names.ts';
import type { MetricSet } from '../metrics/metric-set.ts';
import { perSecond } from '../metrics/metrics.ts';
import type { Trend } from '../metrics/trend.ts';
import { drawBars, drawLines, type LineChart } from './charts.ts';
import { escapeHtml } from './static-page.ts';

/** Measurements as a document. */
export interface MetricsDocument {
  /** What it is about, as its title and first line. */
  readonly title: string;
  readonly measurements: Measurements;
  readonly thresholds?: readonly ThresholdResult[] | undefined;
  /** Charts over time. */
  readonly charts?: readonly LineChart[] | undefined;
  /** The same as text, in k6's layout. */
  readonly summary?: string | undefined;
}

/** Writes `metrics.html`: one page that needs nothing else, no script either. */
export function renderMetrics(page: MetricsDocument): string {
  const { charts = [], measurements, summary, thresholds = [] } = page;
  const title = escapeHtml(measurements.maskText(page.title));
  const body = [
    `<h1>${title}</h1>`,
    ...thresholdTable(thresholds),
    ...charts.map((chart) => drawLines(chart)),
    ...metricTables(measurements),
    ...measurements.limits.map((limit) => `<p>${limit.charAt(0).toUpperCase()}${limit.slice(1)}.</p>`),
    ...(summary === undefined
      ? []
      : [`<h2>Summary</h2>\n<pre>${summary.split('\n').map(escapeHtml).join('\n')}</pre>`]),
  ];
  return `${head(title)}<body>\n<main>\n${body.join('\n')}\n</main>\n</body>\n</html>\n`;
}

const policy = "default-src 'none'; style-src 'unsafe-inline'";

function head(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
`;
}

/** Colours of the page of the frames. */
const style = `
:root{color-scheme:light dark;--line:light-dark(#d1d9e0,#3d444d);--quiet:light-dark(#59636e,#9198a1);--0:light-dark(#0969da,#4493f8);--1:light-dark(#8250df,#ab7df8);--2:light-dark(#1a7f37,#3fb950);--bad:light-dark(#c21c2c,#ff7b72);font:13px/1.45 system-ui,sans-serif;background:light-dark(#fff,#0d1117);color:light-dark(#1f2328,#f0f6fc)}
body{max-width:960px;margin:0 auto;padding:16px}h1{font-size:18px}h2,figcaption,caption{font-size:14px;font-weight:600;text-align:left;padding:16px 0 4px}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{padding:2px 14px 2px 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}td:first-child,th{text-align:left;font-weight:400}th{color:var(--quiet)}th:not(:first-child){text-align:right}
.bad{color:var(--bad)}figure{margin:0}svg{width:100%;height:auto;max-width:720px}text{font-size:11px;fill:var(--quiet)}.axis{fill:none;stroke:var(--line)}rect{fill:var(--0)}.line{fill:none;stroke-width:1.5;stroke-linecap:round}
.line-0{stroke:var(--0)}.line-1{stroke:var(--1)}.line-2{stroke:var(--2)}ul{display:flex;gap:16px;margin:0;padding:0 0 0 64px;list-style:none}li::before{content:"";display:inline-block;width:12px;height:3px;margin-right:6px;vertical-align:middle;background:currentColor}.key-0::before{background:var(--0)}.key-1::before{background:var(--1)}.key-2::before{background:var(--2)}
pre{overflow-x:auto}`;

function thresholdTable(results: readonly ThresholdResult[]): string[] {
  const rows = results.map(({ found, isMet, metric, threshold }) => ({
    cells: [metric, threshold, found, isMet ? 'met' : 'not met'],
    isBad: !isMet,
  }));
  return results.length === 0 ? [] : [table('Thresholds', ['Metric', 'Threshold', 'Found', 'Result'], rows)];
}

function metricTables({ duration, maskText, tagged, total }: Measurements): string[] {
  const clients = [...tagged].filter(([key]) => key.startsWith('client:'));
  const parts = clients.length < 2 ? [] : clients;
  const sets: readonly (readonly [string, MetricSet])[] = [['', total], ...parts];
  const rows = (kind: string, cells: (set: MetricSet, name: MetricName) => string[]): Row[] =>
    sets.flatMap(([key, set]) =>
      set.names
        .filter((name) => metricKinds[name] === kind)
        .map((name) => ({ cells: [maskText(key === '' ? name : `${name}{${key}}`), ...cells(set, name)] })),
    );
  const trends = rows('trend', (set, name) => (isTrendName(name) ? trendRow(set.trend(name)) : []));
  const counters = rows('counter', (set, name) => counterRow(name, set, duration));
  return [
    ...(trends.length === 0 ? [] : [table('Times', trendColumns, trends)]),
    ...distributions(total),
    ...(counters.length === 0 ? [] : [table('Counters', ['Metric', 'Count', 'Rate'], counters)]),
    ...checkTable({ maskText, tagged, total }),
  ];
}

const trendColumns = ['Metric', 'Count', 'avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'];

function trendRow(trend: Trend): string[] {
  const { avg, count, max, med, min } = trend;
  return [String(count), ...[avg, min, med, max, trend.p(90), trend.p(95), trend.p(99)].map(formatTime)];
}

function counterRow(name: MetricName, set: MetricSet, duration: number): string[] {
  if (!isCounter(name)) return [];
  const count = set.count(name);
  const rate = perSecond(count, duration);
  if (name.startsWith('data_')) return [formatBytes(count), `${formatBytes(rate)}/s`];
  return [String(count), formatRate(rate)];
}

function isCounter(name: MetricName): name is CounterName {
  return metricKinds[name] === 'counter';
}

function checkTable({ maskText, tagged, total }: Pick<Measurements, 'maskText' | 'tagged' | 'total'>): string[] {
  if (Number.isNaN(total.checks.rate)) return [];
  const checks = [...tagged].filter(([key]) => key.startsWith('check:'));
  const rows = checks.map(
    ([
      key,
      {
        checks: { fails, passes, rate },
      },
    ]) => ({
      cells: [maskText(key.slice('check:'.length)), formatShare(rate), String(passes), String(fails)],
      isBad: fails > 0,
    }),
  );
  return [table('Checks', ['Check', 'Rate', 'Passed', 'Failed'], rows)];
}

/** Enough to see a shape, few enough to see each. */
const bars = 40;

/** A chart of each metric that has a distribution to show. */
function distributions(total: MetricSet): string[] {
  return total.names
    .filter((name) => isTrendName(name))
    .flatMap((name) => {
      const trend = total.trend(name);
      const { buckets, max, min } = trend.data();
      if (buckets.length < 2) return [];
      const counts = Array.from({ length: bars }, () => 0);
      for (const [value, count] of buckets) {
        counts[Math.min(bars - 1, Math.floor(((value - min) / (max - min)) * bars))] += count;
      }
      return [drawBars({ title: name, counts, from: formatTime(trend.min), to: formatTime(trend.max) })];
    });
}

interface Row {
  readonly cells: readonly string[];
  readonly isBad?: boolean;
}

function table(caption: string, columns: readonly string[], rows: readonly Row[]): string {
  const heads = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const lines = rows.map(
    ({ cells, isBad = false }) =>
      `<tr${isBad ? ' class="bad"' : ''}>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<table>\n<caption>${caption}</caption>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>`;
}
