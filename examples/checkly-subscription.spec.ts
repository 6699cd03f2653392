// Checkly's WebSocket check as a test that can fail: subscribe, and see the same object come back.
// 7 lines of code; the original has 48.
import { expect, test } from 'playwright-ws';

const subscription = { action: 'subscribe', channel: 'updates' };

test('the subscription is echoed', async ({ ws }) => {
  const updates = await ws.connect('/echo');
  await updates.send(subscription);
  await expect(updates).toReceiveMessage(subscription); // passes over the greeting, which is no JSON
});
