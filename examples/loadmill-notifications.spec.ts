// Loadmill's connect, send and receive: pick my notification out of those of all users, and ask again until it is there.
import { faker } from '@faker-js/faker';
import { expect, test } from 'playwright-ws';

faker.seed(24);
const userId = faker.string.uuid();
const status = faker.helpers.arrayElement(['online', 'busy', 'away']);

// 3 statements; the original has 3 steps, each a form to fill in.
test('my notification is among the last ten messages', async ({ ws }) => {
  const feed = await ws.connect('/notifications', { params: { user_id: userId } });
  await feed.send({ user_id: userId, status });
  const mine = await feed.extract(`$[?(@.user_id == "${userId}")].message`, { last: 10, timeout: 5_000 });
  expect(mine).toEqual([`${userId} is ${status}`]);
});

test('a loop asks again until the order is paid', async ({ request, ws }) => {
  await request.post('/api/login', { data: { user: 'alice', password: 'wonderland' } });
  const orders = await ws.connect('/orders');
  await request.post('/api/orders/42/pay');
  const question = { id: 1, op: 'get', order: 42 };
  await orders.sendUntil(question, { re: 1, order: { status: 'PAID' } }, { interval: 100, maxAttempts: 5 });
});
