import { metricKinds, type CounterName, type MetricName, type TrendName } from './metric-names.ts';
import { Trend } from './trend.ts';

/** A metric that adds up. */
export interface CounterMetric {
  readonly count: number;
  /** Per second of the time that was measured. */
  readonly rate: number;
}

/** How often something was true. */
export interface RateMetric {
  /** From 0 to 1; `NaN` when nothing was judged. */
  readonly rate: number;
  readonly passes: number;
  readonly fails: number;
}

/** A metric that goes up and down. */
export interface GaugeMetric {
  /** The last value. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** Values of the metrics of one subject: of a client, of all clients, of a load run. */
export class MetricSet {
  readonly #trends = new Map<TrendName, Trend>();
  readonly #counts = new Map<CounterName, number>();
  readonly #checks = { passes: 0, fails: 0 };
  readonly #gauges = new Map<'vus' | 'vus_max', GaugeMetric>();

  /** Adds a duration in milliseconds. */
  addTime(name: TrendName, ms: number): void {
    const trend = this.#trends.get(name) ?? new Trend();
    this.#trends.set(name, trend);
    trend.add(ms);
  }

  /** Adds the samples of a trend. */
  addTrend(name: TrendName, added: Trend): void {
    const trend = this.trend(name);
    this.#trends.set(name, trend);
    trend.merge(added);
  }

  addCount(name: CounterName, count: number): void {
    this.#counts.set(name, this.count(name) + count);
  }

  addCheck(hasPassed: boolean): void {
    this.#checks[hasPassed ? 'passes' : 'fails'] += 1;
  }

  setGauge(name: 'vus' | 'vus_max', value: number): void {
    const { max = value, min = value } = this.#gauges.get(name) ?? {};
    this.#gauges.set(name, { value, min: Math.min(min, value), max: Math.max(max, value) });
  }

  trend(name: TrendName): Trend {
    return this.#trends.get(name) ?? new Trend();
  }

  count(name: CounterName): number {
    return this.#counts.get(name) ?? 0;
  }

  gauge(name: 'vus' | 'vus_max'): GaugeMetric {
    return this.#gauges.get(name) ?? { value: 0, min: 0, max: 0 };
  }

  get checks(): RateMetric {
    const { fails, passes } = this.#checks;
    return { passes, fails, rate: passes / (passes + fails) };
  }

  /** Metrics that have something to say, in the order of the table of all metrics. */
  get names(): readonly MetricName[] {
    const known: ReadonlySet<string> = new Set([
      ...this.#trends.keys(),
      ...this.#counts.keys(),
      ...this.#gauges.keys(),
      ...(this.#checks.passes + this.#checks.fails > 0 ? ['checks'] : []),
    ]);
    return allMetrics.filter((name) => known.has(name));
  }
}

/** Names of all metrics. */
export const allMetrics: readonly MetricName[] = Object.keys(metricKinds).filter(
  (name): name is MetricName => name in metricKinds,
);
