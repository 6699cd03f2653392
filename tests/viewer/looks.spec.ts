import { expect, test } from './test.ts';
import { Measurements } from '../../src/metrics/measurements.ts';
import { renderPage } from '../../src/transcript/html.ts';
import { renderMetrics } from '../../src/transcript/metrics-page.ts';
import { connection, frame, linesOf } from './lines.ts';
import { sampleLines } from './sample.ts';

const looks = [
  { name: 'light', colorScheme: 'light', width: 1440, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1440, height: 900 },
  { name: 'narrow', colorScheme: 'light', width: 400, height: 800 },
] as const;

for (const { colorScheme, height, name, width } of looks) {
  test(`page is accessible and keeps within its width: ${name}`, async ({ viewer }, testInfo) => {
    await viewer.page.setViewportSize({ width, height });
    await viewer.page.emulateMedia({ colorScheme });
    await viewer.open(sampleLines);
    await viewer.row('order.updated').first().click();
    await expect(viewer.details.locator('.tree')).toBeVisible();

    await testInfo.attach(`viewer-${name}`, { body: await viewer.page.screenshot(), contentType: 'image/png' });
    expect(await viewer.violations()).toEqual([]);
    expect(await viewer.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);

    await viewer.page.getByRole('button', { name: 'admin', exact: true }).click();
    await viewer.details.getByRole('button', { name: 'Copy wscat command' }).scrollIntoViewIfNeeded();
    await testInfo.attach(`connection-${name}`, { body: await viewer.page.screenshot(), contentType: 'image/png' });
  });
}

test('page is accessible with the details of a connection and of a wait, and in its help', async ({ viewer }) => {
  await viewer.open(sampleLines);
  for (const name of ['admin', /^toReceiveMessage/, 'Keyboard']) {
    await viewer.page.getByRole('button', { name, exact: true }).click();
    expect(await viewer.violations()).toEqual([]);
  }
});

test('page follows the colours of the system', async ({ viewer }) => {
  await viewer.open([connection(), frame(1)]);
  const ground = (): Promise<string> =>
    viewer.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await viewer.page.emulateMedia({ colorScheme: 'light' });
  expect(await ground()).toBe('rgb(255, 255, 255)');
  await viewer.page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground()).toBe('rgb(13, 17, 23)');
});

test('page shows where the focus is', async ({ viewer }) => {
  await viewer.open([connection(), frame(1)]);
  await viewer.page.keyboard.press('/');
  const outlineOf = (): Promise<string> =>
    viewer.page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
  expect(await outlineOf()).toBe('solid');
  await viewer.page.keyboard.press('Escape');
  expect(await outlineOf()).toBe('solid');
});

test('page that leaves out frames and requests counts them, and tells no gap across the frames', async ({ viewer }) => {
  const startedAt = '2026-11-21T09:30:00.000Z';
  await viewer.open([
    { type: 'transcript', version: 1, startedAt, frames: 1002, requests: 1500, waits: 0 },
    connection(),
    frame(1),
    { type: 'cut', connection: 'orders', frames: 1000, bytes: 5_000_000 },
    frame(1002, { ms: 900 }),
  ]);

  await expect(viewer.page.locator('#counts')).toHaveText(
    '1 connection · 1\u2009002 frames, 5.0 MB · 0 waits · 1\u2009500 HTTP requests · 2026-11-21 09:30:00.000 UTC',
  );
  await expect(viewer.page.getByText('HTTP requests are left out of this page')).toBeVisible();
  await viewer.row('1002').click();
  await expect(viewer.details.getByText('+900.0 ms, 09:30:00.900 UTC')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`page without its script, and metrics.html, can be read by all, ${colorScheme}`, async ({ viewer }) => {
    const measurements = new Measurements();
    for (const ms of [1, 2, 40]) measurements.addTime('ws_connecting', ms, '/orders');
    measurements.addCheck('is open', false);
    const thresholds = [{ metric: 'ws_connecting', threshold: 'max<10', isMet: false, found: 'max=40' }];
    const charts = [{ title: 'Messages', series: [{ name: 'sent', values: [0, 5] }], step: 1, format: String }];
    const metrics = renderMetrics({ title: 'orders', measurements, thresholds, charts, summary: 'ok' });
    const plain = [...renderPage([Buffer.from(linesOf(sampleLines))], 'a test')].join('');

    await viewer.page.emulateMedia({ colorScheme });
    await viewer.page.goto('about:blank');
    for (const html of [metrics, plain.replaceAll(/<script>[^]*?<\/script>/g, '')]) {
      await viewer.page.setContent(html);
      await expect(viewer.page.getByRole('table').first()).toBeVisible();
      expect(await viewer.violations()).toEqual([]);
    }
  });
}

test('page of no frames says so', async ({ viewer }) => {
  await viewer.open([]);

  await expect(viewer.message).toHaveText('0 frames');
  await expect(viewer.page.locator('#counts')).toHaveText(
    '0 connections · 0 frames, 0 B · 0 waits · 2026-11-21 09:30:00.000 UTC',
  );
});
