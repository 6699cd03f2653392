/** Between the digits of thousands. A number format of `Intl` costs every import of the package 10 ms. */
const thousands = /\B(?=(?:\d{3})+$)/g;

/** `1 204`: groups are set apart by a thin space. */
export function formatCount(count: number): string {
  return String(count).replaceAll(thousands, '\u2009');
}

/** `1 frame`, `2 frames`. */
export function plural(count: number, one: string): string {
  return `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;
}

/** A duration in milliseconds with three to four digits: `3.14 ms`, `41.2 ms`, `5 043 ms`, `12.3 s`. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 60_000) return `${(ms / 1000).toFixed(0)} s`;
  if (size >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (size >= 1000) return `${formatCount(Math.round(ms))} ms`;
  return `${ms.toFixed(size >= 10 ? 1 : 2)} ms`;
}

/** A moment: `+41.2 ms` after the first connection began, `−3.10 ms` before it. */
export function formatMoment(ms: number): string {
  return ms < 0 ? `−${formatMs(-ms)}` : `+${formatMs(ms)}`;
}

const byteUnits = ['kB', 'MB', 'GB'] as const;

/** `58 B`, `1.2 kB`, `48 MB`; a thousand is 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${byteUnits[unit]}`;
}

/** `11:20:23.123` of an ISO time, in UTC as the file has it. */
export function formatClock(iso: string): string {
  return iso.slice(11, 23);
}
