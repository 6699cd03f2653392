import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { writeHar } from '../../src/transcript/har.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';
import { clientOf } from '../transcript/lines.ts';

/** What is used of the modules of the developer tools. */
interface NetworkModule {
  readonly NetworkPanel: {
    readonly NetworkPanel: { instance(): { readonly networkLogView: { onLoadFromFile(file: File): Promise<void> } } };
  };
}

// Neither documented nor meant for others: seen in Chromium 156.
const tools = 'devtools://devtools/bundled';

test("websocket.har opens in Chromium's developer tools, with its messages and their times", async ({
  page,
}, testInfo) => {
  const { connection } = createTestConnection({ name: 'orders', handshake: { duration: 3 } });
  await clientOf(connection).send('{"action":"subscribe"}');
  receive(connection, '{"type":"subscribed"}');
  receive(connection, Buffer.from([1, 2, 255]));
  const path = testInfo.outputPath('websocket.har');
  writeFileSync(path, [...writeHar(createTranscript({ connections: [connection], waits: [], findings: [] }))].join(''));

  test.skip(!(await openTools(page)), 'This browser has no developer tools that can be opened as a page');
  await importHar(page, readFileSync(path, 'utf8'));
  const row = page.getByRole('cell', { name: 'orders', exact: true });
  await expect(row).toBeVisible();
  await testInfo.attach('network.png', { body: await page.screenshot(), contentType: 'image/png' });
  await expect(page.getByRole('cell', { name: 'websocket', exact: true })).toBeVisible();
  await row.click();
  await page.getByRole('tab', { name: 'Messages' }).click();
  const cell = (name: string | RegExp): Locator => page.getByRole('cell', { name });
  await expect(cell('{"action":"subscribe"}')).toBeVisible();
  await expect(cell('{"type":"subscribed"}')).toBeVisible();
  await expect(cell('Binary Message')).toBeVisible();
  // Milliseconds where seconds belong would be a time of day some fifty thousand years from now.
  const time = new Date(connection.log.frame(0).time).toTimeString().slice(0, 8);
  await expect(cell(new RegExp(`^${time}\\.\\d{3}$`)).first()).toBeVisible();
  await testInfo.attach('messages.png', { body: await page.screenshot(), contentType: 'image/png' });
});

async function openTools(page: Page): Promise<boolean> {
  try {
    await page.goto(`${tools}/devtools_app.html?panel=network`);
    await page.getByRole('tab', { name: 'Network' }).click({ timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

async function importHar(page: Page, text: string): Promise<void> {
  await page.evaluate(
    async ([module, har]) => {
      const network: NetworkModule = await import(module);
      const file = new File([har], 'websocket.har', { type: 'application/json' });
      await network.NetworkPanel.NetworkPanel.instance().networkLogView.onLoadFromFile(file);
    },
    [`${tools}/panels/network/network.js`, text] as const,
  );
}
