import { columns, formatShare, trendCells } from '../metrics/format.ts';
import { isTrendName, type TrendName } from '../metrics/metric-names.ts';
import { allMetrics } from '../metrics/metric-set.ts';
import { Trend, type TrendData } from '../metrics/trend.ts';
import { slowest, type LoadSummary, type ReplyTime, type Summary, type Traffic } from './summary.ts';

const trendNames: readonly TrendName[] = allMetrics.filter((name) => isTrendName(name));

/** One attempt of a test, as the summary of a run needs it. */
export interface Attempt {
  /** Tells the tests of a run apart. */
  readonly id: string;
  /** What people call it, one line: `[chromium] › orders › a paid order is announced`. */
  readonly title: string;
  /** 0 for the first one. */
  readonly retry: number;
}

interface RunReply extends ReplyTime {
  readonly test: string;
}

/** The summaries of all tests of a run added up. Every attempt counts: retries cross the wire like first ones. */
export class RunSummary {
  readonly #tests = new Set<string>();
  readonly #retries = new Set<string>();
  #connections = 0;
  #failedHandshakes = 0;
  #abnormalCloses = 0;
  #messages: Traffic = { sent: 0, received: 0 };
  #bytes: Traffic = { sent: 0, received: 0 };
  #slowestReplies: readonly RunReply[] = [];
  readonly #trends = new Map<TrendName, Trend>();
  readonly #load = new RunLoad();

  /** Adds one summary of an attempt; it may have several, of hooks and of the clients of its worker. */
  add({ id, retry, title }: Attempt, summary: Summary): void {
    this.#tests.add(id);
    if (retry > 0) this.#retries.add(`${id} ${retry}`);
    this.#connections += summary.connections;
    this.#failedHandshakes += summary.failedHandshakes;
    this.#abnormalCloses += summary.abnormalCloses;
    this.#messages = sum(this.#messages, summary.messages);
    this.#bytes = sum(this.#bytes, summary.bytes);
    const test = retry > 0 ? `${title} (retry #${retry})` : title;
    const replies = summary.slowestReplies.map((reply) => ({ ...reply, test }));
    this.#slowestReplies = slowest([...this.#slowestReplies, ...replies]);
    for (const name of trendNames) this.#addTrend(name, summary.trends?.[name]);
    if (summary.load !== undefined) this.#load.add(summary.load);
  }

  /** The table for the end of a run; no line when no test had a client. */
  lines(): string[] {
    if (this.#tests.size === 0) return [];
    const rows = [
      ['Connections', grouped(this.#connections)],
      ['Failed handshakes', grouped(this.#failedHandshakes)],
      ['Abnormal closes', grouped(this.#abnormalCloses)],
      ['Messages', describeTraffic(this.#messages)],
      ['Bytes', describeTraffic(this.#bytes)],
      ...this.#replyRows(),
    ];
    const measured = [...this.#load.rows(), ...this.#trendRows()];
    return [this.#headline(), ...[...columns(rows), ...columns(measured)].map((row) => `  ${row}`)];
  }

  #addTrend(name: TrendName, data: TrendData | undefined): void {
    if (data === undefined) return;
    const trend = this.#trends.get(name) ?? new Trend();
    this.#trends.set(name, trend);
    trend.merge(Trend.from(data));
  }

  #trendRows(): string[][] {
    return trendNames.flatMap((name) => {
      const trend = this.#trends.get(name);
      return trend === undefined ? [] : [[name, ...trendCells(trend)]];
    });
  }

  #headline(): string {
    const retries = this.#retries.size === 0 ? '' : `, ${plural(this.#retries.size, 'retry', 'retries')} included`;
    return `WebSockets of ${plural(this.#tests.size, 'test', 'tests')}${retries}`;
  }

  #replyRows(): string[][] {
    const times = this.#slowestReplies.map(({ ms }) => describeMs(ms));
    const width = Math.max(0, ...times.map(({ length }) => length));
    const replies = this.#slowestReplies.map(({ client, location, test }, index) => [
      times[index].padStart(width),
      oneLine(client),
      oneLine(location),
      test,
    ]);
    return columns(replies).map((row, index) => [index === 0 ? 'Slowest replies' : '', row]);
  }
}

/** The load runs of all tests added up. */
class RunLoad {
  #iterations = 0;
  #failed = 0;
  readonly #checks = new Map<string, { passes: number; fails: number }>();

  add({ checks, failedIterations, iterations }: LoadSummary): void {
    this.#iterations += iterations;
    this.#failed += failedIterations;
    for (const [name, { fails, passes }] of Object.entries(checks)) {
      const known = this.#checks.get(name) ?? { passes: 0, fails: 0 };
      this.#checks.set(name, { passes: known.passes + passes, fails: known.fails + fails });
    }
  }

  rows(): string[][] {
    if (this.#iterations === 0 && this.#checks.size === 0) return [];
    const failed = this.#failed === 0 ? '' : `, ${grouped(this.#failed)} failed`;
    const checks = [...this.#checks].map(([name, { fails, passes }]) => [
      `${fails === 0 ? '✓' : '✗'} ${oneLine(name)}`,
      `${formatShare(passes / (passes + fails))}, ${grouped(passes)} of ${grouped(passes + fails)}`,
    ]);
    return [...checks, ['iterations', `${grouped(this.#iterations)}${failed}`]];
  }
}

/** Names come from tests and may hold anything; a row stays one line, and commands to the terminal stay text. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\n\r\t]+/g, ' ').replaceAll(/\p{Cc}/gu, '');
}

function sum(a: Traffic, b: Traffic): Traffic {
  return { sent: a.sent + b.sent, received: a.received + b.received };
}

function describeTraffic({ received, sent }: Traffic): string {
  return `${grouped(sent)} sent, ${grouped(received)} received`;
}

/** `0.4 ms`, `812 ms`, `5 043 ms`. */
function describeMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${grouped(Math.round(ms))} ms`;
}

function plural(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `12 345`. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}
