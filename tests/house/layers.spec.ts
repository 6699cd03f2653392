import { expect, test } from '@playwright/test';
import { cycles, layerFaults, loadedWith } from './layers.ts';
import { parseSource, readSources } from './sources.ts';

test('src keeps the order of its layers', () => {
  expect(layerFaults(readSources())).toEqual([]);
});

test('src has no run-time cycle', () => {
  expect(cycles(readSources())).toEqual([]);
});

test('src has an index.ts at its top and in no folder', () => {
  const indexes = readSources().filter((file) => file.path.endsWith('/index.ts'));

  expect(indexes.map((file) => file.path)).toEqual([]);
});

test('layers: an import of a higher row is a fault', () => {
  const file = parseSource('frames/frame.ts', `import { connect } from '../transport/ws-client.ts';`);

  expect(layerFaults([file])).toEqual(['frames/frame.ts (row 0) imports transport/ws-client.ts (row 3)']);
});

test('layers: an import of the own row or a lower one is none', () => {
  const file = parseSource('connection/waits.ts', `import '../frames/mark.ts'; export * from './closing.ts';`);

  expect(layerFaults([file])).toEqual([]);
});

test('layers: a type-only import is free', () => {
  const text = `import type { Wire } from '../transport/ws-client.ts'; export type { A } from '../index.ts';`;

  expect(parseSource('frames/frame.ts', text).imports).toEqual([]);
});

test('layers: an import of nothing but inline types counts, for it stays at run time', () => {
  const file = parseSource('frames/frame.ts', `import { type A } from '../index.ts';`);

  expect(layerFaults([file])).toEqual(['frames/frame.ts (row 0) imports index.ts (row 8)']);
});

test('layers: a folder without a row is a fault', () => {
  const file = parseSource('utils/misc.ts', `import '../frames/frame.ts';`);

  expect(layerFaults([file])).toEqual(['utils/misc.ts is in no row of the house']);
});

test('layers: the client entry does without Playwright', () => {
  const file = parseSource('client.ts', `export { expect } from './playwright/expect.ts';`);

  expect(layerFaults([file])).toEqual(['client.ts imports playwright/expect.ts: it has no host']);
});

for (const [target, home] of [
  ['ws', 'transport/'],
  ['@playwright/test', 'playwright/'],
  ['@playwright/test/reporter', 'playwright/'],
  ['@jest/expect-utils', 'expectation/equality.ts'],
]) {
  test(`layers: "${target}" is imported at home only`, () => {
    const file = parseSource('connection/connection.ts', `import { x } from '${target}';`);

    expect(layerFaults([file])).toEqual([`connection/connection.ts imports "${target}": only ${home} does`]);
  });
}

test('layers: a heavy package is loaded at first use', () => {
  const text = `
    import { diff } from 'jest-matcher-utils';
    const require = createRequire(import.meta.url);
    export const schema = () => require('zod');
    export const agent = () => import('https-proxy-agent');
  `;

  expect(layerFaults([parseSource('support/options.ts', text)])).toEqual([
    'support/options.ts imports "jest-matcher-utils" at once: load it at first use',
  ]);
});

test('layers: a required file counts like an imported one', () => {
  const text = `const load = createRequire(import.meta.url); export const x = () => load('../matchers/open.ts');`;

  expect(layerFaults([parseSource('explain/draw.ts', text)])).toEqual([
    'explain/draw.ts (row 1) imports matchers/open.ts (row 6)',
  ]);
});

test('cycles: a ring of files is found once', () => {
  const ring = [
    parseSource('frames/a.ts', `import './b.ts';`),
    parseSource('frames/b.ts', `import './c.ts';`),
    parseSource('frames/c.ts', `import './b.ts';`),
  ];

  expect(cycles(ring)).toEqual(['frames/b.ts -> frames/c.ts -> frames/b.ts']);
});

test('a test file that imports the package loads next to nothing of it', () => {
  const loaded = loadedWith('index.ts', readSources());

  // What a test with clients needs comes with the first `ws`; the process that only lists tests never loads it.
  expect(loaded.filter((path) => /^(?:explain|metrics|transcript|transport)\//.test(path))).toEqual([]);
  expect(loaded.length).toBeLessThan(25);
});
