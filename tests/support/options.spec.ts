import { inspect } from 'node:util';
import { checkOptions, defineOptions, describeFound, milliseconds, wholeNumber } from '../../src/support/options.ts';
import { expect, test } from '../helpers/test.ts';

interface Example {
  readonly timeout?: number;
  readonly count?: number;
  readonly headers?: object;
  readonly on?: unknown;
  readonly proxy?: object;
}

const definition = defineOptions<Example>(
  (z) => ({
    timeout: milliseconds(z),
    count: wholeNumber(z),
    headers: z.record(z.string(), z.string('a string'), 'an object'),
    on: z.custom((value) => typeof value === 'function' || value instanceof AbortSignal, 'a function'),
    proxy: z.strictObject(
      { server: z.string('a URL'), password: z.string('a string').optional() },
      'an object { server }',
    ),
  }),
  ['headers'],
);

test('allowed options are the very value that came in', () => {
  const on = (): void => {};
  const options = { timeout: 0, headers: { a: 'b' }, on, proxy: { server: 'x' } };
  const checked = checkOptions('connect', definition, options);

  expect(checked).toBe(options);
  expect(checked.on).toBe(on);
});

test('undefined means not set', () => {
  const options = { timeout: undefined, unknown: undefined };

  expect(Reflect.apply(checkOptions, undefined, ['connect', definition, options])).toBe(options);
});

for (const [options, message] of [
  [
    { timeout: '5s' },
    'Invalid option "timeout" of connect: expected a number of milliseconds of at least 0, found "5s"',
  ],
  [{ timeout: -1 }, 'Invalid option "timeout" of connect: expected a number of milliseconds of at least 0, found -1'],
  [
    { timeout: Number.NaN },
    'Invalid option "timeout" of connect: expected a number of milliseconds of at least 0, found NaN',
  ],
  [
    { timeout: Infinity },
    'Invalid option "timeout" of connect: expected a number of milliseconds of at least 0, found Infinity',
  ],
  [
    { timeout: null },
    'Invalid option "timeout" of connect: expected a number of milliseconds of at least 0, found null',
  ],
  [{ count: 1.5 }, 'Invalid option "count" of connect: expected a whole number of at least 0, found 1.5'],
  [{ on: new Map() }, 'Invalid option "on" of connect: expected a function, found an instance of Map'],
  [{ proxy: {} }, 'Invalid option "proxy.server" of connect: expected a URL, found undefined'],
  [{ proxy: 'x' }, 'Invalid option "proxy" of connect: expected an object { server }, found "x"'],
  [{ proxy: { server: 'x', port: 1 } }, 'Unknown option "proxy.port" of connect'],
  [{ header: {} }, 'Unknown option "header" of connect. Did you mean "headers"?'],
  [{ timeOut: 1 }, 'Unknown option "timeOut" of connect. Did you mean "timeout"?'],
  [{ tiemout: 1 }, 'Unknown option "tiemout" of connect. Did you mean "timeout"?'],
  [{ colour: 1 }, 'Unknown option "colour" of connect. Known options: timeout, count, headers, on, proxy.'],
] as const) {
  test(`${inspect(options)} is refused`, () => {
    expect(refusal(options)).toEqual({ name: 'TypeError', code: 'WS_INVALID_OPTION', message });
  });
}

test('several problems are listed', () => {
  expect(refusal({ timeout: '5s', header: {}, count: -1 }).message).toBe(
    [
      'Invalid options of connect:',
      '  - Invalid option "timeout": expected a number of milliseconds of at least 0, found "5s"',
      '  - Unknown option "header". Did you mean "headers"?',
      '  - Invalid option "count": expected a whole number of at least 0, found -1',
    ].join('\n'),
  );
});

test('secrets are told by their type alone', () => {
  expect(refusal({ headers: { a: 5 } }).message).toBe(
    'Invalid option "headers.a" of connect: expected a string, found a number',
  );
  expect(refusal({ headers: 'secret' }).message).toBe(
    'Invalid option "headers" of connect: expected an object, found a string',
  );
  expect(refusal({ proxy: { server: 'x', password: 5 } }).message).toBe(
    'Invalid option "proxy.password" of connect: expected a string, found a number',
  );
});

for (const [value, type] of [
  ['text', '"text"'],
  [null, 'null'],
  [[], 'an empty array'],
  [[1], 'an array'],
] as const) {
  test(`options that are ${type} are refused`, () => {
    expect(refusal(value).message).toBe(`Invalid options of connect: expected an object, found ${type}`);
  });
}

test('values are described without their inside', () => {
  expect(
    [{ a: 1 }, Object.create(null), new Date(0), () => 1, 5n, Symbol('s'), 'x'.repeat(70)].map(describeFound),
  ).toEqual(['an object', 'an object', 'an instance of Date', 'a function', '5n', 'Symbol(s)', `"${'x'.repeat(60)}…"`]);
});

test('a definition is built when it is first needed', () => {
  let built = 0;
  const lazy = defineOptions<{ a?: string }>((z) => {
    built++;
    return { a: z.string() };
  });
  checkOptions('connect', lazy, {});
  const before = built;
  checkOptions('connect', lazy, { a: 'x' });
  checkOptions('connect', lazy, { a: 'y' });

  expect([before, built]).toEqual([0, 1]);
});

function refusal(options: unknown): { name: string; code: unknown; message: string } {
  try {
    Reflect.apply(checkOptions, undefined, ['connect', definition, options]);
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return { name: error.name, code: error.code, message: error.message };
    throw error;
  }
  throw new Error('The options were accepted');
}
