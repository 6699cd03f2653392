import type { Trend } from './trend.ts';

/** `812µs`, `12.3ms`, `1.23s`, `2m05s`, `1h02m05s`: three digits, as k6 has them. */
export function formatTime(ms: number): string {
  if (Number.isNaN(ms)) return '-';
  if (ms < 0.9995) return `${Math.round(ms * 1000)}µs`;
  if (ms < 999.5) return `${digits(ms)}ms`;
  if (ms < 59_950) return `${digits(ms / 1000)}s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${twoDigits(seconds % 60)}s`;
  return hours === 0 ? `${minutes}m${rest}` : `${hours}h${twoDigits(minutes)}m${rest}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** `58 B`, `4.18 kB`, `1.2 MB`: powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${digits(bytes / 1000 ** power)} ${units[power]}`;
}

/** `12.3/s`. */
export function formatRate(perSecond: number): string {
  return `${digits(perSecond)}/s`;
}

/** `97.50%`; `-` when nothing was judged. */
export function formatShare(rate: number): string {
  // Not quite 5700 is what 0.57 becomes.
  return Number.isNaN(rate) ? '-' : `${(Math.floor(rate * 10_000 + 1e-6) / 100).toFixed(2)}%`;
}

/** `1 user`, `2 users`. */
export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** What k6 shows of a trend: `avg=1.2ms`, `min=…`, `med=…`, `max=…`, `p(90)=…`, `p(95)=…`. */
export function trendCells(trend: Pick<Trend, 'avg' | 'min' | 'med' | 'max' | 'p'>): string[] {
  const values: readonly (readonly [string, number])[] = [
    ['avg', trend.avg],
    ['min', trend.min],
    ['med', trend.med],
    ['max', trend.max],
    ['p(90)', trend.p(90)],
    ['p(95)', trend.p(95)],
  ];
  return values.map(([name, value]) => `${name}=${formatTime(value)}`);
}

/** Rows as lines with columns of equal width; the last column is as wide as it is. Rows may differ in length. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}

/** Three digits that mean something: `0.05`, `1.23`, `12.3`, `123`, `1234`. */
function digits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
