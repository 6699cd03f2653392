import { expect, test } from '@playwright/test';

import { compiled, createClient, rejection, texts } from './test-client.ts';

test.describe('extract', () => {
  test('takes the value of a JSONPath in the last message', async () => {
    const { client, receive } = createClient();
    receive({ id: 1 }, { id: 2 });

    expect(await client.extract('$.id')).toBe(2);
  });

  test('claims nothing', async () => {
    const { client, receive } = createClient();
    receive({ id: 1 });
    await client.extract('$.id');

    expect(texts(client.messages.unclaimed)).toEqual(['{"id":1}']);
  });

  test('sees claimed messages too', async () => {
    const { client, receive } = createClient();
    receive({ id: 1 });
    await client.waitForMessage();

    expect(await client.extract('$.id')).toBe(1);
  });

  for (const value of [null, 0, false, '']) {
    test(`takes ${JSON.stringify(value)} for a value`, async () => {
      const { client, receive } = createClient();
      receive({ found: value });

      expect(await client.extract('$.found')).toBe(value);
    });
  }

  test('waits until a message yields a value', async () => {
    const { client, receive } = createClient();
    const value = client.extract('$.found');
    receive({}, 'text', { found: 1 });

    expect(await value).toBe(1);
  });

  test('looks at the last message only: an older one is not asked', async () => {
    const { client, receive } = createClient();
    receive({ id: 1 }, {});

    expect(await rejection(client.extract('$.id', { timeout: 1 }))).toMatchObject({ code: 'WS_WAIT_TIMEOUT' });
  });

  test('takes the list of a path that is not singular, and waits while it is empty', async () => {
    const { client, receive } = createClient();
    const list = client.extract('$.items[?@.n > 1].n');
    receive({ items: [{ n: 1 }] }, { items: [{ n: 1 }, { n: 2 }, { n: 3 }] });

    expect(await list).toEqual([2, 3]);
  });

  test('takes the first group of a RegExp', async () => {
    const { client, receive } = createClient();
    receive('token=abc;');

    expect(await client.extract(/token=(\w+)/)).toBe('abc');
  });

  test('takes what a function returns; undefined is "not yet"', async () => {
    const { client, receive } = createClient();
    const value = client.extract((message) => (message === 'go' ? null : undefined));
    receive('wait', 'go');

    expect(await value).toBe(null);
  });

  test('of a closed connection looks at what came, and fails at once when there is nothing', async () => {
    const { client, connection, receive } = createClient();
    receive({ id: 1 });
    connection.close(1006, Buffer.alloc(0));

    expect(await client.extract('$.id')).toBe(1);
    expect(await rejection(client.extract('$.no', { timeout: 0 }))).toMatchObject({ code: 'WS_CONNECTION_CLOSED' });
  });

  test('does not see hidden messages', async () => {
    const { client, receive } = createClient({ ignore: compiled('noise') });
    receive({ id: 1 }, 'noise');

    expect(await client.extract('$.id')).toBe(1);
  });

  test('sees only the messages of the current test of a worker', async () => {
    const { client, connection, receive } = createClient();
    receive({ id: 1 });
    connection.beginTest();

    expect(await rejection(client.extract('$.id', { timeout: 1 }))).toMatchObject({ code: 'WS_WAIT_TIMEOUT' });
    expect(await rejection(client.extract('$[0].id', { last: 2, timeout: 1 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
    });
    receive({ id: 2 });
    expect(await client.extract('$[*].id', { last: 2 })).toEqual([2]);
  });

  test('ends at once with a function that returns a promise', async () => {
    const { client, receive } = createClient();
    const value = client.extract(() => Promise.resolve(1), { timeout: 0 });
    receive('a');

    expect(await rejection(value)).toBeInstanceOf(TypeError);
  });
});

test.describe('extract with last', () => {
  for (const last of [10, 50]) {
    test(`${last} gives the expression the array of the last ${last}`, async () => {
      const { client, receive } = createClient();
      receive(...Array.from({ length: 60 }, (_, index) => ({ id: index })));

      expect(await client.extract('$[*].id', { last })).toEqual(
        Array.from({ length: last }, (_, index) => 60 - last + index),
      );
    });
  }

  test('gives a function the array of what there is', async () => {
    const { client, receive } = createClient();
    receive('1', '2');

    expect(await client.extract((values) => values, { last: 10 })).toEqual([1, 2]);
  });

  test('finds the one message of mine among the last', async () => {
    const { client, receive } = createClient();
    receive({ user_id: '7', text: 'a' }, { user_id: '42', text: 'b' }, { user_id: '8', text: 'c' });

    expect(await client.extract('$[?(@.user_id == "42")]', { last: 10 })).toEqual([{ user_id: '42', text: 'b' }]);
  });

  test('takes the oldest text that a RegExp matches', async () => {
    const { client, receive } = createClient();
    receive('n=1', 'x', 'n=2');

    expect(await client.extract(/n=(\d)/, { last: 10 })).toBe('1');
  });

  test('refuses what is no count', async () => {
    const { client } = createClient();

    expect((await rejection(client.extract('$', { last: 0 }))).message).toBe(
      'Invalid option "last" of extract: expected a whole number of at least 1, found 0',
    );
  });
});
