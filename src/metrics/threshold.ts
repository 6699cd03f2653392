import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import type { TagName } from './measurements.ts';
import { isMetricName, metricKinds, type MetricKind, type MetricName } from './metric-names.ts';
import { allMetrics } from './metric-set.ts';

/**
 * A threshold in k6's syntax: an aggregation, an operator and a number. Trends answer `avg`, `min`, `med`, `max`, `p(N)`
 * and `count`, in milliseconds; counters `count` and `rate`, per second; `checks` answers `rate`, from 0 to 1; `vus` and
 * `vus_max` answer `value`.
 *
 * @example
 * ```ts
 * await expect(ws).toMeetThresholds({ ws_connecting: ['p(95)<500', 'avg<200'], ws_msgs_received: ['count>=3'] });
 * ```
 */
export type Threshold = string | ThresholdObject;

/** k6's long form. */
export interface ThresholdObject {
  /** The expression, `p(95)<500`. */
  readonly threshold: string;
  /**
   * Of a load run: stops it as soon as the threshold is not met.
   *
   * @default false
   */
  readonly abortOnFail?: boolean | undefined;
  /**
   * Time before `abortOnFail` looks for the first time: milliseconds, or text such as `'10s'`.
   *
   * @default 0
   */
  readonly delayAbortEval?: number | string | undefined;
}

/**
 * Thresholds by metric; `{client:name}` or `{check:name}` behind it narrows it to one client or check.
 *
 * @example
 * ```ts
 * await expect(ws).toMeetThresholds({ 'ws_connecting{client:/orders}': ['max<1000'] });
 * ```
 */
export type Thresholds = { readonly [Metric in MetricName | TaggedMetric]?: readonly Threshold[] | undefined };

type TaggedMetric = `${MetricName}{${TagName}:${string}}`;

const operators = {
  '<': (found, limit) => found < limit,
  '<=': (found, limit) => found <= limit,
  '>': (found, limit) => found > limit,
  '>=': (found, limit) => found >= limit,
  '==': (found, limit) => found === limit,
  '===': (found, limit) => found === limit,
  '!=': (found, limit) => found !== limit,
} as const satisfies Readonly<Record<string, (found: number, limit: number) => boolean>>;

type Operator = keyof typeof operators;

/** What a metric can be asked for. */
export type Aggregation = 'avg' | 'min' | 'med' | 'max' | 'p' | 'count' | 'rate' | 'value';

const aggregations: Readonly<Record<MetricKind, readonly Aggregation[]>> = {
  trend: ['avg', 'min', 'med', 'max', 'p', 'count'],
  counter: ['count', 'rate'],
  rate: ['rate'],
  gauge: ['value'],
};

/** Which metric, or part of it, thresholds are about. */
export interface MetricKey {
  /** As written: `ws_connecting{client:/orders}`. */
  readonly text: string;
  readonly metric: MetricName;
  readonly tag: { readonly name: TagName; readonly value: string } | undefined;
}

/** One threshold, parsed. */
export interface ParsedThreshold {
  readonly key: MetricKey;
  /** As written. */
  readonly text: string;
  readonly aggregation: Aggregation;
  /** Of `p(N)`. */
  readonly percentile: number | undefined;
  readonly abortOnFail: boolean;
  readonly delayAbortEval: number | string;
  readonly limit: number;
  readonly isMet: (found: number) => boolean;
}

/**
 * Parses thresholds.
 *
 * @throws {TypeError} `WS_INVALID_THRESHOLD` that shows the grammar.
 */
export function parseThresholds(thresholds: unknown): ParsedThreshold[] {
  if (typeof thresholds !== 'object' || thresholds === null || Array.isArray(thresholds)) {
    const found = describeFound(thresholds);
    throw invalid(`Invalid thresholds: expected an object, found ${found}`, "{ ws_connecting: ['p(95)<500'] }");
  }
  const entries = Object.entries(thresholds).filter(([, list]) => list !== undefined);
  if (entries.length === 0) {
    throw invalid(
      'Invalid thresholds: there is none, so that everything would meet them',
      "{ ws_connecting: ['p(95)<500'] }",
    );
  }
  return entries.flatMap(([name, list]: [string, unknown]) => parseList(parseKey(name), list));
}

function parseList(key: MetricKey, list: unknown): ParsedThreshold[] {
  if (Array.isArray(list) && list.length > 0) return list.map((one: unknown) => parseThreshold(key, one));
  const found = describeFound(list);
  throw invalid(
    `Invalid thresholds of "${key.text}": expected a list of expressions, found ${found}`,
    `{ '${key.text}': ['${exampleOf(key.metric)}'] }`,
  );
}

const keyPattern = /^\s*(?<metric>[^{\s]*)\s*(?<braces>\{[^]*)?$/;
const tagPattern = /^\{\s*(?<tag>[^:}\s]+)\s*:\s*(?<value>[^]+?)\s*\}\s*$/;

function parseKey(text: string): MetricKey {
  const { braces, metric = '' } = keyPattern.exec(text)?.groups ?? {};
  if (!isMetricName(metric)) {
    throw misuse(
      'WS_INVALID_THRESHOLD',
      `Invalid threshold: there is no metric "${metric === '' ? text : metric}"\n  Metrics: ${allMetrics.join(', ')}.`,
    );
  }
  if (braces === undefined) return { text, metric, tag: undefined };
  const { tag, value = '' } = tagPattern.exec(braces)?.groups ?? {};
  const expected: TagName = metric === 'checks' ? 'check' : 'client';
  const hasTag = metric.startsWith('ws_') || metric.startsWith('data_') || metric === 'checks';
  if (tag === expected && hasTag) return { text, metric, tag: { name: expected, value: unquoted(value) } };
  const wrong = tag === undefined ? `"${text}" has a tag that cannot be read` : `"${metric}" has no tag "${tag}"`;
  const remedy = hasTag ? `Write ${metric}{${expected}:name}.` : `Write ${metric} alone.`;
  throw misuse('WS_INVALID_THRESHOLD', `Invalid threshold: ${wrong}\n  ${remedy}`);
}

function unquoted(value: string): string {
  return /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value;
}

const thresholdPattern =
  /^\s*(?<aggregation>[a-z]+)(?:\(\s*(?<percentile>\d+(?:\.\d+)?)\s*\))?\s*(?<operator><=|>=|===|==|!=|<|>)\s*(?<limit>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/;

function parseThreshold(key: MetricKey, threshold: unknown): ParsedThreshold {
  const { abortOnFail = false, delayAbortEval = 0, text } = readThreshold(key, threshold);
  const { aggregation = '', limit = '', operator = '', percentile } = thresholdPattern.exec(text)?.groups ?? {};
  const asked = aggregations[metricKinds[key.metric]].find((known) => known === aggregation);
  const isWhole = asked !== undefined && isOperator(operator) && (asked === 'p') === (percentile !== undefined);
  if (!isWhole || Number(percentile ?? 0) > 100) throw invalidExpression(key, text);
  if (metricKinds[key.metric] === 'rate') checkShare(key, text, Number(limit));
  return {
    key,
    text,
    aggregation: asked,
    percentile: percentile === undefined ? undefined : Number(percentile),
    abortOnFail,
    delayAbortEval,
    limit: Number(limit),
    isMet: (found) => operators[operator](found, Number(limit)),
  };
}

function readThreshold(
  key: MetricKey,
  threshold: unknown,
): { readonly text: string } & Pick<ThresholdObject, 'abortOnFail' | 'delayAbortEval'> {
  if (typeof threshold === 'string') return { text: threshold };
  if (!isThresholdObject(threshold)) throw invalidForm(key, threshold);
  const { abortOnFail, delayAbortEval, threshold: text } = threshold;
  checkAbort(key, text, abortOnFail);
  return { text, abortOnFail, delayAbortEval };
}

/** A limit in percent would always, or never, be met. */
function checkShare({ text: key }: MetricKey, text: string, limit: number): void {
  if (limit >= 0 && limit <= 1) return;
  const remedy = limit > 1 && limit <= 100 ? `\n  Write 'rate>${limit / 100}' for ${limit} %.` : '';
  throw misuse(
    'WS_INVALID_THRESHOLD',
    `Invalid threshold "${text}" of "${key}": a rate is a number from 0 to 1${remedy}`,
  );
}

function checkAbort({ text: key }: MetricKey, text: string, abortOnFail: unknown): void {
  if (abortOnFail === undefined || typeof abortOnFail === 'boolean') return;
  throw misuse(
    'WS_INVALID_THRESHOLD',
    `Invalid abortOnFail of threshold "${text}" of "${key}": expected true or false, found ${describeFound(abortOnFail)}`,
  );
}

const longForm: readonly string[] = ['threshold', 'abortOnFail', 'delayAbortEval'] satisfies (keyof ThresholdObject)[];

function isThresholdObject(value: unknown): value is ThresholdObject {
  if (typeof value !== 'object' || value === null) return false;
  if (!('threshold' in value) || typeof value.threshold !== 'string') return false;
  return unknownMembers(value).length === 0;
}

function unknownMembers(value: object): string[] {
  return Object.keys(value).filter((name) => !longForm.includes(name));
}

function isOperator(text: string): text is Operator {
  return Object.hasOwn(operators, text);
}

function invalidExpression({ metric, text: key }: MetricKey, text: string): TypeError {
  const answers = aggregations[metricKinds[metric]].map((name) => (name === 'p' ? 'p(N) with N from 0 to 100' : name));
  return misuse(
    'WS_INVALID_THRESHOLD',
    `Invalid threshold "${text}" of "${key}": expected an aggregation, an operator and a number, such as '${exampleOf(metric)}'\n  Aggregations of ${metric}: ${answers.join(', ')}.\n  Operators: ${Object.keys(operators).join(', ')}.`,
  );
}

function invalidForm({ metric, text }: MetricKey, threshold: unknown): TypeError {
  const unknown = typeof threshold === 'object' && threshold !== null ? unknownMembers(threshold) : [];
  const found = `${describeFound(threshold)}${unknown.length === 0 ? '' : ` with ${unknown.join(', ')}`}`;
  const example = `'${exampleOf(metric)}'`;
  return misuse(
    'WS_INVALID_THRESHOLD',
    `Invalid threshold of "${text}": expected text such as ${example}, or { threshold: ${example}, abortOnFail, delayAbortEval }, found ${found}`,
  );
}

function invalid(message: string, example: string): TypeError {
  return misuse('WS_INVALID_THRESHOLD', `${message}\n  Write ${example}.`);
}

const examples: Readonly<Record<MetricKind, string>> = {
  trend: 'p(95)<500',
  counter: 'count>=1',
  rate: 'rate>0.99',
  gauge: 'value<=10',
};

function exampleOf(metric: MetricName): string {
  return examples[metricKinds[metric]];
}
