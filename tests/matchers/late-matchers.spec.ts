import { expect, test } from '@playwright/test';
import type * as lateMatchersModule from '../../src/matchers/late-matchers.ts';
import { lateMatchers, siteBelow } from '../../src/matchers/late-matchers.ts';
import { matchers } from '../../src/matchers/matchers.ts';
import { createClient } from '../connection/test-client.ts';

const late = lateMatchers(async () => matchers);

test('all matchers are there', () => {
  expect(Object.keys(late)).toEqual(Object.keys(matchers));
});

for (const name of Object.keys(late)) {
  test(`${name} stands for the matcher of its name`, async () => {
    const called: unknown[] = [];
    const standIn = async (...args: unknown[]): Promise<{ pass: true; message: () => string; name: string }> => {
      called.push(args);
      return { pass: true, message: () => '', name };
    };
    // A specifier of its own: a module of its own, to which no matchers were given.
    const fresh: typeof lateMatchersModule = await import(`../../src/matchers/late-matchers.ts?${name}`);
    const own = fresh.lateMatchers(async () => ({ ...matchers, [name]: standIn }));
    const method: unknown = Reflect.get(own, name);
    if (typeof method !== 'function') throw new Error(`Expected a function ${name}`);

    await Reflect.apply(method, {}, ['client', 1, 2]);
    expect(called).toEqual([['client', 1, 2]]);
  });
}

test('a late matcher begins in the turn of its caller', async () => {
  const { client, receive } = createClient();
  const passing = late.toReceiveMessage.call({}, client, 'one');
  receive('one');

  expect(client.messages.unclaimed).toEqual([]);
  expect(await passing).toMatchObject({ pass: true });
});

test("a late matcher's line is that of its caller", async () => {
  const { client, registry } = createClient();
  const failing = late.toReceiveMessage.call({}, client, 'one', { timeout: 0 });
  const [{ site }] = registry.settle('finished');

  expect(site?.location?.file).toMatch(/late-matchers\.spec\.ts$/);
  expect(await failing).toMatchObject({ pass: false });
});

test('outside of a late matcher the line is that below the matcher', () => {
  expect(siteBelow(siteBelow).location?.file).toMatch(/late-matchers\.spec\.ts$/);
});
