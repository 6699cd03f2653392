import { slowest, type ReplyTime, type Summary, type Traffic } from './summary.ts';

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
    return [this.#headline(), ...aligned(rows).map((row) => `  ${row}`)];
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
    return aligned(replies).map((row, index) => [index === 0 ? 'Slowest replies' : '', row]);
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

/** Rows as lines with columns of equal width; the last one is as wide as it is. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
