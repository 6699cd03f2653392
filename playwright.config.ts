import { chromium, defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { exampleServer, exampleUse } from './examples/web-server.ts';
import { installedBrowser } from './scripts/browser.mjs';
import { ensureViewer } from './scripts/viewer.mjs';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';
// The sources import the page that they are built into.
ensureViewer();

const executablePath = installedBrowser(playwrightBrowser());

/** Specs of the package and of the examples. `examples/playwright.config.ts` runs the examples alone. */
const config: PlaywrightTestConfig = defineConfig({
  // A file is one worker's: else each of them loads it.
  fullyParallel: false,
  forbidOnly: inCi,
  workers: 3,
  timeout: 30_000,
  reporter: [
    [inCi ? 'dot' : 'list'],
    ['html', { open: 'never', noSnippets: true }], // 12,000 steps have one.
    ['json', { outputFile: process.env['RESULTS_FILE'] ?? 'temp/results.json' }],
  ],
  use: executablePath === undefined ? {} : { launchOptions: { executablePath } },
  webServer: exampleServer,
  projects: [
    { name: 'tests', testDir: 'tests', testIgnore: 'peers/**' },
    { name: 'examples', testDir: 'examples', use: exampleUse() },
    // Servers that others wrote: npm run test:peers.
    ...(process.env['PEERS'] === undefined ? [] : [{ name: 'peers', testDir: 'tests/peers' }]),
  ],
});

export default config;

function playwrightBrowser(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined; // Playwright has no build for this platform; the system may have one.
  }
}
