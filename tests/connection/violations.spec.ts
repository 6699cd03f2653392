import { expect, test } from '@playwright/test';
import * as z from 'zod';

import { schemaValidator } from '../../src/expectation/schema.ts';
import { compiled, createClient, findingsOf, rejection, texts } from './test-client.ts';

const validate = schemaValidator(z.object({ n: z.coerce.number() }));

test.describe('schema', () => {
  test('judges every received message at its arrival, whether somebody waits or not', () => {
    const { receive, registry } = createClient({ validate });
    receive({ n: 1 }, { n: 'x' }, 'text');

    expect(findingsOf(registry)).toEqual([
      'invalidMessage: a message of "/orders" violates the schema (zod)\n  n: Invalid input: expected number, received NaN',
      'invalidMessage: a message of "/orders" violates the schema (zod)\n  Invalid input: expected object, received string',
    ]);
  });

  test('gives the messages their value', async () => {
    const { client, receive } = createClient({ validate });
    receive({ n: '7' });

    expect((await client.waitForMessage()).value).toEqual({ n: 7 });
    expect(client.messages.at(0)?.value).toEqual({ n: 7 });
  });

  test('marks a violation in the log', () => {
    const { connection, receive } = createClient({ validate });
    receive({ n: 1 }, { n: 'x' });

    expect([0, 1].map((frame) => connection.log.isInvalid(frame))).toEqual([false, true]);
  });

  test('tells a violation once, also of a hidden message that a handler looks at', () => {
    const { client, receive, registry } = createClient({ validate, ignore: compiled('noise') });
    client.on('message', (message) => message.text);
    receive('noise');
    for (const { bytes } of client.messages) expect(bytes).toBeDefined();

    expect(findingsOf(registry)).toHaveLength(1);
  });

  test('lets a violation meet text, bytes and functions only', async () => {
    const { client, receive } = createClient({ validate });
    receive({ n: 'x' }, { n: 'x' }, { n: 'x' });

    expect(await rejection(client.waitForMessage({ n: 'x' }, { timeout: 1 }))).toMatchObject({
      code: 'WS_WAIT_TIMEOUT',
    });
    expect((await client.waitForMessage('{"n":"x"}')).index).toBe(0);
    expect((await client.waitForMessage(/x/)).index).toBe(1);
    expect((await client.waitForMessage(({ text }) => text.includes('x'))).index).toBe(2);
  });

  test('throws the violation from `value`', () => {
    const { client, receive } = createClient({ validate });
    receive({ n: 'x' });

    expect(() => client.messages.at(0)?.value).toThrow(
      'The message violates the schema (zod)\n  n: Invalid input: expected number, received NaN',
    );
  });

  test('does not judge what is sent', async () => {
    const { client, registry } = createClient({ validate });
    await client.send({ n: 'x' });

    expect(findingsOf(registry)).toEqual([]);
  });

  test('that returns a promise is told as what it is', () => {
    const asynchronous = z.string().refine(() => Promise.resolve(true));
    const { receive, registry } = createClient({ validate: schemaValidator(asynchronous) });
    receive('"a"');

    expect(findingsOf(registry)).toEqual([
      'invalidMessage: a message of "/orders" has no value: Cannot validate with a schema (zod) that returned a promise: each message is judged the moment it arrives.\n  Use a schema without asynchronous refinements and transforms (zod also returns a promise when one of them throws).',
    ]);
  });
});

test.describe("onInvalidMessage 'record'", () => {
  test('marks violations, and fails nothing', () => {
    const { connection, receive, registry } = createClient({ validate, failsOnInvalidMessage: false });
    receive({ n: 'x' });

    expect(connection.log.isInvalid(0)).toBe(true);
    expect(findingsOf(registry)).toEqual([]);
  });
});

test.describe('codec', () => {
  const codec = {
    encode: String,
    decode: ({ text }: { text: string }): unknown => {
      if (text === 'broken') throw new Error('not mine');
      return { text };
    },
  };

  test('decodes a message once, when its value is asked for', async () => {
    let decoded = 0;
    const counting = { ...codec, decode: (): unknown => (decoded += 1) };
    const { client, receive } = createClient({ codec: counting });
    receive('a');
    expect((await client.waitForMessage('a')).text).toBe('a');
    expect(decoded).toBe(0);

    expect([client.messages.at(0)?.value, client.messages.at(0)?.value]).toEqual([1, 1]);
  });

  test('that fails is a violation, told when the value is asked for', () => {
    const { client, connection, receive, registry } = createClient({ codec });
    receive('broken');
    expect(findingsOf(registry)).toEqual([]);

    expect(() => client.messages.at(0)?.value).toThrow('not mine');
    expect(() => client.messages.at(0)?.value).toThrow('not mine');
    expect(findingsOf(registry)).toEqual(['invalidMessage: a message of "/orders" has no value: not mine']);
    expect(connection.log.isInvalid(0)).toBe(true);
  });

  test('that fails meets no object, and no wait fails for it', async () => {
    const { client, receive } = createClient({ codec });
    receive('broken', 'fine');

    expect((await client.waitForMessage({ text: 'fine' })).index).toBe(1);
    expect(texts(client.messages.unclaimed)).toEqual(['broken']);
  });

  test('comes before the schema', () => {
    const both = createClient({ codec, validate: schemaValidator(z.object({ text: z.literal('a') })) });
    both.receive('a', 'broken', 'b');

    expect(findingsOf(both.registry)).toEqual([
      'invalidMessage: a message of "/orders" has no value: not mine',
      'invalidMessage: a message of "/orders" violates the schema (zod)\n  text: Invalid input: expected "a"',
    ]);
  });
});
