import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { installedBrowser } from '../../scripts/browser.mjs';
import { parseSource, repository } from './sources.ts';

test('npm test, npm run demo and test:compat start before anything is installed', () => {
  const files = reachable(['test.mjs', 'demo.mjs', 'compat.mjs']);
  const foreign = files.flatMap((name) => {
    const early = imports(name).filter((one) => !one.isOwn && !one.isLazy && !one.target.startsWith('node:'));
    return early.map((one) => `scripts/${name} imports "${one.target}"`);
  });

  expect(files).toContain('setup.mjs');
  expect(foreign).toEqual([]);
});

test.describe('installedBrowser', () => {
  const before = process.env['CHROMIUM_PATH'];
  test.afterEach(() => {
    if (before === undefined) delete process.env['CHROMIUM_PATH'];
    else process.env['CHROMIUM_PATH'] = before;
  });

  test('installedBrowser is the one that CHROMIUM_PATH names, before all others', () => {
    process.env['CHROMIUM_PATH'] = join(repository, 'package.json');

    expect(installedBrowser(join(repository, 'LICENSE'))).toBe(join(repository, 'package.json'));
  });

  test("installedBrowser is Playwright's own when it is there", () => {
    delete process.env['CHROMIUM_PATH'];

    expect(installedBrowser(join(repository, 'LICENSE'))).toBe(join(repository, 'LICENSE'));
  });

  test('installedBrowser leaves out what does not exist', () => {
    process.env['CHROMIUM_PATH'] = join(repository, 'no-such-browser');

    expect(installedBrowser(join(repository, 'LICENSE'))).toBe(join(repository, 'LICENSE'));
  });
});

/** The scripts that these load at once, themselves included. */
function reachable(names: readonly string[]): string[] {
  const found = new Set(names);
  // A set is iterated in order of insertion: what is added meanwhile is visited too.
  for (const name of found) {
    for (const one of imports(name)) if (one.isOwn && !one.isLazy) found.add(one.target);
  }
  return [...found];
}

function imports(name: string): ReturnType<typeof parseSource>['imports'] {
  return parseSource(name, readFileSync(join(repository, 'scripts', name), 'utf8')).imports;
}
