// A multi-step check: log in by HTTP, subscribe by WebSocket with the same cookies, pay by HTTP, hear of it by WebSocket.
import { faker } from '@faker-js/faker';
import { expect, test } from 'playwright-ws';

faker.seed(42);

test('a paid order is announced', async ({ request, ws }) => {
  await request.post('/api/login', { data: { user: 'alice', password: 'wonderland' } });
  const orders = await ws.connect('/orders');
  await orders.send({ action: 'subscribe', channel: 'orders' });
  await expect(orders).toReceiveMessage({ type: 'subscribed' });

  const created = await request.post('/api/orders', { data: { item: faker.commerce.productName() } });
  const { id } = await created.json();
  await expect(orders).toReceiveMessage({ type: 'order.created', id });

  await request.post(`/api/orders/${id}/pay`);
  await expect(orders).toReceiveMessages([
    { type: 'order.updated', id, status: 'PENDING' },
    { type: 'order.updated', id, status: 'PAID' },
  ]);
});
