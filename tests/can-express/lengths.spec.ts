import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { filesBelow, repository } from '../house/sources.ts';
import { expect, test } from '../helpers/test.ts';
import { countLines, readClaims } from './lengths.ts';

/** Lines of code of the originals without blank lines and comments; of Loadmill's flow, its steps. */
const originals: Readonly<Record<string, number>> = {
  'the subscription is echoed': 48,
  'my notification is among the last ten messages': 3,
  'four users talk and leave': 43,
  'a connection opens, and its first message is there': 12,
  'a kicked client is told why': 16,
  'pings go out at an interval': 19,
  'a session ends after its time': 15,
  'several handlers hear the same pong': 32,
  'a socket lives its whole life': 41,
};

const claims = filesBelow(join(repository, 'examples'), '.spec.ts').flatMap((file) =>
  readClaims(readFileSync(file, 'utf8')).map((claim) => ({ ...claim, file: basename(file) })),
);

for (const { claimed, counted, file, original, title } of claims) {
  test(`${file} says how long "${title}" and its original are`, () => {
    expect({ claimed, original }).toEqual({ claimed: counted, original: originals[title] });
  });

  test(`${file} is not longer than the original of "${title}"`, () => {
    // Loadmill's steps are forms with several fields each: as many statements are fewer words.
    expect(counted).toBeLessThanOrEqual(original === 3 ? 3 : original - 1);
  });
}

test('each original has its example', () => {
  expect(claims.map(({ title }) => title).sort()).toEqual(Object.keys(originals).sort());
});

test('countLines leaves out blank lines and comments', () => {
  expect(countLines("// a\n\n/* b\n c */\nconst d = 1; // e\n  \nconst f = '// g';\n")).toBe(2);
});

test('readClaims counts a test with the imports, and without the other tests', () => {
  const text = `// 5 lines of code; the original has 9.
import { test } from 'playwright-ws';

test('one', () => {
  // why
  test.slow();
});

// 6 lines of code; the original has 12.
test('two', () => {
  test.slow();
  test.slow();
  test.slow();
});
`;
  expect(readClaims(text)).toEqual([
    { title: 'one', claimed: 5, counted: 4, original: 9 },
    { title: 'two', claimed: 6, counted: 6, original: 12 },
  ]);
});

test('readClaims counts the steps of a test by what it awaits', () => {
  const text = `// 2 statements; the original has 3 steps.
test('steps', async () => {
  await one();
  const x = await two();
  expect(x).toBe(2);
});
`;
  expect(readClaims(text)).toEqual([{ title: 'steps', claimed: 2, counted: 2, original: 3 }]);
});
