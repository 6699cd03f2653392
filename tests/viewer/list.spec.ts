import { expect, test } from './test.ts';
import type { Line } from '../../src/transcript/viewer/lines.ts';
import { connection, frame, wait } from './lines.ts';
import { sampleLines } from './sample.ts';

test.describe('list', () => {
  test('shows number, time, gap, direction, opcode, size, connection and payload of a frame', async ({ viewer }) => {
    await viewer.open([
      connection(),
      frame(1, { ms: 12, direction: 'sent' }),
      frame(2, { ms: 41.25, size: 1234, text: '{"a": 1,\n "b": 2}' }),
    ]);

    await expect(viewer.row('"b"').getByRole('gridcell')).toHaveText([
      '2',
      '+41.3 ms',
      '29.3 ms',
      '↓received',
      'text',
      '1.2 kB',
      'orders',
      '{"a": 1, "b": 2}',
      '',
    ]);
  });

  test('shows bytes that no codec reads as hex, as failure messages do', async ({ viewer }) => {
    const bytes = (base64: string, size: number): Line => frame(size, { opcode: 'binary', base64, size });
    await viewer.open([connection(), bytes('AAH+', 3), bytes(Buffer.alloc(30).toString('base64'), 30), bytes('', 9)]);

    await expect(viewer.list.locator('.row .payload')).toHaveText([
      '<00 01 fe>',
      `<${'00 '.repeat(24)}…>`,
      'binary data',
    ]);
  });

  test('shows the time from a send to its claimed reply, and the line of the assertion', async ({ viewer }) => {
    await viewer.open(sampleLines);

    await expect(viewer.row('subscribed').locator('.notes > *')).toHaveText(['↩ 13.4 ms', '✓ orders.spec.ts:12']);
  });

  test('shows where a wait that failed began and gave up, and the nearest frame', async ({ viewer }) => {
    await viewer.open(sampleLines);

    await expect(viewer.list.locator('.row:is(.is-began, .is-gaveUp, .is-nearest)')).toHaveText([
      '◷+235.0 mstoReceiveMessage began to wait, orders.spec.ts:21',
      /^2\+260\.0 ms97\.0 ms↓receivedtext.*≈ nearest of orders\.spec\.ts:21$/,
      '✗+5\u2009235 mstoReceiveMessage timed out after 5\u2009000 ms, orders.spec.ts:21: {"type": "order.updated", "id": 42, "status": "PAID"}',
    ]);
  });

  test('shows a message that came too late, and one that made a wait fail', async ({ viewer }) => {
    await viewer.open([
      connection(),
      frame(1),
      frame(2),
      wait({ outcome: 'timeout', late: { sequence: 1, afterMs: 7 }, location: 'a.spec.ts:1' }),
      wait({ outcome: 'mismatch', decidedBy: 2, location: 'a.spec.ts:2' }),
    ]);

    await expect(viewer.list.locator('.notes > *')).toHaveText(['◷ too late for a.spec.ts:1', '✗ failed a.spec.ts:2']);
  });

  test('shows opening, refusal and end of connections, and HTTP requests, between the frames', async ({ viewer }) => {
    await viewer.open(sampleLines);

    await expect(viewer.list.locator('.is-opened, .is-refused, .is-closed, .is-request').locator('.event')).toHaveText([
      'POST /login 204 in 28.0 ms',
      'orders opened: 101 Switching Protocols',
      'chat opened: 101 Switching Protocols',
      'POST /api/orders/42/pay 200 in 24.0 ms',
      'admin did not open: 401 Unauthorized',
      'orders closed: 4001 "kicked", by the server',
      'chat closed: 1000 Normal closure, by the client',
    ]);
  });

  test('says how many frames were left out, and where', async ({ viewer }) => {
    const cut = { type: 'cut', connection: 'orders', frames: 1200, bytes: 34_567 } as const;
    await viewer.open([connection(), frame(1), cut, frame(1202)]);

    await expect(viewer.list.getByRole('row').nth(3)).toHaveText(
      '✂+10.0 ms1\u2009200 frames of orders, 35 kB, left out here',
    );
  });
});

test.describe('toolbar', () => {
  const lines = [
    connection(),
    connection({ name: 'chat' }),
    frame(1, { direction: 'sent', text: '{"user":{"name":"Ann"},"id":1}' }),
    frame(2, { text: '{"user":{"name":"Ben"},"id":2}' }),
    frame(3, { connection: 'chat', text: 'hello ann' }),
    frame(4, { opcode: 'ping', text: '' }),
    wait({ outcome: 'timeout', nearest: 3 }),
  ];

  test('chooses connection, direction, state and opcodes', async ({ viewer }) => {
    await viewer.open(lines);
    const choose = async (name: string, choice: string): Promise<void> => {
      await viewer.page.getByRole('combobox', { name, exact: true }).selectOption(choice);
    };
    await viewer.page.getByRole('checkbox', { name: 'ping' }).uncheck();
    await expect(viewer.message).toHaveText('3 of 4 frames');
    await choose('Connection', 'orders');
    await expect(viewer.message).toHaveText('2 of 4 frames');
    await choose('Direction', '↓ Received');
    await expect(viewer.message).toHaveText('1 of 4 frames');
    expect(await viewer.numbers()).toEqual([2]);

    await choose('Connection', 'All connections');
    await choose('State', 'Marked by a wait');
    await expect.poll(() => viewer.numbers()).toEqual([3]);
  });

  test('leaves events where they are, unless they are switched off', async ({ viewer }) => {
    await viewer.open(lines);
    await viewer.search.fill('nothing has this');
    await expect(viewer.message).toHaveText('0 of 4 frames');
    await expect(viewer.list.locator('.is-event')).toHaveCount(4);

    await viewer.page.getByRole('checkbox', { name: 'events' }).uncheck();
    await expect(viewer.list.locator('.is-event')).toHaveCount(0);
  });

  test('says what is wrong with a search, and leaves the list', async ({ viewer }) => {
    await viewer.open(lines);
    await viewer.page.getByRole('combobox', { name: 'Filter by' }).selectOption('JSONPath');
    await viewer.search.fill('$[');

    await expect(viewer.page.locator('#filter-error')).toHaveText('unclosed bracketed selection at position 2');
    await expect(viewer.search).toHaveAttribute('aria-invalid', 'true');
    expect(await viewer.numbers()).toEqual([2, 3]);
  });

  test('copies the frames that are shown as JSON lines', async ({ viewer }) => {
    await viewer.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await viewer.open(lines);
    await viewer.search.fill('ann');
    await expect(viewer.message).toHaveText('2 of 4 frames');
    await viewer.page.getByRole('button', { name: 'Copy as JSON lines' }).click();
    await expect(viewer.message).toHaveText('Copied');

    const copied = await viewer.page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split('\n').map((line): unknown => JSON.parse(line))).toEqual([lines[2], lines[4]]);
  });
});

test.describe('time axis', () => {
  test('says that no HTTP requests were seen', async ({ viewer }) => {
    await viewer.open([connection(), frame(1)]);

    await expect(viewer.page.getByText('No HTTP requests were seen: the test did not use `request`')).toBeVisible();
  });

  test('keeps the label of its last moment within the page', async ({ viewer }) => {
    await viewer.open([connection(), frame(1, { ms: 159 })]);
    const label = viewer.page.getByText('160 ms', { exact: true });

    expect(await label.evaluate((text) => text.getBoundingClientRect().right)).toBeLessThanOrEqual(1280);
  });

  test('has a lane for HTTP requests and for each connection, with its frames, end and waits', async ({ viewer }) => {
    await viewer.open(sampleLines);
    const lanes = viewer.page.locator('#timeline').getByRole('img');

    await expect(lanes).toHaveCount(4);
    expect(await lanes.evaluateAll((all) => all.map((lane) => lane.getAttribute('aria-label')))).toEqual([
      '2 HTTP requests',
      'orders: 1 sent, 7 received, 4001 "kicked", by the server',
      'chat: 3 sent, 2 received, 1000 Normal closure, by the client',
      'admin: 0 sent, 0 received, never opened',
    ]);
    await expect(lanes.nth(1).locator('.wait')).toHaveCount(2);
    await expect(lanes.nth(1).locator('.wait.is-bad title')).toHaveText(
      'toReceiveMessage, orders.spec.ts:21: timed out after 5\u2009000 ms',
    );
    await expect(lanes.nth(1).locator('.marked')).toHaveCount(1);
  });

  test('selects the nearest frame at a click, and the connection by its name', async ({ viewer }) => {
    await viewer.open([connection(), frame(1, { ms: 100 }), frame(2, { ms: 900 }), frame(3, { ms: 1000 })]);
    const lane = viewer.page.getByRole('img', { name: /^orders/ });
    const { width = 0 } = (await lane.boundingBox()) ?? {};
    await lane.click({ position: { x: width * 0.88, y: 12 } });
    await expect(viewer.details.getByRole('heading', { level: 2 })).toHaveText('↓ Received text #2');

    await viewer.page.getByRole('button', { name: 'orders', exact: true }).click();
    await expect(viewer.details.getByRole('heading', { level: 2 })).toHaveText('⚑ orders');
  });

  test('shows a time that a drag chose, and all again', async ({ viewer }) => {
    await viewer.open([connection(), frame(1, { ms: 100 }), frame(2, { ms: 900 }), frame(3, { ms: 1000 })]);
    const {
      height = 0,
      width = 0,
      x = 0,
      y = 0,
    } = (await viewer.page.getByRole('img', { name: /^orders/ }).boundingBox()) ?? {};
    await viewer.page.mouse.move(x + width * 0.5, y + height / 2);
    await viewer.page.mouse.down();
    await viewer.page.mouse.move(x + width * 0.95, y + height / 2);
    await viewer.page.mouse.up();
    await expect(viewer.message).toHaveText('1 of 3 frames');
    expect(await viewer.numbers()).toEqual([2]);

    await viewer.page.getByTitle('Show all times').click();
    await expect(viewer.message).toHaveText('3 frames');
  });
});
