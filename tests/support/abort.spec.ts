import { expect, test } from '@playwright/test';
import { Abort } from '../../src/support/abort.ts';

test('an abort calls its listeners in order, with the reason known', () => {
  const abort = new Abort();
  const heard: unknown[] = [];
  for (const name of ['first', 'second', 'third']) {
    abort.addEventListener('abort', () => heard.push([name, abort.aborted, abort.reason]));
  }
  abort.abort('late');

  expect(heard).toEqual([
    ['first', true, 'late'],
    ['second', true, 'late'],
    ['third', true, 'late'],
  ]);
});

test('a listener that was removed is not called', () => {
  const abort = new Abort();
  const heard: string[] = [];
  const [first, second, third] = ['first', 'second', 'third'].map((name) => () => heard.push(name));
  for (const listener of [first, second, third]) abort.addEventListener('abort', listener);
  abort.removeEventListener('abort', first);
  abort.removeEventListener('abort', third);
  abort.abort('late');

  expect(heard).toEqual(['second']);
});

test('an abort happens once, and the first reason stands', () => {
  const abort = new Abort();
  let calls = 0;
  abort.addEventListener('abort', () => (calls += 1));
  abort.abort('first');
  abort.abort('second');
  abort.addEventListener('abort', () => (calls += 1));

  expect([abort.reason, calls]).toEqual(['first', 1]);
});
