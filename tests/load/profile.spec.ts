import { expect, test } from '@playwright/test';
import { parseDuration } from '../../src/load/duration.ts';
import { missedAborts, planLoad, usersAt } from '../../src/load/profile.ts';
import { prepareLoad } from '../../src/load/start-load.ts';
import { Measurements } from '../../src/metrics/measurements.ts';
import { Redactor } from '../../src/support/redactor.ts';
import { text } from '../helpers/failure-text.ts';
import { prepare } from './run-load.ts';

test("duration is milliseconds or k6's text", () => {
  expect(['10s', '1m30s', '500ms', '1.5s', '2h', 250, 0].map((value) => parseDuration(value))).toEqual([
    10_000, 90_000, 500, 1500, 7_200_000, 250, 0,
  ]);
});

test('duration is nothing else', () => {
  expect(
    ['10', '10 s', 's', '', '-1s', '1d', -1, Number.NaN, Infinity, null].map((value) => parseDuration(value)),
  ).toEqual(Array.from({ length: 10 }, () => undefined));
});

test('stages lead evenly from one number of users to the next', () => {
  const plan = planLoad({
    vus: 2,
    stages: [
      { duration: 1000, target: 10 },
      { duration: '1s', target: 10 },
      { duration: 500, target: 0 },
    ],
  });

  expect([0, 500, 1000, 1999, 2250, 2499, 2500, 9000].map((ms) => usersAt(plan, ms))).toEqual([
    2, 6, 10, 10, 5, 0, 0, 0,
  ]);
  expect(plan).toMatchObject({ length: 2500, maxUsers: 10 });
});

test('stage of no length jumps to its target', () => {
  const plan = planLoad({
    stages: [
      { duration: 0, target: 5 },
      { duration: 100, target: 5 },
    ],
  });

  expect(usersAt(plan, 0)).toBe(5);
});

test('threshold of what was not measured yet aborts nothing, whatever its name', () => {
  const plan = planLoad({
    iterations: 1,
    thresholds: { 'ws_connecting{client:/chat?room=1}': [{ threshold: 'max<1000', abortOnFail: true }] },
  });

  expect(missedAborts(plan, new Measurements(), 1000)).toEqual([]);
});

for (const [what, profile, message] of [
  [
    'no length',
    { vus: 10 },
    text(
      'Invalid options of load: expected one of iterations, duration and stages, found none',
      "  Write { vus: 10, iterations: 100 }, { vus: 10, duration: '30s' } or { stages: [{ duration: '30s', target: 10 }] }.",
    ),
  ],
  [
    'two lengths',
    { iterations: 10, duration: '1s' },
    text(
      'Invalid options of load: expected one of iterations, duration and stages, found iterations and duration',
      "  Write { vus: 10, iterations: 100 }, { vus: 10, duration: '30s' } or { stages: [{ duration: '30s', target: 10 }] }.",
    ),
  ],
  [
    'wrong duration',
    { duration: '10' },
    `Invalid option "duration" of load: expected milliseconds, or text such as '10s', '1m30s' or '500ms', found "10"`,
  ],
  [
    'no iterations',
    { iterations: 0 },
    'Invalid option "iterations" of load: expected a whole number of at least 1, found 0',
  ],
  [
    'wrong stage',
    { stages: [{ duration: '1s', target: -1 }] },
    'Invalid option "stages.0.target" of load: expected a whole number of at least 0, found -1',
  ],
  [
    'no user',
    { vus: 0, iterations: 1 },
    text('Invalid options of load: no user would run', '  Set vus, or the target of a stage, to 1 or more.'),
  ],
  [
    'wrong maxFailures',
    { iterations: 1, maxFailures: 0.5 },
    'Invalid option "maxFailures" of load: expected a whole number of at least 0, or Infinity, found 0.5',
  ],
  [
    'wrong threshold',
    { iterations: 1, thresholds: { vus: ['avg<5'] } },
    text(
      `Invalid threshold "avg<5" of "vus": expected an aggregation, an operator and a number, such as 'value<=10'`,
      '  Aggregations of vus: value.',
      '  Operators: <, <=, >, >=, ==, ===, !=.',
    ),
  ],
  [
    'wrong delayAbortEval',
    { iterations: 1, thresholds: { vus: [{ threshold: 'value<5', abortOnFail: true, delayAbortEval: 'soon' }] } },
    `Invalid delayAbortEval of threshold "value<5" of "vus": expected milliseconds, or text such as '10s', '1m30s' or '500ms', found "soon"`,
  ],
] as const) {
  test(`profile with ${what} is an error that says what is allowed`, () => {
    expect(() => planLoad(profile)).toThrow(new TypeError(message));
  });
}

test('load without a scenario shows how it is written', () => {
  // @ts-expect-error The scenario is missing.
  expect(() => prepare('http://127.0.0.1', { iterations: 1 })).toThrow(
    text(
      'Cannot run a load: expected a function of a virtual user second, found undefined',
      '  Write ws.load({ vus: 10, iterations: 100 }, async (vu) => { … }).',
    ),
  );
});

/** What a test with so much time says to a profile. */
function inTest(profile: Parameters<typeof planLoad>[0], left: number): void {
  const identity = (): never => {
    throw new Error('Not used');
  };
  const host = { identity, createRedactor: () => new Redactor(), tick: () => {} };
  prepareLoad({ profile, scenario: () => {} }, host, { used: 30_000 - left, left });
}

test('profile that is longer than the time of its test is refused with the time that it needs', () => {
  expect(() => inTest({ duration: '1m' }, 29_500)).toThrow(
    text(
      'Cannot run the load: its profile takes 1m00s and gracefulStop 5s, and the test has 29.5s left',
      '  Give it more: test.setTimeout(67000)',
    ),
  );
  expect(() => inTest({ stages: [{ duration: '20s', target: 5 }], gracefulStop: '10s' }, 29_500)).toThrow(
    text(
      'Cannot run the load: its profile takes 20s and gracefulStop 10s, and the test has 29.5s left',
      '  Give it more: test.setTimeout(32000)',
    ),
  );
  expect(() => inTest({ iterations: 5, gracefulStop: '1m' }, 29_500)).toThrow(
    text(
      'Cannot run the load: gracefulStop 1m00s, and the test has 29.5s left',
      '  Give it more: test.setTimeout(62000)',
    ),
  );
});

test('profile that fits, and iterations with the default gracefulStop, are not refused', () => {
  inTest({ duration: '24s' }, 29_500);
  inTest({ iterations: 5 }, 2000);
});
