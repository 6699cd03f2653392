import { expect, test } from './test.ts';
import { connection, frame, request, wait } from './lines.ts';
import { sampleLines } from './sample.ts';

const many = [connection(), ...Array.from({ length: 500 }, (_, index) => frame(index + 1))];

test('keyboard: arrows, pages and ends move through the list, which says where it is', async ({ viewer }) => {
  await viewer.open(many);
  const { keyboard } = viewer.page;
  await viewer.list.focus();
  const title = viewer.details.getByRole('heading', { level: 2 });
  await expect(title).toHaveText('⚑ orders');

  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await expect(title).toHaveText('↓ Received text #2');
  await keyboard.press('ArrowUp');
  await expect(title).toHaveText('↓ Received text #1');
  await keyboard.press('End');
  await expect(title).toHaveText('↓ Received text #500');
  await keyboard.press('ArrowDown');
  await expect(title).toHaveText('↓ Received text #500');

  const active = (await viewer.list.getAttribute('aria-activedescendant')) ?? '';
  const row = viewer.page.locator(`#${active}`);
  await expect(row).toHaveAttribute('aria-rowindex', '502');
  await expect(row).toBeInViewport();
  await expect(viewer.list).toHaveAttribute('aria-rowcount', '502');

  await keyboard.press('PageUp');
  await expect(title).not.toHaveText('↓ Received text #500');
  await keyboard.press('PageDown');
  await expect(title).toHaveText('↓ Received text #500');
  await keyboard.press('Home');
  await expect(title).toHaveText('⚑ orders');
});

test('keyboard: / goes to the filter, Esc empties it and then goes back to the list', async ({ viewer }) => {
  await viewer.open(many);
  const { keyboard } = viewer.page;
  await keyboard.press('/');
  await expect(viewer.search).toBeFocused();
  await keyboard.type('"n":50/');
  await expect(viewer.message).toHaveText('0 of 500 frames');
  await keyboard.press('Backspace');
  await expect(viewer.message).toHaveText('2 of 500 frames');

  await keyboard.press('Escape');
  await expect(viewer.search).toHaveValue('');
  await expect(viewer.message).toHaveText('500 frames');
  await keyboard.press('Escape');
  await expect(viewer.list).toBeFocused();
});

test('keyboard: n and p go to the next and the previous problem, Enter to the details', async ({ viewer }) => {
  await viewer.open(sampleLines);
  await viewer.list.focus();
  const title = viewer.details.getByRole('heading', { level: 2 });
  await viewer.page.keyboard.press('Home');
  for (const problem of ['↓ Received text #2', '⚑ admin', '↓ Received text #4', /✗ toReceiveMessage: timed out/]) {
    await viewer.page.keyboard.press('n');
    await expect(title).toHaveText(problem);
  }
  await viewer.page.keyboard.press('p');
  await expect(title).toHaveText('↓ Received text #4');

  await viewer.page.keyboard.press('Enter');
  await expect(viewer.details).toBeFocused();
});

test('keyboard: [ and ] show the time from and up to the selected frame, Esc shows all', async ({ viewer }) => {
  await viewer.open([connection(), frame(1), frame(2), frame(3), wait()]);
  await viewer.list.focus();
  for (const key of ['Home', 'ArrowDown', 'ArrowDown', '[']) await viewer.page.keyboard.press(key);
  await expect(viewer.message).toHaveText('2 of 3 frames');
  await viewer.page.keyboard.press(']');
  await expect(viewer.message).toHaveText('1 of 3 frames');
  await viewer.page.keyboard.press('Escape');
  await expect(viewer.message).toHaveText('3 frames');
});

test('keyboard: [ and ] take the moment of an event', async ({ viewer }) => {
  const close = { code: 1000, reason: '', wasClean: true, by: 'client', ms: 50 };
  await viewer.open([connection({ close }), frame(1), frame(2), request({ startedMs: 15 }), frame(4)]);
  for (const [event, key, shown] of [
    ['closed', ']', '3 frames'],
    ['/pay', '[', '2 of 3 frames'],
    ['/pay', ']', '0 of 3 frames'],
  ] as const) {
    await viewer.row(event).click();
    await viewer.page.keyboard.press(key);
    await expect(viewer.message).toHaveText(shown);
  }
});

test('keyboard: Tab goes through the page in the order in which it is read', async ({ viewer }) => {
  await viewer.open([connection(), frame(1), wait({ outcome: 'timeout' })]);
  await viewer.row('"n"').click();
  await viewer.page.getByRole('button', { name: 'Keyboard' }).focus();
  const names: string[] = [];
  for (let step = 0; step < 18; step++) {
    await viewer.page.keyboard.press('Tab');
    const name = await viewer.page.evaluate(() => {
      const element = document.activeElement;
      return (
        element?.getAttribute('aria-label') ?? element?.closest('label')?.textContent ?? element?.textContent ?? ''
      );
    });
    names.push(name);
  }

  expect(names.map((name) => name.slice(0, 18))).toEqual([
    '✗toReceiveMessaget',
    'orders',
    'Filter by',
    'Filter',
    'Direction',
    'State',
    'text',
    'binary',
    'ping',
    'pong',
    'close',
    'events',
    'Copy as JSON lines',
    'Frames and events',
    'Copy payload',
    'Copy as JSON line',
    'Tree',
    '{ 1 }',
  ]);
});

test('keyboard: arrows change the tab of the payload', async ({ viewer }) => {
  await viewer.open([connection(), frame(1)]);
  await viewer.row('"n"').click();
  const tab = (name: string) => viewer.details.getByRole('tab', { name });
  await tab('Tree').focus();
  await viewer.page.keyboard.press('ArrowRight');
  await expect(tab('Text')).toBeFocused();
  await expect(tab('Text')).toHaveAttribute('aria-selected', 'true');
  await viewer.page.keyboard.press('ArrowLeft');
  await viewer.page.keyboard.press('ArrowLeft');
  await expect(tab('Hex')).toBeFocused();
});

test('keyboard: ? lists the keys', async ({ viewer }) => {
  await viewer.open([connection()]);
  await viewer.list.focus();
  await viewer.page.keyboard.press('?');
  await expect(viewer.page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await viewer.page.keyboard.press('Escape');
  await expect(viewer.page.getByRole('dialog')).toBeHidden();
});
