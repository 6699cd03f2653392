import { defineConfig } from '@playwright/test';

// oxlint-disable-next-line import/no-default-export -- Playwright loads a config by its default export.
export default defineConfig({
  testDir: '.',
  outputDir: '../../temp/soak/output',
  workers: 1,
  timeout: 10_000,
  reporter: [['json', { outputFile: process.env['SOAK_RESULTS'] ?? '../../temp/soak/results.json' }]],
  use: { baseURL: process.env['SOAK_URL'] ?? '' },
});
