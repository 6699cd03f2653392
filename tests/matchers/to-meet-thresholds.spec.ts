import { failure, failureText, text } from '../helpers/failure-text.ts';
import { callMatcher, expect, test } from './open-client.ts';

test('toMeetThresholds passes when every threshold is met', async ({ open }) => {
  const { client } = await open();
  await client.send('hello');

  await expect(client).toMeetThresholds({ ws_sessions: ['count==1'], ws_msgs_sent: ['count>=1', 'count<2'] });
});

test('toMeetThresholds shows each threshold and what was found', async ({ open }) => {
  const { client } = await open();
  await client.send('hello');
  const assertion = expect(client).toMeetThresholds({ ws_msgs_sent: ['count>=2', 'count<2'], ws_ping: ['p(95)<5'] });

  expect(await failureText(assertion)).toBe(
    text(
      'expect(client).toMeetThresholds(thresholds) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders)',
      'Expected: each of 3 thresholds',
      'Received: 2 not met',
      '',
      '  ✗ ws_msgs_sent  count>=2  count=1',
      '  ✓ ws_msgs_sent  count<2   count=1',
      '  ✗ ws_ping       p(95)<5   no samples',
    ),
  );
});

test('toMeetThresholds takes metrics that were read', async ({ open }) => {
  const { client } = await open();
  const { metrics } = client;
  await client.send('later');

  await expect(metrics).toMeetThresholds({ ws_msgs_sent: ['count==0'] });
  expect(await failureText(expect(metrics).toMeetThresholds({ ws_msgs_sent: ['count==1'] }))).toBe(
    text(
      'expect(metrics).toMeetThresholds(thresholds) failed',
      '',
      'Expected: the threshold',
      'Received: 1 not met',
      '',
      '  ✗ ws_msgs_sent  count==1  count=0',
    ),
  );
});

test('toMeetThresholds of a list judges each client and shows those that fail', async ({ open }) => {
  const { client: quiet } = await open({ name: 'quiet' });
  const { client: busy } = await open({ name: 'busy' });
  await busy.send('hello');
  const assertion = expect([quiet, busy]).toMeetThresholds({ ws_msgs_sent: ['count==0'] });

  expect(await failureText(assertion)).toBe(
    text(
      'expect(clients).toMeetThresholds(thresholds) failed',
      '',
      'Client:   busy (ws://127.0.0.1:PORT/orders)',
      'Expected: the threshold',
      'Received: 1 not met',
      '',
      '  ✗ ws_msgs_sent  count==0  count=1',
    ),
  );
});

test('not.toMeetThresholds passes when a threshold is not met', async ({ open }) => {
  const { client } = await open();

  await expect(client).not.toMeetThresholds({ ws_sessions: ['count==1'], ws_msgs_sent: ['count>0'] });
  expect(await failureText(expect(client).not.toMeetThresholds({ ws_sessions: ['count==1'] }))).toBe(
    text(
      'expect(client).not.toMeetThresholds(thresholds) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders)',
      'Expected: not the threshold',
      'Received: all met',
      '',
      '  ✓ ws_sessions  count==1  count=1',
    ),
  );
});

test('not.toMeetThresholds fails when nothing was measured', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client).not.toMeetThresholds({ ws_ping: ['avg<5'] }))).toBe(
    text(
      'expect(client).not.toMeetThresholds(thresholds) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders)',
      'Expected: not the threshold',
      'Received: none that was measured and is not met',
      '',
      '  ✗ ws_ping  avg<5  no samples',
    ),
  );
});

test("toMeetThresholds with a wrong expression is a TypeError at the user's line", async ({ open }) => {
  const { client } = await open();
  const error = await failure(expect(client).toMeetThresholds({ ws_ping: ['p95<5'] }));

  expect(error).toMatchObject({ name: 'TypeError', code: 'WS_INVALID_THRESHOLD' });
  expect(error.stack).toContain('to-meet-thresholds.spec.ts');
});

for (const [what, value, found] of [
  ['a string', 'orders', '"orders"'],
  ['undefined', undefined, 'undefined'],
  ['something else in a list', [{}], 'an object at [0]'],
] as const) {
  test(`toMeetThresholds of ${what} says what has measurements`, async () => {
    const assertions: unknown = expect(value);

    expect(await failureText(callMatcher(assertions, 'toMeetThresholds', [{ ws_ping: ['avg<5'] }]))).toBe(
      text(
        `Cannot assert toMeetThresholds: expected what has measurements, found ${found}`,
        '  Pass `ws`, a client, metrics of them, or what ws.load() resolved with.',
      ),
    );
  });
}

test('toMeetThresholds of an empty list is refused', async () => {
  const assertions: unknown = expect([]);

  expect(await failureText(callMatcher(assertions, 'toMeetThresholds', [{ ws_ping: ['avg<5'] }]))).toBe(
    'Cannot assert toMeetThresholds on an empty list of clients: it would pass without looking at anything',
  );
});
