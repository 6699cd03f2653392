import { expect, test } from './test.ts';
import { connection, frame } from './lines.ts';

test('200,000 frames: the document holds a screenful of them, wherever the list is scrolled to', async ({ viewer }) => {
  await viewer.open([
    connection(),
    ...Array.from({ length: 200_000 }, (_, index) => frame(index + 1, { ms: index / 10 })),
  ]);
  const rows = viewer.list.locator('.row');
  await expect(viewer.message).toHaveText('200\u2009000 frames');
  expect(await rows.count()).toBeLessThan(100);

  await viewer.list.evaluate((list) => list.scrollTo(0, list.scrollHeight / 2));
  await expect(viewer.row(/^100000\+/)).toBeVisible();
  expect(await rows.count()).toBeLessThan(100);
  await expect(viewer.list.getByRole('columnheader', { name: 'Time' })).toBeInViewport();

  await viewer.list.focus();
  await viewer.page.keyboard.press('End');
  await expect(viewer.row(/^200000\+/)).toBeInViewport();

  await viewer.search.fill('"n":199999');
  await expect(viewer.message).toHaveText('1 of 200\u2009000 frames');
});
