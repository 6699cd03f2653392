import { columns, formatBytes, formatRate, formatShare, formatTime, trendCells } from '../metrics/format.ts';
import type { ThresholdResult } from '../metrics/judge-thresholds.ts';
import { isTrendName, type CounterName, type MetricName } from '../metrics/metric-names.ts';
import type { Measurements } from '../metrics/measurements.ts';
import { perSecond } from '../metrics/metrics.ts';
import { drawThresholds } from '../metrics/threshold-table.ts';

/** What a summary shows. */
export interface LoadSummarySource {
  readonly measurements: Measurements;
  readonly thresholds: readonly ThresholdResult[];
  readonly iterations: { readonly passed: number; readonly failed: number; readonly interrupted: number };
  /** What failed, a line each. */
  readonly failures: readonly string[];
  /** What a reader should know further, a line each. */
  readonly notes: readonly string[];
}

/** The summary of a load run in k6's layout. */
export function summarizeLoad(source: LoadSummarySource): string {
  const { failures, measurements, notes, thresholds } = source;
  const sections = [
    ...(thresholds.length === 0 ? [] : [['█ THRESHOLDS', '', ...indented(drawThresholds(thresholds))]]),
    ['█ TOTAL RESULTS', '', ...indented(results(source))],
    ...(failures.length === 0 ? [] : [['█ FAILURES', '', ...indented(failures)]]),
    ...(notes.length === 0 ? [] : [['█ NOTES', '', ...indented(notes)]]),
  ];
  return measurements.maskText(sections.map((lines) => lines.join('\n')).join('\n\n'));
}

/** A label and what stands behind it, in columns. */
type Row = readonly [label: string, ...cells: string[]];

function results({ iterations, measurements }: LoadSummarySource): string[] {
  const groups: readonly (readonly [title: string, rows: readonly Row[]])[] = [
    ['', checkRows(measurements)],
    ['EXECUTION', executionRows(measurements, iterations)],
    ['NETWORK', metricRows(measurements, (name) => name.startsWith('data_'))],
    ['WEBSOCKET', metricRows(measurements, (name) => name.startsWith('ws_'))],
  ];
  const width = Math.max(...groups.flatMap(([, rows]) => rows.map(([label]) => label.length)));
  const drawn = groups
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => [...(title === '' ? [] : [title]), ...drawRows(rows, width)]);
  return drawn.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function drawRows(rows: readonly Row[], width: number): string[] {
  const texts = columns(rows.map(([, ...cells]) => cells));
  return rows.map(([label], index) => (texts[index] === '' ? label : `${label.padEnd(width, '.')}: ${texts[index]}`));
}

function checkRows(measurements: Measurements): Row[] {
  const { fails, passes, rate } = measurements.total.checks;
  const all = passes + fails;
  if (all === 0) return [];
  return [
    ['checks_total', `${all} ${formatRate(perSecond(all, measurements.duration))}`],
    ['checks_succeeded', `${formatShare(rate)} ${passes} out of ${all}`],
    ['checks_failed', `${formatShare(1 - rate)} ${fails} out of ${all}`],
    [''],
    ...measurements.valuesOf('check').flatMap((name) => describeCheck(measurements, name)),
  ];
}

function describeCheck(measurements: Measurements, name: string): Row[] {
  const checks = measurements.get('check', name)?.checks;
  if (checks === undefined) return [];
  const { fails, passes, rate } = checks;
  if (fails === 0) return [[`✓ ${name}`]];
  return [[`✗ ${name}`], [`  ↳  ${formatShare(rate)} — ✓ ${passes} / ✗ ${fails}`]];
}

function executionRows(measurements: Measurements, { failed, interrupted }: LoadSummarySource['iterations']): Row[] {
  const { total } = measurements;
  const ends = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(interrupted === 0 ? [] : [`${interrupted} interrupted`]),
  ];
  const iterations = counterText(measurements, 'iterations');
  const gauge = (name: 'vus' | 'vus_max'): Row => {
    const { max, min, value } = total.gauge(name);
    return [name, `${value} min=${min} max=${max}`];
  };
  const rows: Row[] = [
    ['iterations', [iterations, ...ends].join(', ')],
    gauge('vus'),
    gauge('vus_max'),
    ['duration', formatTime(measurements.duration)],
  ];
  const durations = total.trend('iteration_duration');
  return durations.count === 0 ? rows : [['iteration_duration', ...trendCells(durations)], ...rows];
}

function metricRows(measurements: Measurements, belongs: (name: MetricName) => boolean): Row[] {
  const { total } = measurements;
  const rows: Row[] = [];
  for (const name of total.names.filter(belongs)) {
    if (isTrendName(name)) rows.push([name, ...trendCells(total.trend(name))]);
    else if (name !== 'checks' && name !== 'vus' && name !== 'vus_max')
      rows.push([name, counterText(measurements, name)]);
  }
  return rows;
}

function counterText({ duration, total }: Measurements, name: CounterName): string {
  const count = total.count(name);
  const rate = perSecond(count, duration);
  if (name.startsWith('data_')) return `${formatBytes(count)} ${formatBytes(rate)}/s`;
  return `${count} ${formatRate(rate)}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
