// What every test file imports.
import { measure } from '../../lib/contender.mjs';

await measure(async () => {
  await import('@playwright/test');
  return 1;
});
