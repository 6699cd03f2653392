import { expect, test } from '@playwright/test';

import { createClient, texts } from './test-client.ts';

test('for await claims each message in order of arrival', async () => {
  const { client, receive } = createClient();
  const seen: string[] = [];
  receive('a', 'b', 'c');
  for await (const { text } of client) {
    seen.push(text);
    if (text === 'b') receive('d');
    if (text === 'd') break;
  }

  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  expect(texts(client.messages.unclaimed)).toEqual([]);
});

test('for await leaves to others what it did not get to', async () => {
  const { client, receive } = createClient();
  receive('a', 'b');
  for await (const { text } of client) {
    expect(text).toBe('a');
    break;
  }

  expect(texts(client.messages.unclaimed)).toEqual(['b']);
});

test('for await ends when the connection has closed and the buffer is empty', async () => {
  const { client, connection, receive } = createClient();
  const seen: string[] = [];
  receive('a', 'b');
  connection.close(1006, Buffer.alloc(0));
  for await (const { text } of client) seen.push(text);

  expect(seen).toEqual(['a', 'b']);
});

test('for await ends when the connection closes while it waits', async () => {
  const { client, connection } = createClient();
  const iterator = client[Symbol.asyncIterator]();
  const next = iterator.next();
  connection.close(1000, Buffer.alloc(0));

  expect(await next).toEqual({ done: true, value: undefined });
});

test('for await has no limit of its own, and is nothing that somebody forgot to await', async () => {
  const { client, registry } = createClient({ waitTimeout: 1 });
  const next = client[Symbol.asyncIterator]().next();

  expect(registry.settle('finished')).toEqual([]);
  expect(await next).toEqual({ done: true, value: undefined });
});

test('two iterations share the messages, the older is served first', async () => {
  const { client, receive } = createClient();
  const [one, two] = [client[Symbol.asyncIterator](), client[Symbol.asyncIterator]()];
  const both = Promise.all([one.next(), two.next()]);
  receive('a', 'b');

  expect((await both).map(({ value }) => value?.text)).toEqual(['a', 'b']);
});
