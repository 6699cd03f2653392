import { expect, test } from '@playwright/test';
import { RunSummary } from '../../src/transcript/run-summary.ts';
import type { ReplyTime, Summary } from '../../src/transcript/summary.ts';

const paid = { id: '1', title: '[chromium] › an order is paid', retry: 0 };
const shipped = { id: '2', title: 'an order is shipped', retry: 0 };

function summaryOf(counts: Partial<Summary> = {}): Summary {
  return {
    connections: 1,
    failedHandshakes: 0,
    abnormalCloses: 0,
    messages: { sent: 0, received: 0 },
    bytes: { sent: 0, received: 0 },
    slowestReplies: [],
    ...counts,
  };
}

function replies(...ms: readonly number[]): ReplyTime[] {
  return ms.map((one) => ({ method: 'request', client: '/orders', ms: one, location: 'orders.spec.ts:12' }));
}

test('run summary of no test is no line', () => {
  expect(new RunSummary().lines()).toEqual([]);
});

test('run summary adds up and names the slowest replies of all tests', () => {
  const run = new RunSummary();
  run.add(paid, {
    connections: 1,
    failedHandshakes: 2,
    abnormalCloses: 3,
    messages: { sent: 4, received: 5 },
    bytes: { sent: 1000, received: 7 },
    slowestReplies: replies(5043.4, 8),
  });
  run.add(shipped, {
    connections: 10,
    failedHandshakes: 20,
    abnormalCloses: 30,
    messages: { sent: 40, received: 50 },
    bytes: { sent: 1_234_000, received: 70 },
    slowestReplies: [{ method: 'request', client: 'a feed', ms: 811.6, location: 'feed.spec.ts:7' }],
  });

  expect(run.lines()).toEqual([
    'WebSockets of 2 tests',
    '  Connections        11',
    '  Failed handshakes  22',
    '  Abnormal closes    33',
    '  Messages           44 sent, 55 received',
    '  Bytes              1 235 000 sent, 77 received',
    '  Slowest replies    5 043 ms  /orders  orders.spec.ts:12  [chromium] › an order is paid',
    '                       812 ms  a feed   feed.spec.ts:7     an order is shipped',
    '                       8.0 ms  /orders  orders.spec.ts:12  [chromium] › an order is paid',
  ]);
});

test('run summary keeps the five slowest replies, whatever their order', () => {
  const run = new RunSummary();
  run.add(paid, summaryOf({ slowestReplies: replies(60, 50, 40) }));
  run.add(shipped, summaryOf({ slowestReplies: replies(70, 45, 30) }));

  const shown = run.lines().slice(6);
  expect(shown.map((line) => /\d+ ms/.exec(line)?.[0])).toEqual(['70 ms', '60 ms', '50 ms', '45 ms', '40 ms']);
});

test('run summary has no row of replies without one', () => {
  const run = new RunSummary();
  run.add(paid, summaryOf());

  expect(run.lines()).toEqual([
    'WebSockets of 1 test',
    '  Connections        1',
    '  Failed handshakes  0',
    '  Abnormal closes    0',
    '  Messages           0 sent, 0 received',
    '  Bytes              0 sent, 0 received',
  ]);
});

test('run summary counts a test of several summaries once, and each of its retries', () => {
  const run = new RunSummary();
  for (const retry of [0, 0, 1, 1, 2]) run.add({ ...paid, retry }, summaryOf());

  expect(run.lines().slice(0, 2)).toEqual(['WebSockets of 1 test, 2 retries included', '  Connections        5']);
});

test('run summary tells the retry that had a reply', () => {
  const run = new RunSummary();
  run.add({ ...shipped, retry: 1 }, summaryOf({ slowestReplies: replies(1) }));

  expect(run.lines()[0]).toBe('WebSockets of 1 test, 1 retry included');
  expect(run.lines().at(-1)).toBe(
    '  Slowest replies    1.0 ms  /orders  orders.spec.ts:12  an order is shipped (retry #1)',
  );
});

test('run summary keeps a row on its line, whatever a name holds', () => {
  const run = new RunSummary();
  const [reply] = replies(1);
  run.add(shipped, summaryOf({ slowestReplies: [{ ...reply, client: 'a\n\tb\u001B[31m' }] }));

  expect(run.lines().at(-1)).toBe('  Slowest replies    1.0 ms  a b[31m  orders.spec.ts:12  an order is shipped');
});

test('run summary merges trends exactly, and shows what k6 shows', () => {
  const run = new RunSummary();
  run.add(paid, {
    ...summaryOf(),
    trends: {
      ws_connecting: {
        count: 2,
        sum: 3000,
        min: 1000,
        max: 2000,
        buckets: [
          [1000, 1],
          [2000, 1],
        ],
      },
    },
  });
  run.add(shipped, {
    ...summaryOf(),
    trends: {
      ws_connecting: { count: 1, sum: 9000, min: 9000, max: 9000, buckets: [[9000, 1]] },
      ws_ping: { count: 1, sum: 250, min: 250, max: 250, buckets: [[250, 1]] },
    },
  });

  expect(run.lines().slice(-2)).toEqual([
    '  ws_connecting  avg=4ms    min=1ms    med=2ms    max=9ms    p(90)=7.6ms  p(95)=8.3ms',
    '  ws_ping        avg=250µs  min=250µs  med=250µs  max=250µs  p(90)=250µs  p(95)=250µs',
  ]);
});

test('run summary adds up load runs', () => {
  const run = new RunSummary();
  const checks = { 'is open': { passes: 199, fails: 1 }, greets: { passes: 5, fails: 0 } };
  run.add(paid, { ...summaryOf(), load: { iterations: 1200, failedIterations: 0, checks: {} } });
  run.add(shipped, { ...summaryOf(), load: { iterations: 40, failedIterations: 2, checks } });

  expect(run.lines().slice(-3)).toEqual([
    '  ✗ is open   99.50%, 199 of 200',
    '  ✓ greets    100.00%, 5 of 5',
    '  iterations  1 240, 2 failed',
  ]);
});
