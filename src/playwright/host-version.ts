import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Whether the installed Playwright is at least this minor version of 1. */
export function isHostAtLeast(minor: number): boolean {
  const { version }: { version: string } = require('@playwright/test/package.json');
  return Number(version.split('.')[1]) >= minor;
}
