import type { CounterName, TrendName } from './metric-names.ts';
import { MetricSet } from './metric-set.ts';
import type { Trend } from './trend.ts';

/** Clients, and checks, are few. Beyond so many of them, samples count in the totals only. */
export const mostTags = 200;

/** Name of a tag, as thresholds write it. */
export type TagName = 'client' | 'check';

/** Metrics in total and by tag, over a span of time. */
export class Measurements {
  readonly total: MetricSet = new MetricSet();
  /** By name and value of the tag, `client:/orders`. */
  readonly tagged: Map<string, MetricSet> = new Map();
  readonly #leftOut = new Set<TagName>();
  readonly #counts: Record<TagName, number> = { client: 0, check: 0 };
  /** Milliseconds that were measured: what rates per second are made of. */
  duration = 0;
  /** Masks secrets in names, where they are written. */
  maskText: (text: string) => string = (text) => text;

  addTime(name: TrendName, ms: number, client?: string): void {
    this.total.addTime(name, ms);
    if (client !== undefined) this.#tagged('client', client)?.addTime(name, ms);
  }

  addTrend(name: TrendName, trend: Trend, client: string): void {
    this.total.addTrend(name, trend);
    this.#tagged('client', client)?.addTrend(name, trend);
  }

  addCount(name: CounterName, count: number, client?: string): void {
    this.total.addCount(name, count);
    if (client !== undefined) this.#tagged('client', client)?.addCount(name, count);
  }

  addCheck(name: string, hasPassed: boolean): void {
    this.total.addCheck(hasPassed);
    this.#tagged('check', name)?.addCheck(hasPassed);
  }

  /** Values of a tag that were measured. */
  valuesOf(tag: TagName): readonly string[] {
    const prefix = `${tag}:`;
    return [...this.tagged.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  /** Whether a tag had more values than are told apart. */
  leavesOut(tag: TagName): boolean {
    return this.#leftOut.has(tag);
  }

  /** What a reader should know of values that are not told apart, a sentence for each tag. */
  get limits(): string[] {
    return [...this.#leftOut].map(
      (tag) => `only the first ${mostTags} ${tag}s are told apart: the others are in the totals alone`,
    );
  }

  get(tag: TagName, value: string): MetricSet | undefined {
    return this.tagged.get(`${tag}:${value}`);
  }

  #tagged(tag: TagName, value: string): MetricSet | undefined {
    const key = `${tag}:${value}`;
    const known = this.tagged.get(key);
    if (known !== undefined) return known;
    if (this.#counts[tag] >= mostTags) {
      this.#leftOut.add(tag);
      return undefined;
    }
    const created = new MetricSet();
    this.#counts[tag] += 1;
    this.tagged.set(key, created);
    return created;
  }
}
