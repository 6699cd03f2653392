import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let minorVersion: number | undefined;

/** Whether the installed Playwright is at least this minor version of 1. */
export function isHostAtLeast(minor: number): boolean {
  minorVersion ??= readMinorVersion();
  return minorVersion >= minor;
}

function readMinorVersion(): number {
  const { version }: { version: string } = require('@playwright/test/package.json');
  return Number(version.split('.')[1]);
}
