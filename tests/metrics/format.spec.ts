import { expect, test } from '@playwright/test';
import { formatShare, formatTime } from '../../src/metrics/format.ts';

test('time has three digits in the unit that fits it', () => {
  expect([0, 0.0128, 0.9994, 0.9996, 12.34, 999.4, 999.6, 59_940, 59_960, 125_000, 3_725_000].map(formatTime)).toEqual([
    '0µs',
    '13µs',
    '999µs',
    '1ms',
    '12.3ms',
    '999ms',
    '1s',
    '59.9s',
    '1m00s',
    '2m05s',
    '1h02m05s',
  ]);
});

test('share is cut to two decimals, and is exact where it has two', () => {
  expect([0.57, 0.1, 1 - 0.9, 2 / 3, 0.999999, 1, Number.NaN].map(formatShare)).toEqual([
    '57.00%',
    '10.00%',
    '10.00%',
    '66.66%',
    '99.99%',
    '100.00%',
    '-',
  ]);
});
