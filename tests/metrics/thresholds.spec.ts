import { expect, test } from '@playwright/test';
import { judgeThresholds } from '../../src/metrics/judge-thresholds.ts';
import { Measurements } from '../../src/metrics/measurements.ts';
import { parseThresholds } from '../../src/metrics/threshold.ts';
import { text } from '../helpers/failure-text.ts';

/** 1 to 10 ms, 20 messages in 4 s, 3 of 4 checks, 5 of at most 8 users. */
function measured(): Measurements {
  const measurements = new Measurements();
  for (let ms = 1; ms <= 10; ms++) measurements.addTime('ws_connecting', ms, ms === 10 ? '/slow' : '/fast');
  measurements.addCount('ws_msgs_received', 20, '/fast');
  for (const hasPassed of [true, true, true]) measurements.addCheck('is open', hasPassed);
  measurements.addCheck('says hello', false);
  for (const users of [8, 5]) measurements.total.setGauge('vus', users);
  measurements.duration = 4000;
  return measurements;
}

/** What each threshold found, with `ok` for those that are met. */
function judge(metric: string, ...thresholds: string[]): string[] {
  const parsed = parseThresholds({ [metric]: thresholds });
  return judgeThresholds(measured(), parsed).map(({ found, isMet }) => (isMet ? `ok ${found}` : found));
}

test('trend answers avg, min, med, max, p(N) and count', () => {
  expect(
    judge('ws_connecting', 'avg<6', 'min<1', 'med==5.5', 'max>=10', 'p(90)<9', 'p(99.9)<=10', 'count==10'),
  ).toEqual(['ok avg=5.5', 'min=1', 'ok med=5.5', 'ok max=10', 'p(90)=9.1', 'ok p(99.9)=9.991', 'ok count=10']);
});

test('counter answers count and rate per second', () => {
  expect(judge('ws_msgs_received', 'count>20', 'rate==5')).toEqual(['count=20', 'ok rate=5']);
});

test('checks answer rate, vus answers value', () => {
  expect(judge('checks', 'rate>0.9')).toEqual(['rate=0.75']);
  expect(judge('vus', 'value<=5')).toEqual(['ok value=5']);
});

test('every operator of k6 is one', () => {
  const operators = ['<', '<=', '>', '>=', '==', '===', '!='];

  expect(operators.map((operator) => judge('ws_msgs_received', `count ${operator} 20`)[0])).toEqual([
    'count=20',
    'ok count=20',
    'count=20',
    'ok count=20',
    'ok count=20',
    'ok count=20',
    'count=20',
  ]);
});

test('tag narrows a threshold to a client or a check', () => {
  expect(judge('ws_connecting{client:/fast}', 'max<10')).toEqual(['ok max=9']);
  expect(judge('ws_connecting { client : "/slow" }', 'max<10')).toEqual(['max=10']);
  expect(judge('checks{check:says hello}', 'rate>0')).toEqual(['rate=0']);
});

test('tag that nothing has is told apart, with those there are', () => {
  expect(judge('ws_connecting{client:/fats}', 'max<10')).toEqual(['no client "/fats"; there are "/fast", "/slow"']);
});

test('tag that has many values names a few of them', () => {
  const measurements = new Measurements();
  for (let user = 1; user <= 15; user++) measurements.addCount('ws_sessions', 1, `u${user}`);
  const [{ found }] = judgeThresholds(measurements, parseThresholds({ 'ws_sessions{client:x}': ['count>0'] }));

  expect(found).toBe('no client "x"; there are "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "u10" and 5 more');
});

test('client beyond those that are told apart is said to be perhaps one of them', () => {
  const measurements = new Measurements();
  for (let user = 1; user <= 201; user++) measurements.addCount('ws_sessions', 1, `u${user}`);
  measurements.addCheck('is open', true);
  const thresholds = parseThresholds({ 'ws_sessions{client:u201}': ['count>0'], 'checks{check:is open}': ['rate==1'] });

  expect(judgeThresholds(measurements, thresholds).map(({ found }) => found)).toEqual([
    'no client "u201" among the first 200, which alone are told apart',
    'rate=1',
  ]);
  expect([measurements.valuesOf('client').length, measurements.total.count('ws_sessions')]).toEqual([200, 201]);
});

test('trend without samples meets no threshold but one of its count', () => {
  expect(judge('ws_ping', 'p(95)<500', 'max>=0', 'count==0')).toEqual(['no samples', 'no samples', 'ok count=0']);
});

test('checks that never ran meet no threshold', () => {
  const [result] = judgeThresholds(new Measurements(), parseThresholds({ checks: ['rate<1'] }));

  expect(result).toEqual({ metric: 'checks', threshold: 'rate<1', isMet: false, found: 'no samples' });
});

test('what was found tells on which side of the limit it is', () => {
  const measurements = new Measurements();
  for (let index = 0; index < 10_000; index++) measurements.addCheck('is open', index >= 101);
  const found = judgeThresholds(measurements, parseThresholds({ checks: ['rate>0.99', 'rate<0.99', 'rate>0.5'] }));

  expect(found.map((result) => result.found)).toEqual(['rate=0.9899', 'rate=0.9899', 'rate=0.99']);
});

test('users of what is no load run meet no threshold', () => {
  const [result] = judgeThresholds(new Measurements(), parseThresholds({ vus: ['value<10'] }));

  expect(result).toEqual({ metric: 'vus', threshold: 'value<10', isMet: false, found: 'no samples' });
});

test("threshold may have k6's long form", () => {
  const [parsed] = parseThresholds({ ws_ping: [{ threshold: 'avg<5', abortOnFail: true, delayAbortEval: '10s' }] });

  expect(parsed).toMatchObject({ text: 'avg<5', abortOnFail: true, delayAbortEval: '10s' });
});

const operatorsLine = '  Operators: <, <=, >, >=, ==, ===, !=.';

for (const threshold of [
  'p95<500',
  'p(101)<500',
  'p(95)',
  'avg<5ms',
  'rate<5',
  'p<5',
  'avg(5)<5',
  'avg < ',
  '',
  'avg=5',
]) {
  test(`threshold "${threshold}" of a trend is an error that shows the grammar`, () => {
    expect(() => parseThresholds({ ws_ping: [threshold] })).toThrow(
      text(
        `Invalid threshold "${threshold}" of "ws_ping": expected an aggregation, an operator and a number, such as 'p(95)<500'`,
        '  Aggregations of ws_ping: avg, min, med, max, p(N) with N from 0 to 100, count.',
        operatorsLine,
      ),
    );
  });
}

test('threshold of a counter shows what a counter answers', () => {
  expect(() => parseThresholds({ 'data_sent{client:/a}': ['avg<5'] })).toThrow(
    text(
      `Invalid threshold "avg<5" of "data_sent{client:/a}": expected an aggregation, an operator and a number, such as 'count>=1'`,
      '  Aggregations of data_sent: count, rate.',
      operatorsLine,
    ),
  );
});

for (const [what, thresholds, message] of [
  [
    'unknown metric',
    { ws_conecting: ['avg<5'] },
    text(
      'Invalid threshold: there is no metric "ws_conecting"',
      '  Metrics: ws_connecting, ws_session_duration, ws_ping, ws_response_time, ws_sessions, ws_msgs_sent, ws_msgs_received, data_sent, data_received, iterations, iteration_duration, checks, vus, vus_max.',
    ),
  ],
  [
    'unknown tag',
    { 'ws_ping{url:/orders}': ['avg<5'] },
    text('Invalid threshold: "ws_ping" has no tag "url"', '  Write ws_ping{client:name}.'),
  ],
  [
    'tag of a metric without tags',
    { 'vus{client:/orders}': ['value<5'] },
    text('Invalid threshold: "vus" has no tag "client"', '  Write vus alone.'),
  ],
  [
    'tag without a value',
    { 'ws_ping{client}': ['avg<5'] },
    text('Invalid threshold: "ws_ping{client}" has a tag that cannot be read', '  Write ws_ping{client:name}.'),
  ],
  [
    'tag with an empty value',
    { 'checks{check:}': ['rate>0'] },
    text('Invalid threshold: "checks{check:}" has a tag that cannot be read', '  Write checks{check:name}.'),
  ],
  [
    'tag that does not end',
    { 'vus{client:a': ['value>0'] },
    text('Invalid threshold: "vus{client:a" has a tag that cannot be read', '  Write vus alone.'),
  ],
  [
    'share in percent',
    { checks: ['rate>99'] },
    text('Invalid threshold "rate>99" of "checks": a rate is a number from 0 to 1', "  Write 'rate>0.99' for 99 %."),
  ],
  [
    'number in the place of an expression',
    { ws_ping: [500] },
    text(
      "Invalid threshold of \"ws_ping\": expected text such as 'p(95)<500', or { threshold: 'p(95)<500', abortOnFail, delayAbortEval }, found 500",
    ),
  ],
  [
    'long form with a member that it does not have',
    { ws_ping: [{ threshold: 'avg<5', abortOnFial: true }] },
    text(
      "Invalid threshold of \"ws_ping\": expected text such as 'p(95)<500', or { threshold: 'p(95)<500', abortOnFail, delayAbortEval }, found an object with abortOnFial",
    ),
  ],
  [
    'expression outside of a list',
    { ws_ping: 'avg<5' },
    text(
      'Invalid thresholds of "ws_ping": expected a list of expressions, found "avg<5"',
      "  Write { 'ws_ping': ['p(95)<500'] }.",
    ),
  ],
  [
    'empty list',
    { ws_ping: [] },
    text(
      'Invalid thresholds of "ws_ping": expected a list of expressions, found an empty array',
      "  Write { 'ws_ping': ['p(95)<500'] }.",
    ),
  ],
  [
    'abortOnFail that is no boolean',
    { ws_ping: [{ threshold: 'avg<5', abortOnFail: 'false' }] },
    'Invalid abortOnFail of threshold "avg<5" of "ws_ping": expected true or false, found "false"',
  ],
  [
    'object of no thresholds',
    {},
    text(
      'Invalid thresholds: there is none, so that everything would meet them',
      "  Write { ws_connecting: ['p(95)<500'] }.",
    ),
  ],
  [
    'missing object',
    undefined,
    text('Invalid thresholds: expected an object, found undefined', "  Write { ws_connecting: ['p(95)<500'] }."),
  ],
] as const) {
  test(`${what} is an error that shows the right form`, () => {
    expect(() => parseThresholds(thresholds)).toThrow(message);
  });
}
