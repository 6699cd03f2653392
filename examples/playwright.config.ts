import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { exampleServer, exampleUse } from './web-server.ts';

/** Runs the examples against the example application: `npm run demo`. */
const config: PlaywrightTestConfig = defineConfig({
  fullyParallel: true,
  timeout: 30_000,
  outputDir: '../test-results/demo',
  reporter: [['list'], ['html', { open: 'never', outputFolder: '../playwright-report' }]],
  webServer: exampleServer,
  use: exampleUse(),
});

export default config;
