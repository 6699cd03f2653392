import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import type { APIRequestContext } from '@playwright/test';
import { type ClientOptions, WebSocket } from 'ws';

import { type ExampleServer, startExampleServer } from './example-server.ts';
import { Queue } from './queue.ts';
import { toBuffer } from './server-connection.ts';
import { test as base, expect } from './test.ts';

type Connect = (path: string, options?: ClientOptions, protocols?: string[]) => Client;

interface Client {
  readonly socket: WebSocket;
  /** Text as text, JSON objects as objects, binary as Buffer. */
  next(): Promise<unknown>;
  say(value: unknown): void;
  /** `'4001 kicked'` */
  readonly closed: Promise<string>;
}

let app: ExampleServer;

const test = base.extend<{ connect: Connect; token: string }>({
  // Not baseURL: that is asked for before the hooks that start the server.
  request: async ({ playwright }, use) => {
    const request = await playwright.request.newContext({ baseURL: app.url });
    await use(request);
    await request.dispose();
  },
  connect: async ({}, use) => {
    const sockets: WebSocket[] = [];
    await use((path, options, protocols = []) => {
      const socket = new WebSocket(app.url.replace('http', 'ws') + path, protocols, options);
      sockets.push(socket);
      return createClient(socket);
    });
    for (const socket of sockets) socket.terminate();
  },
  token: async ({ request }, use) => use(await logIn(request)),
});

test.beforeAll(async () => {
  app = await startExampleServer();
});

test.afterAll(() => app.stop());

test.describe('HTTP', () => {
  test('health is ok', async ({ request }) => {
    expect(await (await request.get('/health')).json()).toEqual({ status: 'ok' });
  });

  test('login sets an HttpOnly session cookie', async ({ request }) => {
    const response = await request.post('/api/login', { data: { user: 'bob', password: 'builder' } });
    const { user, token } = await response.json();
    expect([user, response.headers()['set-cookie']]).toEqual([
      'bob',
      `session=${token}; Path=/; HttpOnly; SameSite=Lax`,
    ]);
  });

  for (const data of [{ user: 'alice', password: 'no' }, { user: 'nobody' }, {}, 'text']) {
    test(`login refuses ${JSON.stringify(data)}`, async ({ request }) => {
      const response = await request.post('/api/login', { data });
      expect([response.status(), await response.json()]).toEqual([401, { error: 'Wrong user or password' }]);
    });
  }

  test('orders need a session', async ({ request }) => {
    const response = await request.get('/api/orders');
    expect([response.status(), await response.json()]).toEqual([401, { error: 'Log in first' }]);
  });

  test('orders are listed, read and created', async ({ request, token: _token }) => {
    expect(await (await request.get('/api/orders')).json()).toHaveLength(3);
    const created = await request.post('/api/orders', { data: { item: 'Fish', quantity: 2 } });
    const order = { id: 44, item: 'Fish', quantity: 2, status: 'NEW' };
    expect([created.status(), await created.json()]).toEqual([201, order]);
    expect(await (await request.get('/api/orders/44')).json()).toEqual(order);
  });

  test('orders of one session are not those of another', async ({ request, playwright, token: _token }) => {
    await request.post('/api/orders', { data: { item: 'Fish' } });
    const other = await playwright.request.newContext({ baseURL: app.url });
    await logIn(other);
    expect((await other.get('/api/orders/44')).status()).toBe(404);
    await other.dispose();
  });

  test('an order without an item is refused', async ({ request, token: _token }) => {
    const response = await request.post('/api/orders', { data: { quantity: 1 } });
    expect([response.status(), await response.json()]).toEqual([
      400,
      { error: 'Send {"item": "a name", "quantity": 1}' },
    ]);
  });

  test('unknown paths are answered with 404', async ({ request }) => {
    const response = await request.get('/nothing');
    expect([response.status(), await response.json()]).toEqual([404, { error: 'Nothing at /nothing' }]);
  });
});

test.describe('/orders', () => {
  test('refuses without a session', async ({ connect }) => {
    expect(await refusalOf(connect('/orders'))).toEqual([401, undefined, '{"error":"Log in first"}']);
  });

  test('takes the session cookie', async ({ connect, token }) => {
    const client = connect('/orders', { headers: { cookie: `a=b; session=${token}` } });
    await once(client.socket, 'open');
  });

  test('announces a payment to who subscribed', async ({ connect, token, request }) => {
    const client = connect('/orders', bearer(token));
    await once(client.socket, 'open');
    client.say({ action: 'subscribe', channel: 'orders' });
    expect(await client.next()).toEqual({ type: 'subscribed', channel: 'orders' });
    expect((await request.post('/api/orders/42/pay')).status()).toBe(202);
    expect(await client.next()).toEqual({ type: 'order.updated', id: 42, status: 'PENDING' });
    expect(await client.next()).toEqual({ type: 'order.updated', id: 42, status: 'PAID' });
  });

  test('answers questions with their id', async ({ connect, token }) => {
    const client = connect('/orders', bearer(token));
    await once(client.socket, 'open');
    client.say({ id: 'a', op: 'get', order: 42 });
    client.say({ id: 2, op: 'get', order: 7 });
    client.say({ id: 3, op: 'burn' });
    expect([await client.next(), await client.next(), await client.next()]).toEqual([
      { re: 'a', order: { id: 42, item: 'Towel', quantity: 1, status: 'NEW' } },
      { re: 2, error: 'No order 7' },
      { re: 3, error: 'No operation "burn"' },
    ]);
  });

  test('beats on demand, and closes when a beat is not answered', async ({ connect, token }) => {
    const client = connect('/orders', bearer(token));
    await once(client.socket, 'open');
    client.say({ action: 'heartbeat', every: 200 });
    expect(await client.next()).toEqual({ type: 'heartbeat', n: 1 });
    client.say({ action: 'alive', n: 1 });
    expect(await client.next()).toEqual({ type: 'heartbeat', n: 2 });
    expect(await client.closed).toBe('4008 heartbeat missed');
  });

  for (const message of ['text', { action: 'toString' }, {}]) {
    test(`complains about ${JSON.stringify(message)}`, async ({ connect, token }) => {
      const client = connect('/orders', bearer(token));
      await once(client.socket, 'open');
      client.say(message);
      expect(await client.next()).toEqual({ type: 'error', message: 'Send {"action": …} or {"id": …, "op": …}' });
    });
  }
});

test.describe('/chat', () => {
  test('tells all in the room who joins, speaks and leaves', async ({ connect }) => {
    const [one, two] = [connect('/chat/tellsAll'), connect('/chat/tellsAll/')];
    await Promise.all([once(one.socket, 'open'), once(two.socket, 'open')]);
    one.say({ event: 'SET_NAME', new_name: 'Croc 1' });
    expect(await two.next()).toEqual({ event: 'JOINED', user: 'Croc 1', message: 'Croc 1 joined' });
    one.say({ event: 'SAY', message: 'hi' });
    expect(await two.next()).toEqual({ event: 'CHAT_MSG', user: 'Croc 1', message: 'hi' });
    one.say({ event: 'LEAVE' });
    expect(await two.next()).toEqual({ event: 'LEFT', user: 'Croc 1', message: 'Croc 1 left' });
    expect([await one.next(), await one.next(), await one.next()]).toEqual([
      expect.objectContaining({ event: 'JOINED' }),
      expect.objectContaining({ event: 'CHAT_MSG' }),
      expect.objectContaining({ event: 'LEFT' }),
    ]);
  });

  test('tells of a member that closes', async ({ connect }) => {
    const [one, two] = [connect('/chat/closes'), connect('/chat/closes')];
    await Promise.all([once(one.socket, 'open'), once(two.socket, 'open')]);
    one.say({ event: 'SET_NAME', new_name: 'Croc 1' });
    await two.next();
    one.socket.close();
    expect(await two.next()).toEqual({ event: 'LEFT', user: 'Croc 1', message: 'Croc 1 left' });
  });

  test('answers what it cannot do with ERROR', async ({ connect }) => {
    const client = connect('/chat/errors');
    await once(client.socket, 'open');
    client.say({ event: 'SAY', message: 'too early' });
    expect(await client.next()).toEqual({ event: 'ERROR', message: 'Set a name first' });
  });
});

test.describe('the four servers', () => {
  test('/echo greets, then echoes text and binary', async ({ connect }) => {
    const client = connect('/echo');
    expect(await client.next()).toBe('Request served by the example server');
    client.say({ action: 'subscribe' });
    client.socket.send(Buffer.from([1, 2]));
    expect([await client.next(), await client.next()]).toEqual([{ action: 'subscribe' }, Buffer.from([1, 2])]);
  });

  test('/wrong-echo answers with another object', async ({ connect }) => {
    const client = connect('/wrong-echo');
    await client.next();
    client.say({ action: 'subscribe', channel: 'updates' });
    expect(await client.next()).toEqual({ action: 'unsubscribe', channel: 'nothing' });
  });

  test('/silent answers nothing but a ping', async ({ connect }) => {
    const client = connect('/silent');
    await once(client.socket, 'open');
    const heard: string[] = [];
    client.socket.on('message', () => heard.push('message'));
    client.say({ action: 'subscribe' });
    client.socket.ping();
    await once(client.socket, 'pong');
    expect(heard).toEqual([]);
  });
});

test.describe('feeds', () => {
  test('/binary sends prices', async ({ connect }) => {
    const client = connect('/binary?count=1');
    expect(await client.next()).toEqual(Buffer.from('000000014059100000000000', 'hex'));
  });

  test('/ticker counts, and closes after the last tick', async ({ connect }) => {
    const client = connect('/ticker?every=1&from=7&count=2');
    expect([await client.next(), await client.next()]).toEqual([
      { type: 'tick', n: 7 },
      { type: 'tick', n: 8 },
    ]);
    expect(await client.closed).toBe('1000 done');
  });

  test('/ticker cuts the connection after so many ticks', async ({ connect }) => {
    const client = connect('/ticker?every=1&drop=1');
    expect([await client.next(), await client.closed]).toEqual([{ type: 'tick', n: 1 }, '1006 ']);
  });

  test('/kick closes with 4001, or with what it is told to, on a message', async ({ connect }) => {
    const told = connect('/kick?code=1011&reason=sorry&on=message');
    await once(told.socket, 'open');
    told.say('now');
    expect([await connect('/kick').closed, await told.closed]).toEqual(['4001 kicked', '1011 sorry']);
  });

  test('/subprotocol takes the best one that both know', async ({ connect }) => {
    const client = connect('/subprotocol', {}, ['other', 'prices.v1', 'prices.v2']);
    expect([await client.next(), client.socket.protocol]).toEqual([
      { type: 'welcome', subprotocol: 'prices.v2' },
      'prices.v2',
    ]);
  });

  test('/slow refuses, and says when to try again', async ({ connect }) => {
    expect(await refusalOf(connect('/slow'))).toEqual([503, '1', '{"error":"Too many connections, try again"}']);
  });

  test('/nothing is refused with 404', async ({ connect }) => {
    expect(await refusalOf(connect('/nothing'))).toEqual([404, undefined, '{"error":"Nothing at /nothing"}']);
  });

  test('/notifications sends mine among those of others', async ({ connect }) => {
    const client = connect('/notifications?user_id=7');
    await once(client.socket, 'open');
    client.say({ user_id: '7', status: 'online' });
    const all: unknown[] = [];
    while (all.length < 6) all.push(await client.next());
    expect(all[2]).toEqual({ type: 'notification', user_id: '7', status: 'online', message: '7 is online' });
    expect(all[5]).toMatchObject({ user_id: 'other-5' });
  });

  test('/notifications needs a user', async ({ connect }) => {
    expect(await refusalOf(connect('/notifications'))).toEqual([
      400,
      undefined,
      '{"error":"Add ?user_id=… to the URL"}',
    ]);
  });
});

test('example server ends by itself when told to, with connections open', async () => {
  const own = await startExampleServer();
  const socket = new WebSocket(own.url.replace('http', 'ws') + '/silent');
  await once(socket, 'open');
  const closed = once(socket, 'close');
  expect(await own.stop()).toBe(0);
  await closed;
});

function createClient(socket: WebSocket): Client {
  const messages = new Queue<unknown>();
  socket.on('error', () => {}); // Refusals are asked for by other events.
  socket.on('message', (data, isBinary) => messages.push(isBinary ? toBuffer(data) : parsed(String(toBuffer(data)))));
  const closed = new Promise<string>((resolve) => {
    socket.once('close', (code, reason) => resolve(`${code} ${String(reason)}`));
  });
  return { socket, closed, next: () => messages.next(), say: (value) => socket.send(JSON.stringify(value)) };
}

function parsed(message: string): unknown {
  return message.startsWith('{') ? JSON.parse(message) : message;
}

function bearer(token: string): ClientOptions {
  return { headers: { authorization: `Bearer ${token}` } };
}

async function logIn(request: APIRequestContext): Promise<string> {
  const response = await request.post('/api/login', { data: { user: 'alice', password: 'wonderland' } });
  const { token } = await response.json();
  return token;
}

async function refusalOf({ socket }: Client): Promise<unknown[]> {
  const [, response] = await once(socket, 'unexpected-response');
  return [response.statusCode, response.headers['retry-after'], await text(response)];
}
