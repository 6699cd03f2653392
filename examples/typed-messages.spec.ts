// A zod schema types every message of a client: a misspelt key does not compile, and a message that violates it fails the test.
import { expect, test } from 'playwright-ws';
import { z } from 'zod';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribed'), channel: z.string() }),
  z.object({ type: z.literal('order.updated'), id: z.number(), status: z.enum(['NEW', 'PENDING', 'PAID']) }),
]);

test('an update is typed by its kind', async ({ request, ws }) => {
  await request.post('/api/login', { data: { user: 'bob', password: 'builder' } });
  const orders = await ws.connect('/orders', { schema });
  await orders.send({ action: 'subscribe', channel: 'orders' });
  await expect(orders).toReceiveMessage({ type: 'subscribed', channel: 'orders' });

  await request.post('/api/orders/42/pay');
  const { value } = await orders.waitForMessage({ type: 'order.updated', status: 'PAID' });
  expect(value.id).toBe(42); // `value` is the second member of the union
});
