// Rows 20, 21 and 25 of what a script for k6 can do.
import { text } from '../helpers/failure-text.ts';
import { expect, rejection, test } from './test.ts';

test('20 metrics: k6 names, per client and for all of them, control frames not counted', async ({ ws }) => {
  const [ann, ben] = [await ws.connect('/silent', { name: 'ann' }), await ws.connect('/echo', { name: 'ben' })];
  await ben.request('hello', 'hello');
  await ann.ping();
  await ann.ping();
  await ann.close();

  const counts = Object.entries(ann.metrics).map(([name, { count }]) => [name, count]);
  expect(Object.fromEntries(counts)).toEqual({
    ws_connecting: 1,
    ws_session_duration: 1,
    ws_ping: 2,
    ws_response_time: 0,
    ws_sessions: 1,
    ws_msgs_sent: 0,
    ws_msgs_received: 0,
    data_sent: 0,
    data_received: 0,
  });
  const { data_sent, ws_msgs_received, ws_response_time, ws_sessions } = ws.metrics;
  expect([ws_sessions, ws_response_time, ws_msgs_received, data_sent].map(({ count }) => count)).toEqual([2, 1, 2, 5]);
});

test('21 thresholds: avg, min, max, med, p(N), count and rate on any metric and tag', async ({ ws }) => {
  const client = await ws.connect('/echo', { name: 'ann' });
  await client.request('hello', 'hello');

  await expect(ws).toMeetThresholds({
    ws_connecting: ['avg<5000', 'min>0', 'max<5000', 'med<5000', 'p(95)<5000', 'p(99.9)<5000'],
    'ws_response_time{client:ann}': ['max<5000', 'count==1'],
    ws_msgs_sent: ['count==1', 'rate>0'],
  });
});

test('21 thresholds: one that is not met fails with what was found', async ({ ws }) => {
  await ws.connect('/silent');

  expect(
    await rejection(expect(ws).toMeetThresholds({ ws_sessions: ['count==1', 'count>1'], ws_ping: ['avg<5'] })),
  ).toBe(
    text(
      'expect(metrics).toMeetThresholds(thresholds) failed',
      '',
      'Expected: each of 3 thresholds',
      'Received: 2 not met',
      '',
      '  ✓ ws_sessions  count==1  count=1',
      '  ✗ ws_sessions  count>1   count=1',
      '  ✗ ws_ping      avg<5     no samples',
    ),
  );
});

test('21 thresholds: a wrong expression is an error', async ({ ws }) => {
  expect(await rejection(expect(ws).toMeetThresholds({ ws_sessions: ['p(95)<5'] }))).toBe(
    text(
      `Invalid threshold "p(95)<5" of "ws_sessions": expected an aggregation, an operator and a number, such as 'count>=1'`,
      '  Aggregations of ws_sessions: count, rate.',
      '  Operators: <, <=, >, >=, ==, ===, !=.',
    ),
  );
});

test('25 small load: users with one merged summary, and no tail for sockets that stay open', async ({ ws }) => {
  const { iterations, metrics, summary } = await ws.load({ vus: 5, duration: 100 }, async (vu) => {
    const client = await vu.connect('/echo');
    vu.check('echoes', (await client.request('hello', 'hello')).text === 'hello');
    await client.stay(60_000);
  });

  expect(iterations).toEqual({ passed: 5, failed: 0, interrupted: 0 });
  expect([metrics.ws_sessions.count, metrics.ws_response_time.count, metrics.checks.passes]).toEqual([5, 5, 5]);
  expect(summary).toMatch(/checks_succeeded\.+: 100\.00% 5 out of 5\n/);
  expect(summary).toMatch(/ws_response_time\.+: avg=\S+ +min=\S+ +med=\S+ +max=\S+ +p\(90\)=\S+ +p\(95\)=\S+\n/);
});

test.describe('25 lifetimes', () => {
  test.describe.configure({ mode: 'serial' });

  test('25 lifetimes: a connection of the worker', async ({ workerWs }) => {
    await workerWs.connect('/echo', { name: 'shared' });
    expect(workerWs.metrics.ws_sessions.count).toBe(1);
  });

  test('25 lifetimes: the next test has it too', async ({ workerWs }) => {
    await workerWs.clients[0].request('hello', 'hello');
    expect(workerWs.metrics.ws_sessions.count).toBe(1);
  });
});
