// product.md, "Judged at the end of the test": each kind, its text, its place, what is none.
import type { InlineResult } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { found } from './found-cases.ts';
import { type InlineTestOptions, errorsOf, fileName, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { innocent, switchable } from './innocent-cases.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const useOff = { before: `test.use({ wsOptions: { findings: { uncalledHandler: false } } });` } as const;

let result: InlineResult;
let url = '';

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  url = server.url;
  const fails: InlineTestOptions = { kind: 'fails' };
  result = await runInline(
    Object.assign(
      {},
      ...Object.entries(found).map(([title, { body }]) => inlineTest(title, body, fails)),
      ...Object.entries(innocent).map(([title, body]) => inlineTest(title, body)),
      ...Object.entries(switchable).map(([kind, body]) =>
        inlineTest(`off ${kind}`, `const options = { findings: { ${kind}: false } };\n${body}`),
      ),
      inlineTest('off by test.use', switchable['uncalledHandler'].replace(', options', ''), useOff),
      inlineTest('on again', switchable['uncalledHandler'].replace('options', '{ findings: {} }'), {
        ...useOff,
        ...fails,
      }),
    ),
    { ...slowRun, config: { use: { baseURL: server.httpUrl } } },
  );
});

for (const [title, { errors }] of Object.entries(found)) {
  test(`end of test: ${title} is a finding`, () => {
    const file = `${fileName(title)}.spec.ts`;
    const expected = errors.map((text) => `${file}:${text.replaceAll('URL', url).replaceAll('FILE', file)}`);
    expect(errorsOf(result, title)).toEqual(expected);
  });
}

for (const title of Object.keys(innocent)) {
  test(`end of test: ${title} is no finding`, () => {
    expect([errorsOf(result, title), result.test(title).status]).toEqual([[], 'passed']);
  });
}

for (const kind of Object.keys(switchable)) {
  test(`findings: ${kind} is switched off by a call`, () => {
    expect([errorsOf(result, `off ${kind}`), result.test(`off ${kind}`).status]).toEqual([[], 'passed']);
  });
}

test('findings: a kind is switched off by test.use', () => {
  expect(errorsOf(result, 'off by test.use')).toEqual([]);
});

test('findings: a call replaces the switches of test.use', () => {
  expect(errorsOf(result, 'on again')).toHaveLength(1);
});

test('end of test: no finding leaks into another test, or out of all', () => {
  expect([result.failed, result.errors, result.exitCode]).toEqual([0, [], 0]);
});
