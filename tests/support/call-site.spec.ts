import { runInThisContext } from 'node:vm';

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

/** Stands for a public method whose call may be over at once. */
function quickMethod(): CallSite {
  return CallSite.of(quickMethod).captureLine();
}

/** Stands for a package between the test and us. */
function packageCode(): (call: () => CallSite) => CallSite {
  const module = { exports: (call: () => CallSite): CallSite => call() };
  const source = 'module.exports = (call) => call();';
  runInThisContext(`(function (module) { ${source} })`, { filename: '/project/node_modules/helper/index.js' })(module);
  return module.exports;
}

test.describe('a CallSite of which only the line was captured', () => {
  test('is the line of the call', () => {
    const [first, second] = [quickMethod(), method()];

    expect(first.location).toEqual({ ...second.location, column: expect.any(Number) });
  });

  test('is one object for all calls at a line', () => {
    const lines = Array.from({ length: 3 }, () => quickMethod().line);

    expect(new Set(lines).size).toBe(1);
    expect(quickMethod().line).not.toBe(lines[0]);
  });

  test('has the stack of its own call when that is captured after all', () => {
    const through = (call: () => CallSite): CallSite => call();
    const quickMethodCaptured = (): CallSite => {
      const site = CallSite.of(quickMethodCaptured).captureLine();
      return site.capture();
    };
    const call = (): CallSite => quickMethodCaptured();
    const stacks = [() => through(call), () => call()].map((run) => run().applyTo(new Error('no')).stack);

    expect(stacks[0]).toContain('through');
    expect(stacks[1]).not.toContain('through');
  });

  test('is the line of the test when a package made the call', () => {
    const call = packageCode();
    const [first, next] = [call(quickMethod), call(quickMethod)];
    const other = call(quickMethod);

    expect(first.location?.file).toBe(test.info().file);
    expect(next.location).toEqual({ ...first.location, column: expect.any(Number) });
    expect((other.location?.line ?? 0) - (first.location?.line ?? 0)).toBe(1);
  });

  test('leaves the stacks of others as they were', () => {
    const before = Object.entries(Object.getOwnPropertyDescriptors(Error));
    quickMethod();

    expect(Object.entries(Object.getOwnPropertyDescriptors(Error))).toEqual(before);
  });
});

test('a location is told by the name of its file, whatever the platform', () => {
  expect(describeLocation({ file: '/home/me/tests/orders.spec.ts', line: 12, column: 3 })).toBe('orders.spec.ts:12');
  expect(describeLocation({ file: 'C:\\me\\tests\\orders.spec.ts', line: 12, column: 3 })).toBe('orders.spec.ts:12');
});
