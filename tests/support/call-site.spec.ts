import { expect, test } from '@playwright/test';

import { CallSite, describeLocation } from '../../src/support/call-site.ts';

/** Stands for a public method. */
function method(): CallSite {
  return CallSite.capture(method);
}

test.describe('CallSite', () => {
  test('is the line of the call', () => {
    const location = method().location;
    const next = method().location;

    expect(location?.file).toBe(test.info().file);
    expect((next?.line ?? 0) - (location?.line ?? 0)).toBe(1);
    expect(describeLocation(location)).toBe(`call-site.spec.ts:${location?.line}`);
  });

  test('is the line of the call in a callback too', () => {
    const [site] = [1].map(() => method());

    expect(site.location?.file).toBe(test.info().file);
  });

  test('gives an error the stack of the call', () => {
    const site = method();
    const error = site.applyTo(new TypeError('wrong\nin two lines'));

    expect(error.stack?.split('\n').slice(0, 2)).toEqual(['TypeError: wrong', 'in two lines']);
    expect(error.stack).toContain(`call-site.spec.ts:${site.location?.line}:`);
    expect(error.stack).not.toContain('src/support');
  });

  test('is an unknown line when no file called', () => {
    expect(describeLocation(undefined)).toBe('an unknown line');
  });
});

test('a location is told by the name of its file, whatever the platform', () => {
  expect(describeLocation({ file: '/home/me/tests/orders.spec.ts', line: 12, column: 3 })).toBe('orders.spec.ts:12');
  expect(describeLocation({ file: 'C:\\me\\tests\\orders.spec.ts', line: 12, column: 3 })).toBe('orders.spec.ts:12');
});
