// A small load: 20 virtual users of one worker ask for an echo, with checks and thresholds as in k6. The report has a page
// with charts over time. `npx playwright test --shard=1/2` runs a part of such specs on each of two machines.
import { expect, test } from 'playwright-ws';

const thresholds = { ws_connecting: ['p(95)<2000'], ws_response_time: ['p(95)<1000'], checks: ['rate>0.99'] };

test('20 users for a second', async ({ ws }) => {
  const result = await ws.load({ vus: 20, duration: '1s', thresholds }, async (vu) => {
    const client = await vu.connect('/echo');
    const { value } = await client.request({ user: vu.id }, { user: vu.id });
    vu.check('hears itself', JSON.stringify(value) === `{"user":${vu.id}}`);
    await client.stay(200);
  });
  expect(result.iterations.failed).toBe(0);
});

test('users that come and go', async ({ ws }) => {
  const stages = [
    { duration: 300, target: 10 },
    { duration: 200, target: 10 },
    { duration: 300, target: 0 },
  ];
  const { metrics } = await ws.load({ stages }, async (vu) => {
    const client = await vu.connect('/echo');
    await client.ping();
    await client.stay(60_000); // returns when the user is to leave
  });
  await expect(metrics).toMeetThresholds({ ws_ping: ['max<1000'], vus: ['value==0'] });
});
