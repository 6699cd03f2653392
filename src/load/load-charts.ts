import { formatTime } from '../metrics/format.ts';
import type { LineChart } from '../transcript/charts.ts';
import type { Level, Moment, Timeline } from './timeline.ts';

/** Charts of a run over time: users and connections, messages per second, percentiles. */
export function chartLoad({ moments, stepMs }: Timeline): LineChart[] {
  const step = stepMs / 1000;
  const charts = [
    {
      title: 'Users and connections',
      series: [
        { name: 'users', values: held(moments.map(({ users }) => users)) },
        { name: 'connections', values: held(moments.map(({ connections }) => connections)) },
      ],
      format: (value: number) => String(Math.round(value)),
    },
    {
      title: 'Messages per second',
      series: [
        { name: 'sent', values: moments.map(({ sent }) => sent / step) },
        { name: 'received', values: moments.map(({ received }) => received / step) },
      ],
      format: (value: number) => String(Math.round(value)),
    },
    timeChart('ws_response_time', moments, ({ response }) => response),
    timeChart('ws_connecting', moments, ({ connecting }) => connecting),
  ];
  return charts.filter(({ series }) => series.some(hasValues)).map((chart) => ({ ...chart, step }));
}

function timeChart(
  name: string,
  moments: readonly Moment[],
  trendOf: (moment: Moment) => Moment['response'],
): Omit<LineChart, 'step'> {
  const series = [50, 95, 99].map((percentile) => ({
    name: `p(${percentile})`,
    values: moments.map((moment) => trendOf(moment).p(percentile)),
  }));
  return { title: `${name}, percentiles`, series, format: formatTime };
}

/** A count stays what it was until it changes: a span has at least what it began with. The end has what is left. */
function held(levels: readonly (Level | undefined)[]): number[] {
  let last = 0;
  return levels.map((level, index) => {
    const most = Math.max(last, level?.most ?? last);
    last = level?.last ?? last;
    return index > 0 && index === levels.length - 1 ? last : most;
  });
}

function hasValues({ values }: { readonly values: readonly number[] }): boolean {
  return values.some((value) => value > 0);
}
