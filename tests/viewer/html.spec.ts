import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { renderHtml, renderPage } from '../../src/transcript/html.ts';
import { writeJsonl, writePageLines } from '../../src/transcript/jsonl.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { LineReader } from '../../src/transcript/viewer/line-reader.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';
import { connection, finding, frame, linesOf, wait } from './lines.ts';
import { test as viewerTest } from './test.ts';

function pageOf(text: string, title = 'a test'): string {
  return [...renderPage([Buffer.from(text)], title)].join('');
}

function dataOf(html: string): string {
  const [, base64 = ''] = /id="transcript">([^<]*)</.exec(html) ?? [];
  return gunzipSync(Buffer.from(base64, 'base64')).toString();
}

function tableOf(html: string): string[] {
  const [, table = ''] = /<caption>Frames<\/caption>([^]*?)<\/table>/.exec(html) ?? [];
  return [...table.matchAll(/<tr><td[^>]*>(.*?)<\/td>/g)].map(([, cell = '']) => cell);
}

test('page without data is smaller than 80 kB', () => {
  expect(Buffer.byteLength(pageOf(''))).toBeLessThan(80_000);
});

test('page asks for nothing, and runs only what its policy names by hash', () => {
  const html = pageOf('');
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];

  expect(policy.replaceAll(/'sha256-[\w+/=]+'/g, 'HASH')).toBe(
    "default-src 'none'; script-src HASH HASH; style-src HASH; base-uri 'none'; form-action 'none'; " +
      "require-trusted-types-for 'script'; trusted-types viewer",
  );
  expect(html).not.toMatch(/ (?:src|href|style|on\w+)=/);
});

test('page holds the lines of websocket.jsonl, whatever chunks they come in', () => {
  const lines = Array.from({ length: 300 }, (_, index) => linesOf([frame(index + 1, { text: 'ä'.repeat(index) })]));
  const chunks = lines.map((line) => Buffer.from(line));
  const html = [...renderPage(chunks, 'a test')].join('');

  expect(dataOf(html)).toBe(lines.join(''));
});

test('page of a transcript holds what websocket.jsonl holds, with its masks', () => {
  const { connection: orders } = createTestConnection({ url: 'ws://127.0.0.1/?token=top-secret-1' });
  receive(orders, 'see http://ann:top-secret-2@127.0.0.1/?key=top-secret-3');
  receive(orders, '{"type":"order"}');
  const transcript = createTranscript({ connections: [orders], waits: [], findings: [] });
  const html = [...renderHtml(transcript, { title: 'http://ann:top-secret-4@127.0.0.1/' })].join('');
  const withoutTime = (text: string): string =>
    text.replace(/"writtenAt":"[^"]*"/, '').replace(/"limits":\{[^}]*\}/, '');
  const reader = new LineReader();
  const lines = dataOf(html).slice(0, -1).split('\n');
  const read = lines.map((line) => `${JSON.stringify(reader.read(line))}\n`).join('');

  expect(withoutTime(read)).toBe(withoutTime([...writeJsonl(transcript)].join('')));
  expect(`${html}${dataOf(html)}`).not.toMatch(/top-secret/);
  expect(html).toContain('<title>http://ann:***@127.0.0.1/</title>');
});

test('page without its script shows the first and the last hundred frames, and how many it leaves out', () => {
  const frames = Array.from({ length: 5000 }, (_, index) => frame(index + 1));
  const cut = { type: 'cut', connection: 'orders', frames: 70, bytes: 7 } as const;
  const cells = tableOf(pageOf(linesOf([...frames, cut])));

  expect(cells).toHaveLength(201);
  expect([cells[0], cells[99], cells[100], cells[101], cells[200]]).toEqual([
    '1',
    '100',
    '4\u2009870 frames not shown here',
    '4901',
    '5000',
  ]);
});

test('page without its script says how many connections and problems it leaves out', () => {
  const connections = Array.from({ length: 300 }, (_, index) => connection({ name: `c${index}` }));
  const findings = Array.from({ length: 101 }, () => finding());
  const html = pageOf(linesOf([...connections, ...findings]));

  expect(html).toContain('<tr><td colspan="4">200 connections not shown here</td></tr>');
  expect(html).toContain('<tr><td colspan="3">1 problem not shown here</td></tr>');
});

test('page without its script shows every frame once when they are few', () => {
  const frames = Array.from({ length: 150 }, (_, index) => frame(index + 1));

  expect(tableOf(pageOf(linesOf(frames)))).toEqual(frames.map(({ sequence }) => String(sequence)));
});

test('page without its script shows what stands between short frames, in whatever chunks', () => {
  const { connection: orders } = createTestConnection();
  for (let index = 0; index < 350; index++) receive(orders, `short ${index}`);
  const transcript = createTranscript({ connections: [orders], waits: [], findings: [] });
  const [head = '', ...frames] = Buffer.concat([...writePageLines(transcript, {})])
    .toString()
    .split(/^(?=<)/m);
  const between = `${JSON.stringify(finding({ text: 'between' }))}\n`;
  const lines = [
    ...head.split(/^(?=\{)/m),
    ...frames.slice(0, 240),
    between,
    '\n',
    between,
    ...frames.slice(240),
    between,
  ];
  const whole = pageOf(lines.join(''));
  const table = /<caption>Problems[^]*<\/table>/;

  expect(whole.match(/<td>between<\/td>/g)).toHaveLength(3);
  expect(tableOf(whole)).toHaveLength(201);
  expect(whole).toContain('>150 frames not shown here<');
  for (const size of [1, 2, 120, 300]) {
    const starts = lines.flatMap((_, index) => (index % size === 0 ? [index] : []));
    const chunks = starts.map((start) => Buffer.from(lines.slice(start, start + size).join('')));
    const html = [...renderPage(chunks, 'a test')].join('');
    expect(table.exec(html)?.[0]).toBe(table.exec(whole)?.[0]);
  }
});

test('page without its script escapes markup and shows what would not be seen', () => {
  const html = pageOf(
    linesOf([
      connection({ name: '<b>' }),
      frame(1, { text: '</table><script>alert("1")</script>\u202E\u0000' }),
      wait({ outcome: 'timeout', expected: '<i>&' }),
      finding({ text: '<u>' }),
    ]),
    '<title>',
  );

  expect(html).toContain('<td>&#60;/table&#62;&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;⟨U+202E⟩␀</td>');
  expect(html).toContain('<h1>&#60;title&#62;</h1>');
  expect(html).not.toMatch(/<b>|<i>|<u>|alert\("1"\)/);
});

viewerTest(
  'page without scripts shows its tables, and no part that needs the script',
  async ({ browser }, testInfo) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.setContent(pageOf(linesOf([connection(), frame(1, { text: 'hello' })])));

    await expect(page.getByRole('table', { name: 'Frames' }).getByRole('row')).toHaveText([
      '#TimeConnectionDirectionOpcodeSizeClaimed byPayload',
      '1+10.0 msordersreceivedtext5 Bhello',
    ]);
    await expect(page.getByRole('grid')).toBeHidden();
    await expect(page.getByRole('button')).toHaveCount(0);
    await testInfo.attach('viewer-without-scripts', { body: await page.screenshot(), contentType: 'image/png' });
    await context.close();
  },
);

viewerTest('page whose data is damaged says so and shows its tables', async ({ page }) => {
  const html = pageOf(linesOf([connection(), frame(1)])).replace(/id="transcript">[^<]*</, 'id="transcript">H4sI<');
  await page.setContent(html);

  await expect(page.getByRole('alert')).toHaveText(/^The frames cannot be shown: ./);
  await expect(page.getByRole('table', { name: 'Frames' })).toBeVisible();
  await expect(page.getByRole('grid')).toBeHidden();
});
