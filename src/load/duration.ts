/** A time: milliseconds, or text in k6's form: `'10s'`, `'1m30s'`, `'500ms'`. */
export type Duration = number | string;

/** What a duration may be, as errors say it. */
export const durationText = "milliseconds, or text such as '10s', '1m30s' or '500ms'";

const unitMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

const part = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;
const whole = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/** Milliseconds of a duration; `undefined` when it is none. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 && Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !whole.test(value)) return undefined;
  const parts = [...value.matchAll(part)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs.get(unit) ?? 0), 0);
}

/** Milliseconds of a duration that was checked. */
export function toMs(duration: Duration): number {
  return parseDuration(duration) ?? 0;
}
