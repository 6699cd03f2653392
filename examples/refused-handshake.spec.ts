// Handshakes that are refused on purpose: status, headers and body of the answer are data.
import { expect, HandshakeError, test } from 'playwright-ws';

test('orders are refused without a login', async ({ ws }) => {
  const refusal = await ws.handshake('/orders', { cookies: false });
  expect(refusal.status).toBe(401);
  expect(refusal.json()).toEqual({ error: 'Log in first' });
});

test('a busy server says when to come back', async ({ ws }) => {
  const { headers, status } = await ws.handshake('/slow');
  expect([status, headers['retry-after']]).toEqual([503, '1']);
});

test('connect throws what the server answered', async ({ ws }) => {
  const connecting = ws.connect('/notifications');
  await expect(connecting).rejects.toThrow(HandshakeError);
  await expect(connecting).rejects.toMatchObject({ code: 'WS_HANDSHAKE_REFUSED', status: 400 });
});
