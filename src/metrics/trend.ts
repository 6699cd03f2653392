import { Histogram, type Bucket } from './histogram.ts';
import { misuse } from '../support/errors.ts';

/** A metric of durations, in milliseconds. Without samples every value but `count` is `NaN`. */
export interface TrendMetric {
  /** Number of samples. */
  readonly count: number;
  readonly avg: number;
  readonly min: number;
  /** The median: the same as `p(50)`, so that it may lie between two samples. */
  readonly med: number;
  readonly max: number;
  /**
   * The percentile, as k6 has it: where it falls between two samples, so does its value. Exact up to 1,000 samples;
   * beyond them within 0.1 % of a sample, from an HDR histogram.
   *
   * @param percentile From 0 to 100.
   * @throws {TypeError} `WS_INVALID_ARGUMENT` for another number.
   */
  p(percentile: number): number;
}

/** A trend as it is written. All times are whole microseconds, so that adding them is exact in every order. */
export interface TrendData {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Value and number of samples, the lowest first. */
  readonly buckets: readonly Bucket[];
}

/** So many samples are kept as they are: a usual test has a few, and a histogram has 8 kB and a package to load. */
const mostSamples = 1000;

/** Samples of one metric. */
export class Trend implements TrendMetric {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  /** Microseconds, in order of arrival, until there is a histogram. */
  #samples: number[] = [];
  #histogram: Histogram | undefined;

  static from(data: TrendData): Trend {
    const trend = new Trend();
    trend.#addData(data);
    return trend;
  }

  /** Adds a sample in milliseconds. */
  add(ms: number): void {
    const sample = Math.max(0, Math.round(ms * 1000));
    this.#total({ count: 1, sum: sample, min: sample, max: sample });
    this.#put(sample, 1);
  }

  /** Adds the samples of another trend. */
  merge(other: Trend): void {
    if (other.count > 0) this.#addData(other.data());
  }

  get count(): number {
    return this.#count;
  }

  get avg(): number {
    return this.#sum / this.#count / 1000;
  }

  get min(): number {
    return this.#count === 0 ? Number.NaN : this.#min / 1000;
  }

  get med(): number {
    return this.p(50);
  }

  get max(): number {
    return this.#count === 0 ? Number.NaN : this.#max / 1000;
  }

  p(percentile: number): number {
    if (!(percentile >= 0 && percentile <= 100)) {
      throw misuse(
        'WS_INVALID_ARGUMENT',
        `Cannot give p(${String(percentile)}): a percentile is a number from 0 to 100`,
      );
    }
    if (this.#count === 0) return Number.NaN;
    const found = this.#histogram?.percentile(percentile) ?? betweenSamples(this.#samples, percentile);
    // A bucket is wider than the samples in it.
    return Math.min(this.#max, Math.max(this.#min, found)) / 1000;
  }

  data(): TrendData {
    const buckets = this.#histogram === undefined ? bucketsOf(this.#samples) : [...this.#histogram.buckets()];
    const isEmpty = this.#count === 0;
    return { count: this.#count, sum: this.#sum, min: isEmpty ? 0 : this.#min, max: this.#max, buckets };
  }

  #addData({ buckets, count, max, min, sum }: TrendData): void {
    this.#total({ count, sum, min, max });
    for (const [value, times] of buckets) this.#put(value, times);
  }

  #total({ count, max, min, sum }: Omit<TrendData, 'buckets'>): void {
    this.#count += count;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
  }

  #put(sample: number, times: number): void {
    if (this.#histogram === undefined && this.#count > mostSamples) this.#histogram = this.#toHistogram();
    if (this.#histogram !== undefined) this.#histogram.add(sample, times);
    else for (let time = 0; time < times; time++) this.#samples.push(sample);
  }

  #toHistogram(): Histogram {
    const histogram = new Histogram();
    for (const sample of this.#samples) histogram.add(sample, 1);
    this.#samples = [];
    return histogram;
  }
}

/** Linear between the samples on both sides, to a whole microsecond. */
function betweenSamples(samples: readonly number[], percentile: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (percentile * (sorted.length - 1)) / 100;
  const below = sorted[Math.floor(place)];
  return Math.round(below + (sorted[Math.ceil(place)] - below) * (place % 1));
}

function bucketsOf(samples: readonly number[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const sample of samples) counts.set(sample, (counts.get(sample) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a - b);
}
