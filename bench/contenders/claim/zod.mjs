// `ws`, JSON.parse, a zod schema and an array.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { measure, url } from '../../lib/contender.mjs';

const order = z.object({
  type: z.literal('order.updated'),
  id: z.number(),
  customer: z.string(),
  total: z.number(),
  currency: z.string(),
  items: z.array(z.number()),
});
const socket = new WebSocket(url, { perMessageDeflate: false });
await once(socket, 'open');
await measure(async () => {
  const received = [];
  socket.on('message', (data) => received.push(order.parse(JSON.parse(data.toString()))));
  socket.send('go');
  await once(socket, 'ping');
  return received.length;
});
