import { expect, type Locator, type Page } from '@playwright/test';
import type { Viewer } from '../viewer/test.ts';
import { download, openTab, type Album, type TraceNetwork } from './html-report.ts';

// Stations of the walk through the report of `report-walk.spec.ts`. Each ends with what it looks like.

export async function chooseFailedTest(page: Page, { album, url }: { album: Album; url: string }): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Failed' }).click();
  await album.add('tests', page);
  await page.getByRole('link', { name: 'a paid order is announced' }).click();
}

/** What a person reads first: the whole story is in it, each message with its number. */
export async function readError(page: Page, album: Album): Promise<void> {
  const error = page.locator('.test-error-view').first();
  await expect(error).toContainText('Received: 3 messages, none matched');
  await expect(error).toContainText(/-\s+"status": "PAID",\n\+\s+"status": "PENDING",/);
  await expect(error).toContainText(
    /#1 .* text .*"type":"subscribe".*\(claimed by toReceiveMessage at orders\.spec\.ts:15\)/,
  );
  await expect(error).toContainText(/#2 .* binary +4 B {2}<00 01 02 ff>/);
  await expect(error).toContainText(/#3 .* text .*"status":"PENDING"/);
  // The refusal was what the test asked for.
  await expect(page.getByRole('treeitem', { name: /^Perform handshake/ }).locator('.color-text-danger')).toHaveCount(0);
  await album.add('error', page);
}

export async function openAttachments(page: Page, album: Album): Promise<void> {
  const link = (name: string): Locator => page.getByRole('link', { name, exact: true });
  const files = ['trace', 'websocket.html', 'metrics.html', 'websocket.har', 'error-context'];
  await expect(page.locator('a[href*="/data/"]:not(:has(svg, img))')).toHaveText(files);
  await page.getByText('websocket.jsonl').click();
  const lines = page.getByRole('group').filter({ hasText: 'websocket.jsonl' }).locator('.attachment-body');
  await expect.poll(async () => (await lines.innerText()).match(/^\{"type":"frame"/gm)?.length).toBe(13);
  await page.getByText('websocket.jsonl').scrollIntoViewIfNeeded();
  await album.add('lines', page);

  const har = await download(page, link('websocket.har'));
  expect(har.name).toBe('websocket.har');
  expect(JSON.parse(har.text).log.entries.map((entry: object) => Object.keys(entry).at(-1))).toHaveLength(3);
  const context = await download(page, link('error-context'));
  expect(context.text).toContain('- #3 ');

  const metrics = await openTab(page, link('metrics.html'));
  await expect(metrics.getByRole('row', { name: /^ws_connecting 1 / })).toBeVisible();
  await album.add('metrics', metrics);
  await metrics.close();
}

interface Rows {
  readonly shown: number;
  /** What each of them has. */
  readonly each: RegExp;
}

/** Of 13 frames: what each filter shows, and what all of these have. */
const choices = [
  { label: 'Connection', choice: 'prices', shown: 5, each: /prices/ },
  { label: 'Direction', choice: '↓ Received', shown: 7, each: /received/ },
  { label: 'State', choice: 'Claimed', shown: 1, each: /✓ orders\.spec\.ts:15$/ },
] as const;
const searches = [
  { mode: 'Text', search: 'pending', shown: 2, each: /PENDING/ },
  { mode: 'RegExp', search: '"(channel|type)":"(orders|hello)"', shown: 3, each: /subscribe|hello/ },
  { mode: 'JSONPath', search: '$.items[?@.price > 10]', shown: 2, each: /A-1/ },
] as const;

export async function useFilters(viewer: Viewer, album: Album): Promise<void> {
  const { page } = viewer;
  await expect(viewer.list.locator('.is-event')).toHaveCount(8);
  await album.add('page', page);
  await page.getByRole('checkbox', { name: 'events' }).uncheck();
  await expectRows(viewer, { shown: 13, each: /./ });
  for (const { choice, label, ...rows } of choices) {
    const select = page.getByRole('combobox', { name: label, exact: true });
    await select.selectOption(choice);
    await expectRows(viewer, rows);
    await album.add(`filter-${label.toLowerCase()}`, page);
    await select.selectOption({ index: 0 });
  }
  await page.getByRole('checkbox', { name: 'text' }).uncheck();
  await expectRows(viewer, { shown: 8, each: /binary|ping|pong|close/ });
  await album.add('filter-opcode', page);
  await page.getByRole('checkbox', { name: 'text' }).check();
  for (const { mode, search, ...rows } of searches) {
    await page.getByRole('combobox', { name: 'Filter by' }).selectOption(mode);
    await viewer.search.fill(search);
    await expectRows(viewer, rows);
    await album.add(`filter-${mode.toLowerCase()}`, page);
  }
  await viewer.search.fill('');
  await page.getByRole('checkbox', { name: 'events' }).check();
}

async function expectRows({ list, message }: Viewer, { each, shown }: Rows): Promise<void> {
  await expect(message).toHaveText(shown === 13 ? '13 frames' : `${shown} of 13 frames`);
  await expect(list.locator('.row')).toHaveText(Array.from({ length: shown }, () => each));
}

/** From the problem on top to the message that came nearest, and to its value. */
export async function findNearest(viewer: Viewer, album: Album): Promise<void> {
  const { details, page } = viewer;
  const problems = page.getByRole('region', { name: 'Problems' }).getByRole('button');
  // The refused handshake is none: the test asked for it.
  await expect(problems).toHaveText([/^✗toReceiveMessagetimed out after .*orders\.spec\.ts:21$/]);
  await problems.click();
  await expect(details.getByText('{"type": "order", "id": 42, "status": "PAID"}')).toBeVisible();
  await expect(viewer.row('≈ nearest of orders.spec.ts:21')).toContainText('"status":"PENDING"');
  await expect(viewer.list.locator('.is-gaveUp')).toContainText('toReceiveMessage timed out after');
  await album.add('missing', page);
  await details.getByRole('button', { name: '#3 of orders' }).click();
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('↓ Received text #3');
  await expect(details.locator('.tree')).toContainText('"PENDING"');
  await album.add('nearest', page);
}

/** A connection with its handshake, in the dark; then the page of a telephone. */
export async function lookAround(viewer: Viewer, album: Album): Promise<void> {
  const { details, page } = viewer;
  await expect(page.getByRole('img', { name: '1 HTTP request' })).toBeVisible();
  await expect(viewer.list.locator('.is-closed').last()).toContainText('closed: 1000 Normal closure, by the client');
  await page.emulateMedia({ colorScheme: 'dark' });
  await album.add('dark', page);
  await page.getByRole('button', { name: 'orders', exact: true }).click();
  await expect(details.getByRole('row', { name: 'authorization' })).toContainText('***');
  await expect(details).not.toContainText('Bearer secret');
  await album.add('connection', page);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 400, height: 800 });
  await album.add('narrow', page);
}

export async function readTrace(network: TraceNetwork, album: Album): Promise<void> {
  const { messages, names, page } = network;
  await expect(page.getByText('orders.spec.ts:10 › a paid order is announced')).toBeVisible();
  await network.tab('Network').click();
  await expect(names).toHaveText(['echo', 'login', 'greet', 'refuse']);
  await page.getByText('WS', { exact: true }).click();
  await expect(names).toHaveText(['echo', 'greet', 'refuse']);
  await names.first().click();

  await expect(messages.locator('.network-websocket-message-preview')).toHaveText([
    '{"type":"subscribe","channel":"orders"}',
    '{"type":"subscribe","channel":"orders"}',
    ...['(binary, 4)', '(binary, 4)'],
    '{"type":"order","id":42,"status":"PENDING","items":[{"sku":"A-1","price":12.5}]}',
    '{"type":"order","id":42,"status":"PENDING","items":[{"sku":"A-1","price":12.5}]}',
    ...['(close)', '(close)'],
  ]);
  await expect(messages.first().getByTitle('Sent')).toBeVisible();
  await expect(messages.nth(1).getByTitle('Received')).toBeVisible();
  await expect(messages.first().locator('.network-websocket-message-time')).toHaveText('0ms');
  await expect(messages.last().locator('.network-websocket-message-time')).toHaveText(/^[1-9]\d\dms$/);
  await album.add('trace-messages', page);

  await network.tab('Headers').click();
  await expect(page.getByText('101 Switching Protocols')).toBeVisible();
  await expect(page.getByText('authorization')).toBeVisible();
  await album.add('trace-headers', page);
}
