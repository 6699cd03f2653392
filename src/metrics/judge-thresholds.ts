import { mostTags, type Measurements } from './measurements.ts';
import { isTrendName } from './metric-names.ts';
import type { MetricSet } from './metric-set.ts';
import { perSecond } from './metrics.ts';
import type { ParsedThreshold } from './threshold.ts';
import type { Trend } from './trend.ts';

/** What became of one threshold. */
export interface ThresholdResult {
  /** The metric as written: `ws_connecting{client:/orders}`. */
  readonly metric: string;
  /** The expression as written: `p(95)<500`. */
  readonly threshold: string;
  readonly isMet: boolean;
  /** What was found: `p(95)=812.4`, `no samples`. */
  readonly found: string;
}

/** Judges thresholds. A trend without samples meets none but of `count`: nothing measured is nothing proved. */
export function judgeThresholds(measurements: Measurements, thresholds: readonly ParsedThreshold[]): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const { found, isMet } = judge(measurements, threshold);
    const metric = measurements.maskText(threshold.key.text);
    return { metric, threshold: threshold.text, isMet, found: measurements.maskText(found) };
  });
}

function judge(measurements: Measurements, threshold: ParsedThreshold): Pick<ThresholdResult, 'isMet' | 'found'> {
  const value = measuredValue(measurements, threshold);
  if (Number.isNaN(value)) return { isMet: false, found: describeMissing(measurements, threshold) };
  return {
    isMet: threshold.isMet(value),
    found: `${describeAggregation(threshold)}=${formatNumber(value, threshold)}`,
  };
}

/** Whether what a threshold is about was measured, and does not meet it. */
export function isMissed(measurements: Measurements, threshold: ParsedThreshold): boolean {
  const value = measuredValue(measurements, threshold);
  return !Number.isNaN(value) && !threshold.isMet(value);
}

/** What a threshold is about; `NaN` when nothing of it was measured. */
function measuredValue(measurements: Measurements, threshold: ParsedThreshold): number {
  const set = setOf(measurements, threshold);
  return set === undefined ? Number.NaN : valueOf(set, threshold, measurements.duration);
}

function setOf(measurements: Measurements, { key: { tag } }: ParsedThreshold): MetricSet | undefined {
  return tag === undefined ? measurements.total : measurements.get(tag.name, tag.value);
}

function valueOf(set: MetricSet, threshold: ParsedThreshold, duration: number): number {
  const { metric } = threshold.key;
  if (isTrendName(metric)) return trendValue(set.trend(metric), threshold);
  if (metric === 'checks') return set.checks.rate;
  // Only a load run has users: 0 of them would be under every limit.
  if (metric === 'vus' || metric === 'vus_max')
    return set.names.includes(metric) ? set.gauge(metric).value : Number.NaN;
  const count = set.count(metric);
  return threshold.aggregation === 'rate' ? perSecond(count, duration) : count;
}

function trendValue(trend: Trend, { aggregation, percentile = 0 }: ParsedThreshold): number {
  if (aggregation === 'p') return trend.p(percentile);
  return aggregation === 'rate' || aggregation === 'value' ? Number.NaN : trend[aggregation];
}

function describeAggregation({ aggregation, percentile }: ParsedThreshold): string {
  return percentile === undefined ? aggregation : `p(${percentile})`;
}

/** Three decimals, a microsecond; all of them where those would hide on which side of the limit it is: 0.98996 and 0.99. */
function formatNumber(value: number, { isMet, limit }: ParsedThreshold): string {
  const rounded = Math.round(value * 1000) / 1000;
  return String(rounded === limit || isMet(rounded) !== isMet(value) ? value : rounded);
}

/** Values of a tag that a result names. */
const namedValues = 10;

function describeMissing(measurements: Measurements, threshold: ParsedThreshold): string {
  const { tag } = threshold.key;
  if (tag === undefined || setOf(measurements, threshold) !== undefined) return 'no samples';
  const missing = `no ${tag.name} "${tag.value}"`;
  if (measurements.leavesOut(tag.name)) return `${missing} among the first ${mostTags}, which alone are told apart`;
  const known = measurements.valuesOf(tag.name).map((value) => `"${value}"`);
  if (known.length === 0) return missing;
  const more = known.length > namedValues ? ` and ${known.length - namedValues} more` : '';
  return `${missing}; there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, namedValues).join(', ')}${more}`;
}
