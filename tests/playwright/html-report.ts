import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { Locator, Page, TestInfo } from '@playwright/test';
import { listen } from '../helpers/listening.ts';

/** A folder on a server of its own. */
export interface ServedFolder extends AsyncDisposable {
  /** No slash at the end. */
  readonly url: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves an HTML report as `playwright show-report` does: the trace viewer in it does not work from files. */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  const server = createServer(({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://127.0.0.1').pathname).replace(/\/$/, '/index.html');
    try {
      const body = readFileSync(join(folder, path));
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Attaches what a page shows, numbered in the order of the walk. */
export class Album {
  readonly #testInfo: TestInfo;
  #count = 0;

  constructor(testInfo: TestInfo) {
    this.#testInfo = testInfo;
  }

  async add(what: string, page: Page): Promise<void> {
    this.#count += 1;
    const name = `${String(this.#count).padStart(2, '0')}-${what}.png`;
    await this.#testInfo.attach(name, { body: await page.screenshot(), contentType: 'image/png' });
  }
}

/** 15 s: a page on loopback is there in some milliseconds, on a busy machine in a second. */
const soon = { timeout: 15_000 };

/** Clicks what opens a tab. */
export async function openTab(page: Page, link: Locator): Promise<Page> {
  const [tab] = await Promise.all([page.waitForEvent('popup', soon), link.click(soon)]);
  return tab;
}

/** Clicks what is saved as a file, and reads it. */
export async function download(page: Page, link: Locator): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download', soon), link.click(soon)]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

/** The network of a trace, in the viewer of Playwright 1.65. */
export interface TraceNetwork {
  /** Names of connections and requests in the list. */
  readonly names: Locator;
  readonly messages: Locator;
  readonly page: Page;
  tab(name: string): Locator;
}

export function traceNetwork(page: Page): TraceNetwork {
  return {
    page,
    names: page.locator('.network-grid-view .list-view-entry .grid-view-cell:first-child'),
    messages: page.locator('.network-websocket-message-row'),
    tab: (name) => page.getByRole('tab', { name }),
  };
}
