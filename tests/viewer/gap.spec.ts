import { ConversationReader } from '../../src/transcript/viewer/conversation.ts';
import type { GapLine } from '../../src/transcript/viewer/lines.ts';
import { describeEvent } from '../../src/transcript/viewer/words.ts';
import { connection, frame, handshake } from './lines.ts';
import { expect, test } from './test.ts';

const gap: GapLine = {
  type: 'gap',
  connection: 'orders',
  sequence: 2,
  ms: 20,
  endedMs: 145,
  recovered: true,
  close: { code: 1006, reason: '', wasClean: false, by: 'network', meaning: 'Abnormal closure' },
  attempts: [
    { number: 1, ms: 25, endedMs: 27, failure: 'Cannot connect: connection refused\n  A remedy' },
    { number: 2, ms: 130, endedMs: 145, handshake: handshake({ url: 'ws://127.0.0.1:4040/orders?token=***' }) },
  ],
};

test('a gap is two rows among the frames: lost, and opened again', () => {
  const reader = new ConversationReader();
  for (const line of [connection(), frame(1, { ms: 10 }), gap, frame(3, { ms: 150 })]) reader.add(line);

  expect(reader.finish().rows.map((row) => [row.ms, row.moment, describeEvent(row)])).toEqual([
    [8, 'opened', 'orders opened: 101 Switching Protocols'],
    [10, 'frame', ''],
    [20, 'lost', 'orders was lost: 1006 Abnormal closure, by the network'],
    [145, 'reopened', 'orders opened again at attempt 2, after 125.0 ms'],
    [150, 'frame', ''],
  ]);
});

test('a gap that was given up is one row, before the end of its connection', () => {
  const reader = new ConversationReader();
  const lost: GapLine = { ...gap, recovered: false, attempts: gap.attempts.slice(0, 1) };
  const close = { ...gap.close, ms: 145 };
  for (const line of [connection({ close }), lost]) reader.add(line);

  expect(reader.finish().rows.map(({ moment }) => moment)).toEqual(['opened', 'lost', 'closed']);
});

test('a gap is seen on the time axis, and in full beside the list', async ({ viewer }) => {
  await viewer.open([connection(), frame(1, { ms: 10 }), gap, frame(3, { ms: 150 })]);
  await viewer.row('orders was lost: 1006').click();

  await expect(viewer.page.locator('#timeline rect.lost title')).toHaveText(
    'Lost: 1006 Abnormal closure, by the network; opened again at attempt 2, after 125.0 ms',
  );
  await expect(viewer.details).toContainText('orders was lost');
  await expect(viewer.details).toContainText('Attempt 1');
  await expect(viewer.details).toContainText('Cannot connect: connection refused');
  await expect(viewer.details).toContainText('opened: 101 ws://127.0.0.1:4040/orders?token=***');
  await test.info().attach('gap.png', { body: await viewer.page.screenshot(), contentType: 'image/png' });
});
