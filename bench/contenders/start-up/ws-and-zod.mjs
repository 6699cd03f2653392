// Playwright Test and what a test without a library adds to it.
import { measure } from '../../lib/contender.mjs';

await measure(async () => {
  await import('@playwright/test');
  await import('ws');
  await import('zod');
  return 1;
});
