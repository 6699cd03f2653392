import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Browser,
  test as base,
  expect,
  type Locator,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';
import type axeCore from 'axe-core';
import { renderPage } from '../../src/transcript/html.ts';
import type { Line } from '../../src/transcript/viewer/lines.ts';
import { linesOf } from './lines.ts';

/** `websocket.html` in a browser. */
export interface Viewer {
  readonly page: Page;
  readonly list: Locator;
  readonly details: Locator;
  readonly search: Locator;
  /** The line under the list: how many frames it shows, what was copied. */
  readonly message: Locator;
  /** Opens a page of these lines, or one that is written already, and waits until it shows its frames. */
  open(content: readonly Line[] | string): Promise<void>;
  row(text: string | RegExp): Locator;
  /** Numbers of the messages that the list shows, as long as they fit on the screen. */
  numbers(): Promise<number[]>;
  /** What the page did wrong so far. A test that provokes faults takes them out. */
  readonly faults: string[];
  /** What axe-core complains about. */
  violations(): Promise<string[]>;
}

/** One for all tests of a worker, since to open a page takes longer than most of them. */
interface SharedPage {
  readonly page: Page;
  readonly file: string;
  /** What the page did wrong since it was emptied last. */
  readonly faults: string[];
}

type ViewerTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & { readonly viewer: Viewer },
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>;

// Not a fixture of the worker: Playwright would start further workers for the tests that have it.
let shared: Promise<SharedPage> | undefined;

/** A test fails when its page logs an error, throws, asks for something, or breaks its own policy. */
export const test: ViewerTest = base.extend<{ readonly viewer: Viewer }>({
  viewer: async ({ browser }, use) => {
    const { faults, file, page } = await (shared ??= openSharedPage(browser));
    faults.length = 0;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ colorScheme: null });
    await page.context().clearPermissions();
    await use(
      new PageViewer(page, faults, async (html) => {
        writeFileSync(file, html);
        await page.goto(pathToFileURL(file).href);
      }),
    );
    expect(faults).toEqual([]);
  },
});

async function openSharedPage(browser: Browser): Promise<SharedPage> {
  const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-viewer-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'websocket.html');
  const page = await browser.newPage(); // Closed with its browser, at the end of the worker.
  return { page, file, faults: faultsOf(page, pathToFileURL(file).href) };
}

/** What a page does wrong from now on. */
export function faultsOf(page: Page, url: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url) faults.push(`request: ${request.url()}`);
  });
  return faults;
}

export { expect } from '@playwright/test';

/** The page in any tab. */
export class PageViewer implements Viewer {
  readonly page: Page;
  readonly list: Locator;
  readonly details: Locator;
  readonly search: Locator;
  readonly message: Locator;
  readonly faults: string[];
  readonly #load: (html: string) => Promise<void>;

  constructor(
    page: Page,
    faults: string[] = [],
    load: (html: string) => Promise<void> = (html) => page.setContent(html),
  ) {
    this.page = page;
    this.list = page.getByRole('grid');
    this.details = page.getByRole('region', { name: 'Details' });
    this.search = page.getByRole('searchbox');
    this.message = page.getByRole('status');
    this.faults = faults;
    this.#load = load;
  }

  async open(content: readonly Line[] | string): Promise<void> {
    const html =
      typeof content === 'string' ? content : [...renderPage([Buffer.from(linesOf(content))], 'a test')].join('');
    await this.#load(html);
    await expect(this.message).toHaveText(/frame/);
  }

  row(text: string | RegExp): Locator {
    return this.list.getByRole('row').filter({ hasText: text });
  }

  async numbers(): Promise<number[]> {
    const texts = await this.list.locator('.row:not(.is-event) .number').allTextContents();
    return texts
      .filter((text) => text !== '')
      .map(Number)
      .sort((a, b) => a - b);
  }

  async violations(): Promise<string[]> {
    await this.page.evaluate(axeSource);
    return this.page.evaluate(async () => {
      const { violations } = await axe.run();
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
    });
  }
}

const axeSource: string = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the script of axe-core leaves behind. */
declare const axe: typeof axeCore;
