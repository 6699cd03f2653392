import { expect, test } from '@playwright/test';

import type { ConnectionSettings } from '../../src/connection/connection.ts';
import { asPredicate, compiled, createClient, findingsOf, texts } from './test-client.ts';

const heartbeat = { type: 'ping' };

test.describe('autoReply', () => {
  test('answers in the turn in which the message arrives, and hides it', () => {
    const { client, receive, wire } = createClient(replying({ type: 'pong' }));
    receive('a', heartbeat, 'b');

    expect(wire.sent.map(({ payload }) => payload.toString())).toEqual(['{"type":"pong"}']);
    expect(texts(client.messages)).toEqual(['a', 'b']);
    expect([...client.frames].map(({ direction, text }) => `${direction} ${text}`)).toEqual([
      'received a',
      'received {"type":"ping"}',
      'sent {"type":"pong"}',
      'received b',
    ]);
  });

  test('sends what a function makes of the message', () => {
    const { receive, wire } = createClient(replying((message: { value: unknown }) => ({ answered: message.value })));
    receive(heartbeat);

    expect(wire.sent[0].payload.toString()).toBe('{"answered":{"type":"ping"}}');
  });

  test('of a list is the first that meets the message', () => {
    const { receive, wire } = createClient({
      autoReplies: [
        { on: compiled('a'), send: '1' },
        { on: compiled(/[ab]/), send: '2' },
      ],
    });
    receive('a', 'b');

    expect(wire.sent.map(({ payload }) => payload.toString())).toEqual(['1', '2']);
  });

  test('leaves heartbeats alone while it is paused: they are ordinary messages', () => {
    const { client, receive, wire } = createClient(replying('pong'));
    client.autoReply.pause();
    receive(heartbeat);
    client.autoReply.resume();
    receive(heartbeat);

    expect(wire.sent).toHaveLength(1);
    expect(client.messages.length).toBe(1);
  });

  test('keeps what it hides from waits, also from those that are pending', () => {
    const { client, connection, receive } = createClient(replying('pong'));
    void client.waitForMessage();
    receive(heartbeat);

    expect(connection.waits.size).toBe(1);
  });

  test('reports a function that throws', () => {
    const { receive, registry } = createClient(
      replying(() => {
        throw new Error('no answer');
      }),
    );
    receive(heartbeat);

    expect(findingsOf(registry)).toEqual([
      'handlerError: the `autoReply` at hidden-messages.spec.ts:L threw: no answer',
    ]);
  });

  test('reports a function that returns a promise: the answer would be late', () => {
    const { receive, registry, wire } = createClient(replying(() => Promise.resolve('pong')));
    receive(heartbeat);

    expect(wire.sent).toEqual([]);
    expect(findingsOf(registry)).toEqual([
      'handlerError: the `autoReply` at hidden-messages.spec.ts:L threw: Cannot send a promise: await it first\n  Write send(await data).',
    ]);
  });

  test('reports what a predicate throws: no wait shows it', () => {
    const ignore = compiled(({ text }: { text: string }) => text === 'b' && fail());
    const { client, receive, registry } = createClient({ ignore });
    receive('a', 'b');

    expect(findingsOf(registry)).toEqual([
      'handlerError: the `ignore` expectation at hidden-messages.spec.ts:L threw: no such field',
    ]);
    expect(client.messages.length).toBe(2);
  });

  test('reports an expectation that cannot be judged, once', () => {
    const on = compiled(asPredicate(() => 'yes'));
    const { client, receive, registry } = createClient({ autoReplies: [{ on, send: 'pong' }] });
    receive('a', 'b');

    expect(findingsOf(registry)).toEqual([
      `handlerError: the \`autoReply\` at hidden-messages.spec.ts:L cannot be judged: ${on.misuse?.message}`,
    ]);
    expect(client.messages.length).toBe(2);
  });
});

test.describe('ignore', () => {
  test('hides messages from the history, waits and counts; frames still have them', async () => {
    const { client, receive } = createClient({ ignore: compiled(heartbeat) });
    receive(heartbeat, 'a', heartbeat);

    expect((await client.waitForMessage()).text).toBe('a');
    expect(client.messages.length).toBe(1);
    expect(client.frames.length).toBe(3);
  });

  test('tells handlers of hidden messages too, which have no place among the messages', () => {
    const { client, receive } = createClient({ ignore: compiled(heartbeat) });
    const heard: [number, string][] = [];
    client.on('message', ({ index, text }) => heard.push([index, text]));
    receive('a', heartbeat, 'b');

    expect(heard).toEqual([
      [0, 'a'],
      [-1, '{"type":"ping"}'],
      [1, 'b'],
    ]);
  });

  test('marks in the log what hid a frame', () => {
    const { connection, receive } = createClient({ ...replying('pong'), ignore: compiled('noise') });
    receive('a', 'noise', heartbeat);

    expect([0, 1, 2].map((frame) => connection.log.hiddenBy(frame))).toEqual([undefined, 'ignore', 'autoReply']);
  });

  test('decodes a hidden message once, whoever looks at it', () => {
    let decoded = 0;
    const codec = {
      encode: String,
      decode: ({ text }: { text: string }): unknown => {
        decoded += 1;
        return { text };
      },
    };
    const { client, receive } = createClient({ codec, ignore: compiled({ text: 'a' }) });
    client.on('message', ({ value }) => value);
    receive('a');

    expect(decoded).toBe(1);
  });

  test('reports an expectation that cannot be judged, once, and hides nothing', () => {
    const ignore = compiled(asPredicate(() => Promise.resolve(true)));
    const { client, receive, registry } = createClient({ ignore });
    receive('a', 'b');

    expect(findingsOf(registry)).toEqual([
      `handlerError: the \`ignore\` expectation at hidden-messages.spec.ts:L cannot be judged: ${ignore.misuse?.message}`,
    ]);
    expect(client.messages.length).toBe(2);
  });
});

function fail(): never {
  throw new Error('no such field');
}

function replying(send: unknown): Partial<ConnectionSettings> {
  return { autoReplies: [{ on: compiled(heartbeat), send }] };
}
