import { expect, test } from '@playwright/test';
import { readSources } from '../house/sources.ts';

test('reporter loads fast: few files, no package, nothing that knows the host', () => {
  const imports = importsOf('reporter.ts');

  expect(imports.filter((target) => !target.startsWith('node:') && !target.startsWith('metrics/')).sort()).toEqual([
    'support/call-site.ts',
    'support/clock.ts',
    'support/errors.ts',
    'transcript/read-summary.ts',
    'transcript/run-summary.ts',
    'transcript/summary.ts',
  ]);
});

/** Everything that a file imports at run time, and what that imports. */
function importsOf(path: string): string[] {
  const sources = new Map(readSources().map((file) => [file.path, file.imports]));
  const found = new Set<string>();
  const visit = (file: string): void => {
    for (const { isLazy, target } of sources.get(file) ?? []) {
      if (isLazy || found.has(target)) continue;
      found.add(target);
      visit(target);
    }
  };
  visit(path);
  return [...found];
}
