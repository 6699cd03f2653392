import { formatTime } from '../metrics/format.ts';
import { escapeHtml } from './static-page.ts';

/** One line of a chart: a value for each moment; `NaN` where there is none. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** A chart over time. */
export interface LineChart {
  /** What it shows, `Messages per second`. */
  readonly title: string;
  readonly series: readonly Series[];
  /** Seconds between two moments. */
  readonly step: number;
  /** A value as an axis shows it. */
  readonly format: (value: number) => string;
}

/** How often values of a span were found. */
export interface BarChart {
  readonly title: string;
  readonly counts: readonly number[];
  /** Labels of both ends of the axis. */
  readonly from: string;
  readonly to: string;
}

const width = 640;
const height = 160;
/** Room for the labels. */
const left = 64;
const bottom = 20;
const top = 8;

/** Draws lines over time as SVG, with a legend. No script: the page shows it everywhere. */
export function drawLines({ format, series, step, title }: LineChart): string {
  const moments = Math.max(...series.map(({ values }) => values.length));
  const highest = Math.max(...series.flatMap(({ values }) => values.filter((value) => !Number.isNaN(value))), 0);
  const scale = { moments, highest: highest === 0 ? 1 : highest };
  const lines = series.map(({ values }, index) => `<path class="line line-${index}" d="${drawPath(values, scale)}"/>`);
  const legend = series.map(({ name }, index) => `<li class="key-${index}">${escapeHtml(name)}</li>`).join('');
  const labels = axes({
    high: format(highest),
    low: format(0),
    from: '0 s',
    to: describeSeconds((moments - 1) * step),
  });
  return figure(title, `${labels}${lines.join('')}`, `<ul>${legend}</ul>`);
}

/** Draws a distribution as SVG. */
export function drawBars({ counts, from, title, to }: BarChart): string {
  const highest = Math.max(...counts);
  const each = (width - left) / counts.length;
  const bars = counts.map((count, index) => {
    const size = (count / highest) * (height - top - bottom);
    const x = (left + index * each).toFixed(1);
    const y = (height - bottom - size).toFixed(1);
    return `<rect x="${x}" y="${y}" width="${Math.max(1, each - 1).toFixed(1)}" height="${size.toFixed(1)}"><title>${count}</title></rect>`;
  });
  return figure(title, `${axes({ high: String(highest), low: '0', from, to })}${bars.join('')}`, '');
}

function figure(title: string, content: string, legend: string): string {
  const name = escapeHtml(title);
  const svg = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}">${content}</svg>`;
  return `<figure><figcaption>${name}</figcaption>${svg}${legend}</figure>\n`;
}

function axes({ from, high, low, to }: Readonly<Record<'high' | 'low' | 'from' | 'to', string>>): string {
  const floor = height - bottom;
  const label = (place: string, anchor: 'start' | 'end', text: string): string =>
    `<text ${place} text-anchor="${anchor}">${escapeHtml(text)}</text>`;
  return [
    `<path class="axis" d="M${left} ${top}V${floor}H${width}"/>`,
    label(`x="${left - 6}" y="${top + 10}"`, 'end', high),
    label(`x="${left - 6}" y="${floor}"`, 'end', low),
    label(`x="${left}" y="${height - 4}"`, 'start', from),
    label(`x="${width}" y="${height - 4}"`, 'end', to),
  ].join('');
}

/** `0.2 s`, `11 s`, `2m00s`. */
function describeSeconds(seconds: number): string {
  return seconds < 60 ? `${Number(seconds.toPrecision(2))} s` : formatTime(seconds * 1000);
}

/** A gap where there is no value; a value alone is a point. */
function drawPath(values: readonly number[], { highest, moments }: { highest: number; moments: number }): string {
  const step = (width - left - 2) / Math.max(1, moments - 1);
  let isDrawing = false;
  const parts = values.map((value, index) => {
    const command = isDrawing ? 'L' : 'M';
    isDrawing = !Number.isNaN(value);
    if (!isDrawing) return '';
    const x = (left + index * step).toFixed(1);
    const y = (height - bottom - (value / highest) * (height - top - bottom)).toFixed(1);
    return command === 'M' ? `M${x} ${y}h0.1` : `L${x} ${y}`;
  });
  return parts.join('');
}
