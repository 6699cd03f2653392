import { createRequire } from 'node:module';
import type { Int32Histogram } from 'hdr-histogram-js';

const require = createRequire(import.meta.url);

/** 3 digits: a percentile is within 0.1 % of a measured value. */
const significantDigits = 3;

/** How many samples lie in the bucket that holds a value. */
export type Bucket = readonly [value: number, count: number];

/** An HDR histogram of whole numbers. All have the same buckets, so that adding them loses nothing. */
export class Histogram {
  readonly #counts: Int32Histogram = createCounts();

  add(value: number, count: number): void {
    this.#counts.recordValueWithCount(value, count);
  }

  /** The highest value of the bucket in which the percentile lies. */
  percentile(percentile: number): number {
    return this.#counts.getValueAtPercentile(percentile);
  }

  /** Buckets that are not empty, the lowest first. */
  *buckets(): Generator<Bucket, void> {
    const { recordedValuesIterator: iterator } = this.#counts;
    iterator.reset();
    while (iterator.hasNext()) {
      const { countAtValueIteratedTo, valueIteratedTo } = iterator.next();
      yield [valueIteratedTo, countAtValueIteratedTo];
    }
  }
}

function createCounts(): Int32Histogram {
  // The one file of the package that is needed: the whole of it, with its WebAssembly, takes 40 ms to load, this takes 4.
  const loaded: { default: typeof Int32Histogram } = require('hdr-histogram-js/dist/Int32Histogram');
  const counts = new loaded.default(1, 2, significantDigits);
  counts.autoResize = true;
  return counts;
}
