import { expect, test } from '@playwright/test';
import { Measurements } from '../../src/metrics/measurements.ts';
import { renderMetrics } from '../../src/transcript/metrics-page.ts';

function measured(): Measurements {
  const measurements = new Measurements();
  for (const ms of [1, 2, 3, 4, 40]) measurements.addTime('ws_connecting', ms, ms === 40 ? '/slow' : '/fast');
  measurements.addCount('ws_msgs_sent', 20, '/fast');
  measurements.addCount('data_sent', 4180, '/fast');
  measurements.addCheck('is open', true);
  measurements.addCheck('is fast', false);
  measurements.duration = 4000;
  return measurements;
}

const thresholds = [
  { metric: 'ws_connecting', threshold: 'max<10', isMet: false, found: 'max=40' },
  { metric: 'ws_connecting', threshold: 'min<10', isMet: true, found: 'min=1' },
];

const charts = [
  {
    title: 'Messages per second',
    series: [
      { name: 'sent', values: [0, 5, 10] },
      { name: 'received', values: [Number.NaN, 2, Number.NaN] },
    ],
    step: 1,
    format: String,
  },
];

test('metrics.html shows thresholds, charts, times, counters and checks', async ({ page }) => {
  const violations: string[] = [];
  page.on('console', (message) => violations.push(message.text()));
  await page.setContent(
    renderMetrics({ title: 'orders', measurements: measured(), thresholds, charts, summary: 'ok' }),
  );

  const rows = page.getByRole('table').locator('tbody tr');
  expect(
    await rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent).join(' '))),
  ).toEqual([
    'ws_connecting max<10 max=40 not met',
    'ws_connecting min<10 min=1 met',
    'ws_connecting 5 10ms 1ms 3ms 40ms 25.6ms 32.8ms 38.6ms',
    'ws_connecting{client:/fast} 4 2.5ms 1ms 2.5ms 4ms 3.7ms 3.85ms 3.97ms',
    'ws_connecting{client:/slow} 1 40ms 40ms 40ms 40ms 40ms 40ms 40ms',
    'ws_msgs_sent 20 5/s',
    'data_sent 4.18 kB 1.04 kB/s',
    'ws_msgs_sent{client:/fast} 20 5/s',
    'data_sent{client:/fast} 4.18 kB 1.04 kB/s',
    'is open 100.00% 1 0',
    'is fast 0.00% 0 1',
  ]);
  await expect(page.getByRole('img', { name: 'Messages per second' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'ws_connecting' })).toBeVisible();
  expect(violations).toEqual([]);
});

test('metrics.html tells the time of a chart that is shorter than a second, or longer than a minute', () => {
  const ends = [0.1, 1, 60].map((step) => {
    const html = renderMetrics({ title: 'load', measurements: new Measurements(), charts: [{ ...charts[0], step }] });
    return /text-anchor="end">(?<end>[^<]*)<\/text><path class="line/.exec(html)?.groups?.['end'];
  });

  expect(ends).toEqual(['0.2 s', '2 s', '2m00s']);
});

test('metrics.html says when clients or checks are too many to be told apart', () => {
  const measurements = new Measurements();
  for (let number = 1; number <= 201; number++) measurements.addTime('ws_ping', 1, `user${number}`);

  expect(renderMetrics({ title: 'orders', measurements })).toContain(
    '<p>Only the first 200 clients are told apart: the others are in the totals alone.</p>',
  );
});

test('metrics.html shows names as text, without secrets', () => {
  const measurements = new Measurements();
  measurements.maskText = (text) => text.replaceAll('s3cret', '***');
  for (const name of ['<img src=x>', 's3cret']) measurements.addTime('ws_ping', 1, name);
  const html = renderMetrics({ title: '</title><b>s3cret', measurements });

  expect(html).not.toContain('<img');
  expect(html).not.toContain('s3cret');
  expect(html).not.toContain('<b>');
});

test('metrics.html without samples is a page without charts', () => {
  expect(renderMetrics({ title: 'orders', measurements: new Measurements() })).not.toContain('<svg');
});
