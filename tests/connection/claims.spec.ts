import { expect, test } from '@playwright/test';

import { anyMessage } from '../../src/expectation/any-message.ts';
import { createClient, texts, turn } from './test-client.ts';
import { waitForSilence } from './waits.ts';

test.describe('a wait for one message', () => {
  test('claims the oldest unclaimed message that meets it', async () => {
    const { client, receive } = createClient();
    receive({ n: 1, type: 'a' }, { n: 2, type: 'b' }, { n: 3, type: 'b' });

    expect((await client.waitForMessage({ type: 'b' })).text).toBe('{"n":2,"type":"b"}');
    expect((await client.waitForMessage({ type: 'b' })).text).toBe('{"n":3,"type":"b"}');
    expect(texts(client.messages.unclaimed)).toEqual(['{"n":1,"type":"a"}']);
  });

  test('claims a message in the turn in which it arrives', () => {
    const { client, receive } = createClient();
    void client.waitForMessage('hello');

    receive('other');
    expect(texts(client.messages.unclaimed)).toEqual(['other']);
    receive('hello');
    expect(texts(client.messages.unclaimed)).toEqual(['other']);
  });

  test('removes nothing: what is claimed is still in the history', async () => {
    const { client, receive } = createClient();
    receive('a', 'b');
    await client.waitForMessage('a');

    expect(texts(client.messages)).toEqual(['a', 'b']);
    expect(client.messages.length).toBe(2);
  });

  test('takes any message when nothing is expected', async () => {
    const { client, receive } = createClient();
    receive('a', 'b');

    expect((await client.waitForMessage()).text).toBe('a');
    expect((await client.waitForMessage(anyMessage)).text).toBe('b');
  });

  test('takes an empty text and empty bytes for messages', async () => {
    const { client, receive } = createClient();
    receive('', Buffer.alloc(0));

    expect(await client.waitForMessage('')).toMatchObject({ index: 0, size: 0, isBinary: false });
    expect(await client.waitForMessage(Buffer.alloc(0))).toMatchObject({ index: 1, size: 0, isBinary: true });
    expect(client.messages.unclaimed).toHaveLength(0);
  });

  test('looks at the buffer first, also after the close', async () => {
    const { client, connection, receive } = createClient();
    receive('a', 'b');
    connection.close(1006, Buffer.alloc(0));

    expect((await client.waitForMessage('b')).text).toBe('b');
  });

  test('looks at the buffer first, also with a signal that was aborted before', async () => {
    const { client, receive } = createClient();
    receive('a');

    expect((await client.waitForMessage('a', { signal: AbortSignal.abort() })).text).toBe('a');
  });

  test('gets each of 10,000 messages of one burst, in order', async () => {
    const { client, receive } = createClient();
    const sent = Array.from({ length: 10_000 }, (_, index) => `${index}`);
    const before = Array.from({ length: 5_000 }, () => client.waitForMessage());
    receive(...sent);
    const after = Array.from({ length: 5_000 }, () => client.waitForMessage());

    expect(texts(await Promise.all([...before, ...after]))).toEqual(sent);
  });
});

test.describe('pending waits', () => {
  test('are served in the order in which they began', async () => {
    const { client, receive } = createClient();
    const waits = [client.waitForMessage(/a/), client.waitForMessage(/a/), client.waitForMessage(/a/)];
    receive('a1', 'b', 'a2', 'a3');

    expect(texts(await Promise.all(waits))).toEqual(['a1', 'a2', 'a3']);
  });

  test('each take only what meets them', async () => {
    const { client, receive } = createClient();
    const waits = [client.waitForMessage('c'), client.waitForMessage('b'), client.waitForMessage('a')];
    receive('a', 'b', 'c');

    expect(texts(await Promise.all(waits))).toEqual(['c', 'b', 'a']);
  });

  test('look at each message once, those in the buffer and those that come', async () => {
    const { client, receive } = createClient();
    const seen: string[] = [];
    receive('a', 'b');
    const wait = client.waitForMessage(({ text }) => seen.push(text) > 0 && text === 'end');
    receive('c');
    receive('d', 'end', 'more');
    await wait;

    expect(seen).toEqual(['a', 'b', 'c', 'd', 'end']);
  });

  test('see no message twice when a predicate begins a wait while it judges', async () => {
    const { client, receive } = createClient();
    const inner: Promise<unknown>[] = [];
    const outer = client.waitForMessage(({ text }) => {
      if (inner.length === 0) inner.push(client.waitForMessages(['a', 'a']));
      return text === 'end';
    });
    receive('a');
    await turn();
    expect(texts(client.messages.unclaimed)).toEqual([]);

    receive('a', 'end');
    expect((await outer).text).toBe('end');
    expect(await inner[0]).toMatchObject([{ index: 0 }, { index: 1 }]);
  });
});

test.describe('a message that is given back', () => {
  test('reaches the oldest pending wait that wants it', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages(['a', 'never'], { signal: controller.signal });
    receive('a');
    const older = client.waitForMessage('a');
    const younger = client.waitForMessage('a');
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect((await older).index).toBe(0);
    receive('a');
    expect((await younger).index).toBe(1);
  });

  test('is unclaimed again when nobody waits for it', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages(['b', 'a', 'never'], { signal: controller.signal });
    receive('b', 'x', 'a');
    expect(texts(client.messages.unclaimed)).toEqual(['x']);
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect(texts(client.messages.unclaimed)).toEqual(['b', 'x', 'a']);
  });

  test('is given back in order: waits get several in the order in which they arrived', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const expected = ['c', 'b', 'a', 'never'];
    const holder = client.waitForMessages(expected, { order: 'any', signal: controller.signal });
    receive('a', 'b', 'c');
    const waits = [client.waitForMessage(), client.waitForMessage(), client.waitForMessage()];
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect(texts(await Promise.all(waits))).toEqual(['a', 'b', 'c']);
  });

  test('completes a wait that passed over a later message for want of it', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages(['a', 'never'], { signal: controller.signal });
    const inOrder = client.waitForMessages(['a', 'b']);
    receive('a', 'b');
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect(texts(await inOrder)).toEqual(['a', 'b']);
  });

  test('replaces a later one that the wait reserved, which goes to the next wait', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages(['a', 'never'], { signal: controller.signal });
    const inOrder = client.waitForMessages(['a', 'b']);
    const last = client.waitForMessage('a');
    receive('a', 'a');
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect((await last).index).toBe(1);
    receive('b');
    expect((await inOrder).map(({ index }) => index)).toEqual([0, 2]);
  });

  test('is not offered to a wait that looks only at what came after it', async () => {
    const { client, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages(['a', 'never'], { signal: controller.signal });
    receive('a');
    const later = client.waitForMessage('a', { after: client.mark() });
    controller.abort();
    await expect(holder).rejects.toThrow('failed');
    expect(texts(client.messages.unclaimed)).toEqual(['a']);

    receive('a');
    expect((await later).index).toBe(1);
  });

  test('fails a pending wait for silence that it meets', async () => {
    const { client, connection, receive } = createClient();
    const controller = new AbortController();
    const holder = client.waitForMessages(['a', 'never'], { signal: controller.signal });
    receive('a');
    const quiet = waitForSilence(connection, 'a');
    controller.abort();
    await expect(holder).rejects.toThrow('failed');

    expect((await quiet.ended).outcome?.kind).toBe('unwanted');
  });
});
