// A token that expires in the middle: the client comes back with a fresh one, and subscribes again.
import { expect, test } from 'playwright-ws';

test('the prices go on when the token has expired', async ({ request, ws }) => {
  const freshToken = async (): Promise<string> => {
    const response = await request.post('/api/tokens');
    const { token } = await response.json();
    return token;
  };
  const prices = await ws.connect('/prices', {
    params: { token: await freshToken() },
    reconnect: { maxAttempts: 3, options: async () => ({ params: { token: await freshToken() } }) },
  });
  const subscribe = () => prices.send({ action: 'subscribe', after: prices.messages.length });
  prices.on('reconnect', subscribe);
  await subscribe();

  await expect(prices).toReceiveMessages(
    [1, 2, 3, 4, 5].map((n) => ({ type: 'price', n })),
    { order: 'strict' },
  );
});
