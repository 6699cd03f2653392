import { isTrendName } from '../metrics/metric-names.ts';
import { allMetrics } from '../metrics/metric-set.ts';
import type { TrendData } from '../metrics/trend.ts';
import {
  summaryVersion,
  type LoadSummary,
  type ReplyTime,
  type Summary,
  type Traffic,
  type Trends,
} from './summary.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a summary that a test attached. Fields that this version does not know are skipped.
 *
 * @throws {Error} that says what is wrong with it, as the end of a sentence.
 */
export function readSummary(text: string): Summary {
  const file = fieldsOf(parse(text), 'it');
  if (file['version'] !== summaryVersion) {
    throw new Error(`its version is ${String(file['version'])}, this reporter reads version ${summaryVersion}`);
  }
  return {
    connections: numberOf(file, 'connections'),
    failedHandshakes: numberOf(file, 'failedHandshakes'),
    abnormalCloses: numberOf(file, 'abnormalCloses'),
    messages: trafficOf(file, 'messages'),
    bytes: trafficOf(file, 'bytes'),
    slowestReplies: repliesOf(file['slowestReplies']),
    ...(file['trends'] === undefined ? {} : { trends: trendsOf(fieldsOf(file['trends'], '"trends"')) }),
    ...(file['load'] === undefined ? {} : { load: loadOf(fieldsOf(file['load'], '"load"')) }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words differ between versions of Node.js, and quote the text.
    throw new Error('it is no JSON');
  }
}

function trafficOf(fields: Fields, name: string): Traffic {
  const traffic = fieldsOf(fields[name], `"${name}"`);
  return { sent: numberOf(traffic, 'sent'), received: numberOf(traffic, 'received') };
}

function repliesOf(value: unknown): ReplyTime[] {
  if (!Array.isArray(value)) throw new Error('"slowestReplies" is no list');
  return value.map((item: unknown) => {
    const reply = fieldsOf(item, 'a slowest reply');
    return {
      method: textOf(reply, 'method'),
      client: textOf(reply, 'client'),
      ms: numberOf(reply, 'ms'),
      location: textOf(reply, 'location'),
    };
  });
}

/** Metrics that this version does not know are skipped. */
function trendsOf(fields: Fields): Trends {
  const names = allMetrics.filter((name) => isTrendName(name)).filter((name) => fields[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, trendOf(fieldsOf(fields[name], `"${name}"`))]));
}

function trendOf(fields: Fields): TrendData {
  const { buckets } = fields;
  if (!Array.isArray(buckets)) throw new Error('"buckets" is no list');
  return {
    count: numberOf(fields, 'count'),
    sum: numberOf(fields, 'sum'),
    min: numberOf(fields, 'min'),
    max: numberOf(fields, 'max'),
    buckets: buckets.map((bucket: unknown) => {
      const [value, count] = Array.isArray(bucket) ? bucket : [];
      const pair = { value, count };
      return [numberOf(pair, 'value'), numberOf(pair, 'count')] as const;
    }),
  };
}

function loadOf(fields: Fields): LoadSummary {
  const checks = Object.entries(fieldsOf(fields['checks'], '"checks"')).map(([name, value]) => {
    const check = fieldsOf(value, 'a check');
    return [name, { passes: numberOf(check, 'passes'), fails: numberOf(check, 'fails') }] as const;
  });
  return {
    iterations: numberOf(fields, 'iterations'),
    failedIterations: numberOf(fields, 'failedIterations'),
    checks: Object.fromEntries(checks),
  };
}

function fieldsOf(value: unknown, name: string): Fields {
  if (isFields(value)) return value;
  throw new Error(`${name} is no object`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`"${name}" is no number of at least 0`);
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new Error(`"${name}" is no text`);
}
