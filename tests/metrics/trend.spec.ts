import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { Trend } from '../../src/metrics/trend.ts';

function trendOf(samples: readonly number[]): Trend {
  const trend = new Trend();
  for (const sample of samples) trend.add(sample);
  return trend;
}

/** 1 ms, 2 ms, … */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('trend without samples has a count and no values', () => {
  const { avg, count, max, med, min } = new Trend();

  expect({ avg, count, max, med, min }).toEqual({ avg: NaN, count: 0, max: NaN, med: NaN, min: NaN });
});

test('trend has count, average, minimum, median and maximum', () => {
  const { avg, count, max, med, min } = trendOf([4, 1, 2.5]);

  expect({ avg, count, max, med, min }).toEqual({ avg: 2.5, count: 3, max: 4, med: 2.5, min: 1 });
});

test('percentile lies between two samples as in k6', () => {
  const trend = trendOf([10, 2, 9, 1, 8, 3, 7, 4, 6, 5]);

  expect([0, 25, 50, 90, 95, 99.9, 100].map((percentile) => trend.p(percentile))).toEqual([
    1, 3.25, 5.5, 9.1, 9.55, 9.991, 10,
  ]);
  expect([trendOf([4]).p(95), trendOf([1, 2]).med, trendOf(upTo(101)).p(95)]).toEqual([4, 1.5, 96]);
});

test('percentile of many samples is within 0.1 % of a sample', () => {
  const trend = trendOf(upTo(100_000));

  for (const percentile of [1, 50, 90, 99, 99.99]) {
    const exact = percentile * 1000;
    expect(Math.abs(trend.p(percentile) - exact) / exact).toBeLessThan(0.001);
  }
  expect([trend.p(0), trend.p(100)]).toEqual([1, 100_000]);
});

for (const percentile of [-1, 100.5, Number.NaN]) {
  test(`percentile ${percentile} is an error that says what is allowed`, () => {
    expect(() => trendOf([1]).p(percentile)).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'WS_INVALID_ARGUMENT',
        message: `Cannot give p(${percentile}): a percentile is a number from 0 to 100`,
      }),
    );
  });
}

test('merged trends are the trend of all samples, however they were divided and written', () => {
  const samples = fc.array(fc.double({ min: 0, max: 3_600_000, noNaN: true }), { maxLength: 1500 });
  const parts = fc.array(samples, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, (divided) => {
      const whole = trendOf(divided.flat());
      const merged = new Trend();
      for (const part of divided) merged.merge(Trend.from(JSON.parse(JSON.stringify(trendOf(part).data()))));
      expect(merged.data()).toEqual(whole.data());
      expect(merged.p(95)).toBe(whole.p(95));
    }),
    { numRuns: 20 },
  );
});
