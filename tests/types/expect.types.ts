// What users' editors tell them, checked by `npm run types`; nothing of it runs.
import { defineConfig, expect as playwrightExpect, mergeExpects } from '@playwright/test';
import { expectTypeOf } from 'expect-type';
import * as z from 'zod';
import { expect, matchers, test } from '../../src/index.ts';
import type { ClientAssertions, Message, WebSocketClient, WebSockets, WsTestOptions } from '../../src/index.ts';

const orderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('order.updated'), id: z.number(), status: z.enum(['PENDING', 'PAID']) }),
  z.object({ type: z.literal('heartbeat'), at: z.number() }),
]);
type Event = z.infer<typeof orderSchema>;
type Updated = Extract<Event, { type: 'order.updated' }>;

declare const untyped: WebSocketClient;
declare const typed: WebSocketClient<Event>;
declare const ws: WebSockets;
declare const anything: ReturnType<typeof JSON.parse>;
declare const anyList: ReturnType<typeof JSON.parse>[];
declare const maybe: WebSocketClient | undefined;

/** Only the compiler looks at the code. */
function compiles(_fact: string, _code: () => unknown): void {}

compiles('a client has the matchers for clients', async () => {
  expectTypeOf(expect(untyped)).toEqualTypeOf<ClientAssertions>();
  expectTypeOf(expect(typed)).toEqualTypeOf<ClientAssertions<Event>>();
  expectTypeOf(expect(untyped, 'the feed').toReceiveMessage('x')).toEqualTypeOf<Promise<void>>();
  await expect(untyped, { message: 'the feed' }).toReceiveMessage();
});

compiles('a list of clients has the matchers for clients', async () => {
  expectTypeOf(expect([typed, typed])).toEqualTypeOf<ClientAssertions<Event>>();
  expectTypeOf(expect(ws.clients)).toEqualTypeOf<ClientAssertions>();
  await expect([untyped, untyped]).toReceiveMessage({ type: 'x' });
});

compiles('nothing but clients has the matchers for clients', () => {
  // @ts-expect-error text is no client
  expect('text').toReceiveMessage();
  // @ts-expect-error a number is no client
  expect(5).toBeOpen();
  // @ts-expect-error an object is no client
  expect({ readyState: 1 }).toBeClosed();
  // @ts-expect-error a client that was not awaited is a promise
  expect(ws.connect('/orders')).toReceiveMessage();
  // @ts-expect-error a list of texts
  expect(['text']).toReceiveMessage();
});

compiles('everything but clients has the matchers of Playwright', async () => {
  expect('text').toBe('text');
  expect(anything).toEqual({ a: 1 });
  expect(anything.b).not.toBe(1);
  expect.soft(anything).toEqual(5);
  expect([1]).toHaveLength(1);
  expect([]).toEqual([]);
  expect(anyList).toEqual([]);
  expect(maybe).toBeDefined();
  expect(undefined).toBeUndefined();
  expect(null).toBeNull();
  expect(untyped.messages).toHaveLength(1);
  await expect(typed.closed).resolves.toMatchObject({ code: 1000 });
  await expect(untyped.send('x')).rejects.toThrow('x');
  await expect.poll(() => untyped.bufferedAmount).toBe(0);
  await expect(() => {}).toPass();
  expectTypeOf<typeof expect.objectContaining>().toEqualTypeOf<typeof playwrightExpect.objectContaining>();
});

compiles('a client with a schema takes parts of its messages', async () => {
  await expect(typed).toReceiveMessage({ type: 'order.updated', status: 'PAID' });
  await expect(typed).toReceiveMessage({ type: 'order.updated', id: expect.any(Number) });
  await expect(typed).toReceiveMessage((message) => {
    expectTypeOf(message).toEqualTypeOf<Message<Event>>();
    return message.value.type === 'heartbeat';
  });
  await expect(typed).toReceiveMessages([{ type: 'heartbeat' }, { status: 'PAID' }, 'text', /re/]);
  await expect(typed).toHaveReceivedMessage({ at: 5 }, { times: 2 });
  // What is sent is not what the schema describes.
  await expect(typed).toHaveSentMessage({ action: 'subscribe' });
  await expect(typed).toReceiveMessage({ status: 'PAID' }, { where: { id: 42 } });
  // @ts-expect-error no message has this type
  await expect(typed).toReceiveMessage({ type: 'order.deleted' });
  // @ts-expect-error no message has this status
  await expect([typed, typed]).toReceiveMessage({ status: 'SHIPPED' });
  // @ts-expect-error the id is a number
  await expect(typed).toReceiveMessage({ status: 'PAID' }, { where: { id: '42' } });
  // @ts-expect-error one of them is no message
  await expect(typed).toReceiveMessages([{ type: 'heartbeat' }, { type: 'heartbaet' }]);
  // @ts-expect-error no message has this key
  await expect(typed).toHaveReceivedMessage({ state: 'PAID' });
});

compiles('an expectation that means nothing does not compile', async () => {
  await expect(untyped).toReceiveMessage({ any: 'object' });
  await expect(untyped).toReceiveMessage(orderSchema);
  // @ts-expect-error an explicit undefined
  await expect(untyped).toReceiveMessage(undefined);
  // @ts-expect-error an explicit undefined
  await expect(untyped).not.toReceiveMessage(undefined);
  // @ts-expect-error a predicate is not asynchronous
  await expect(untyped).toReceiveMessage(async (message) => message.isBinary);
  // @ts-expect-error it has to say which
  await expect(untyped).toHaveReceivedMessage();
  // @ts-expect-error a count is a number
  await expect(untyped).toHaveReceivedMessageCount('5');
});

compiles('soft and configure keep the typing', async () => {
  expectTypeOf(expect.soft(typed)).toEqualTypeOf<ClientAssertions<Event>>();
  expectTypeOf(expect.configure({ timeout: 5 })(typed)).toEqualTypeOf<ClientAssertions<Event>>();
  expectTypeOf(expect.configure({ soft: true }).soft([typed])).toEqualTypeOf<ClientAssertions<Event>>();
  // @ts-expect-error no message has this type
  await expect.soft(typed).toReceiveMessage({ type: 'order.deleted' });
  // @ts-expect-error no message has this type
  await expect.configure({ timeout: 5 })(typed).toReceiveMessage({ type: 'order.deleted' });
  // @ts-expect-error text is no client
  expect.soft('text').toReceiveMessage();
});

compiles('not keeps the typing and has options of its own', async () => {
  await expect(typed).not.toReceiveMessage({ type: 'heartbeat' }, { quietFor: 50, after: typed.mark() });
  await expect(typed).not.toReceiveMessage({ type: 'heartbeat' }, { fence: { send: 'ping', expect: 'pong' } });
  await expect(typed).not.toReceiveMessage({ type: 'heartbeat' }, { fence: true, timeout: 50 });
  await expect(typed).not.toReceivePing(undefined, { quietFor: 50 });
  await expect(typed).not.toBeClosed({ code: 1000 });
  expectTypeOf(expect(typed).not.not).toEqualTypeOf<ClientAssertions<Event>>();
  // @ts-expect-error no message has this type
  await expect(typed).not.toReceiveMessage({ type: 'order.deleted' });
  // @ts-expect-error where selects one message: none is wanted
  await expect(typed).not.toReceiveMessage({ type: 'heartbeat' }, { where: { at: 5 } });
  // @ts-expect-error a window belongs to not
  await expect(typed).toReceiveMessage({ type: 'heartbeat' }, { quietFor: 50 });
  // @ts-expect-error it would not say which one
  await expect(typed).not.toReceiveMessages([{ type: 'heartbeat' }]);
  // @ts-expect-error not open for a while says nothing
  await expect(typed).not.toBeOpen({ for: 5 });
});

compiles('options are those of the matcher', async () => {
  const { signal } = new AbortController();
  const message = await typed.waitForMessage();
  const frame = await typed.send('x');
  await expect(typed).toReceiveMessage('x', { timeout: 5, signal, after: message, within: 5, notBefore: 1 });
  await expect(typed).toReceiveMessage('x', { after: frame });
  await expect(typed).toReceiveMessages(['x'], { order: 'strict', after: typed.mark() });
  await expect(typed).toBeClosed({ code: 4001, reason: /x/, wasClean: true, by: 'server', within: 5, notBefore: 1 });
  await expect(typed).toBeOpen({ for: 5, timeout: 1, signal });
  await expect(typed).toReceivePing(Buffer.from('x'), { timeout: 5 });
  await expect(typed).toReceivePong('x');
  await expect(typed).toHaveSubprotocol('v1', { timeout: 5 });
  await expect(typed).toHaveReceivedMessageCount(5, { timeout: 5 });
  // @ts-expect-error there is no such option
  await expect(typed).toReceiveMessage('x', { tiemout: 5 });
  // @ts-expect-error there is no such order
  await expect(typed).toReceiveMessages(['x'], { order: 'sorted' });
  // @ts-expect-error there is nobody else who could close
  await expect(typed).toBeClosed({ by: 'proxy' });
});

compiles('expect.poll has no matchers for clients', () => {
  // @ts-expect-error a wait needs no polling
  void expect.poll(() => untyped).toReceiveMessage('x');
  // @ts-expect-error a wait needs no polling
  void expect.poll(() => typed).not.toBeOpen();
});

compiles('waitForMessage returns the member of a union that the expectation tells', async () => {
  expectTypeOf(await typed.waitForMessage({ type: 'order.updated' })).toEqualTypeOf<Message<Updated>>();
  expectTypeOf(await typed.waitForMessage()).toEqualTypeOf<Message<Event>>();
  expectTypeOf(await untyped.waitForMessage('x')).toEqualTypeOf<Message>();
  expectTypeOf(await untyped.waitForMessage(orderSchema)).toEqualTypeOf<Message<Event>>();
});

compiles('connect types the client by its schema', async () => {
  expectTypeOf(await ws.connect('/orders', { schema: orderSchema })).toEqualTypeOf<WebSocketClient<Event>>();
  expectTypeOf(await ws.connect('/orders')).toEqualTypeOf<WebSocketClient>();
});

compiles('mergeExpects and extend give the loose form', async () => {
  const merged = mergeExpects(expect, playwrightExpect);
  await merged(untyped).toReceiveMessage({ type: 'x' }, { timeout: 5 });
  await merged(typed).toReceiveMessage({ type: 'heartbeat' });
  await merged(untyped).toReceiveMessage();
  await merged([untyped]).not.toBeOpen();
  merged(5).toBe(5);
  merged(anything).toBe(5);
  // @ts-expect-error text is no client
  merged('text').toReceiveMessage();

  const extended = expect.extend({ toBeTwo: (received: number) => ({ pass: received === 2, message: () => '' }) });
  extended(2).toBeTwo();
  await extended(typed).toReceiveMessage({ type: 'heartbeat' });

  const own = playwrightExpect.extend(matchers);
  await own(untyped).toReceiveMessage({ type: 'x' });
});

compiles('defineConfig of WsTestOptions types use', () => {
  defineConfig<WsTestOptions>({
    use: { baseURL: 'http://localhost', wsOptions: { timeout: 5, headers: { a: 'b' } }, wsReport: 'retain-on-failure' },
  });
  defineConfig<WsTestOptions>({ projects: [{ name: 'x', use: { wsReport: { mode: 'off' } } }] });
  // @ts-expect-error there is no such option
  defineConfig<WsTestOptions>({ use: { wsOptions: { tiemout: 5 } } });
  // @ts-expect-error there is no such mode
  defineConfig<WsTestOptions>({ use: { wsReport: 'always' } });
});

compiles('test has the fixtures and their options', () => {
  test.use({ wsOptions: { protocols: ['v1'] }, wsReport: 'off' });
  test.extend<{ orders: WebSocketClient }>({
    orders: async ({ ws: sockets, workerWs }, use) => {
      expectTypeOf(sockets).toEqualTypeOf<WebSockets>();
      expectTypeOf(workerWs).toEqualTypeOf<WebSockets>();
      await use(await sockets.connect('/orders'));
    },
  });
  // @ts-expect-error there is no such option
  test.use({ wsOptions: { tiemout: 5 } });
});

compiles('a client with a schema is a client', async () => {
  const clients: WebSocketClient[] = [typed, untyped];
  const subscribe = async (client: WebSocketClient): Promise<void> => {
    await expect(client).toReceiveMessage({ type: 'subscribed' });
  };
  await subscribe(typed);
  await expect(clients).toBeOpen();
});
