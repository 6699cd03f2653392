import { connectionOf } from '../connection/connection-of.ts';
import { paintFailure } from '../explain/paint.ts';
import { escapeControls } from '../explain/preview.ts';
import { isMissed, judgeThresholds, type ThresholdResult } from '../metrics/judge-thresholds.ts';
import { measure, noteReading } from '../metrics/measure.ts';
import type { Measurements } from '../metrics/measurements.ts';
import { measurementsOf } from '../metrics/metrics.ts';
import { parseThresholds, type Thresholds } from '../metrics/threshold.ts';
import { drawThresholds } from '../metrics/threshold-table.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { atUserLine, type MatcherContext, type MatcherResult } from './context.ts';
import { siteBelow } from './late-matchers.ts';

/** One subject, judged. */
interface Judged {
  /** `orders (ws://127.0.0.1:4040/orders)`; `undefined` for all clients together. */
  readonly client: string | undefined;
  readonly results: readonly ThresholdResult[];
  readonly holds: boolean;
}

/** Passes when the measurements meet every threshold at this moment. It does not wait. */
export async function toMeetThresholds(
  this: MatcherContext,
  received: unknown,
  ...[thresholds]: [thresholds?: Thresholds]
): Promise<MatcherResult> {
  const site = siteBelow(toMeetThresholds);
  const isNot = this.isNot === true;
  const judged = atUserLine(site, () => {
    const parsed = parseThresholds(thresholds);
    return subjectsOf(received).map(({ client, measurements }) => {
      const results = judgeThresholds(measurements, parsed);
      // Nothing measured is nothing proved, in either direction.
      const holds = isNot
        ? parsed.some((threshold) => isMissed(measurements, threshold))
        : results.every(({ isMet }) => isMet);
      return { client, results, holds };
    });
  });
  const failing = judged.filter(({ holds }) => !holds);
  const pass = failing.length === 0 ? !isNot : isNot;
  const subject = describeSubject(received);
  const message = (): string => paintFailure(explain(subject, failing, isNot), this.utils);
  return { pass, message, name: 'toMeetThresholds' };
}

function explain(subject: string, failing: readonly Judged[], isNot: boolean): string {
  const text = [
    `expect(${subject})${isNot ? '.not' : ''}.toMeetThresholds(thresholds) failed`,
    ...failing.map((judged) => describeJudged(judged, isNot)),
  ];
  return text.join('\n\n').split('\n').map(escapeControls).join('\n');
}

function describeJudged({ client, results }: Judged, isNot: boolean): string {
  const missed = results.filter((result) => !result.isMet).length;
  const what = results.length === 1 ? 'the threshold' : `each of ${results.length} thresholds`;
  const lines = [
    ...(client === undefined ? [] : [`Client:   ${client}`]),
    `Expected: ${isNot ? 'not ' : ''}${what}`,
    `Received: ${describeMissed(missed, isNot)}`,
    '',
    ...drawThresholds(results).map((line) => `  ${line}`),
  ];
  return lines.join('\n');
}

/** Under `.not` one that was measured and missed would have been enough. */
function describeMissed(missed: number, isNot: boolean): string {
  if (missed === 0) return 'all met';
  return isNot ? 'none that was measured and is not met' : `${missed} not met`;
}

interface Subject {
  readonly client: string | undefined;
  readonly measurements: Measurements;
}

function subjectsOf(received: unknown): Subject[] {
  if (!Array.isArray(received)) return [subjectOf(received, '')];
  if (received.length > 0) return received.map((one: unknown, index) => subjectOf(one, ` at [${index}]`));
  throw misuse(
    'WS_INVALID_ARGUMENT',
    'Cannot assert toMeetThresholds on an empty list of clients: it would pass without looking at anything',
  );
}

function subjectOf(received: unknown, place: string): Subject {
  const connection = connectionOf(received);
  const metrics: unknown =
    typeof received === 'object' && received !== null ? Reflect.get(received, 'metrics') : undefined;
  const measurements = measurementsOf(received) ?? measurementsOf(metrics);
  if (connection === undefined) {
    if (measurements !== undefined) return { client: undefined, measurements };
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot assert toMeetThresholds: expected what has measurements, found ${describeFound(received)}${place}\n  Pass \`ws\`, a client, metrics of them, or what ws.load() resolved with.`,
    );
  }
  noteReading(connection);
  const client = connection.redactor.text(`${connection.name} (${connection.shownUrl})`);
  return { client, measurements: measurements ?? measure([connection]) };
}

function describeSubject(received: unknown): string {
  if (Array.isArray(received)) return 'clients';
  return connectionOf(received) === undefined ? 'metrics' : 'client';
}
