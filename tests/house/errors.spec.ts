import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { repository } from './sources.ts';

// That every code has its row is in docs.spec.ts.

/** Rooms whose errors a test may see. What the others throw is caught and told by these. */
const rooms = [
  'connection',
  'expectation',
  'explain',
  'load',
  'matchers',
  'metrics',
  'playwright',
  'protocol',
  'transport',
];

test('every error that a test may see has a stable code', () => {
  const files = rooms.flatMap((room) => {
    const names = readdirSync(join(repository, 'src', room), { encoding: 'utf8', recursive: true });
    return names.filter((name) => name.endsWith('.ts')).map((name) => join('src', room, name));
  });
  const bare = files.filter((file) =>
    /throw new (?:Type|Range)?Error\(/.test(readFileSync(join(repository, file), 'utf8')),
  );

  expect(files.length).toBeGreaterThan(50);
  expect(bare).toEqual([]);
});
