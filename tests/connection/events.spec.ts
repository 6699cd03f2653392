import { expect, test } from '@playwright/test';

import { currentUserCode } from '../../src/connection/user-code.ts';
import { createClient, findingsOf, rejection, texts, turn, untyped } from './test-client.ts';

const nothing = Buffer.alloc(0);

test.describe('on', () => {
  test('calls several handlers of an event in the order in which they were added', () => {
    const { client, receive } = createClient();
    const heard: string[] = [];
    client.on('message', ({ text }) => heard.push(`1 ${text}`));
    client.on('message', ({ text }) => heard.push(`2 ${text}`));
    receive('a', 'b');

    expect(heard).toEqual(['1 a', '2 a', '1 b', '2 b']);
  });

  test('gives each event what belongs to it', () => {
    const { client, connection, receive } = createClient();
    const heard: unknown[] = [];
    client.on('message', ({ text }) => heard.push(text));
    client.on('ping', (payload) => heard.push(['ping', payload.toString()]));
    client.on('pong', (payload) => heard.push(['pong', payload.toString()]));
    client.on('error', (error) => heard.push(error.message));
    client.on('close', (info) => heard.push(info));
    receive('a');
    connection.ping(Buffer.from('1'));
    connection.pong(Buffer.from('2'));
    connection.error(new Error('Invalid frame'));
    connection.close(1006, nothing);

    expect(heard).toEqual([
      'a',
      ['ping', '1'],
      ['pong', '2'],
      'Invalid frame',
      { code: 1006, reason: '', wasClean: false, by: 'client' },
    ]);
  });

  test('calls a handler after waits have claimed: it sees every message', async () => {
    const { client, receive } = createClient();
    const heard: string[] = [];
    client.on('message', ({ text }) => heard.push(`${text}, ${client.messages.unclaimed.length} unclaimed`));
    const wait = client.waitForMessage('a');
    receive('a', 'b');
    await wait;

    expect(heard).toEqual(['a, 0 unclaimed', 'b, 1 unclaimed']);
  });

  test('tells nothing of what came before', () => {
    const { client, receive } = createClient();
    const heard: string[] = [];
    receive('a');
    client.on('message', ({ text }) => heard.push(text));
    receive('b');

    expect(heard).toEqual(['b']);
  });

  test('returns a function that takes the handler away, also while the event is told', () => {
    const { client, receive } = createClient();
    const heard: string[] = [];
    const stop = client.on('message', ({ text }) => {
      heard.push(text);
      stop();
    });
    client.on('message', ({ text }) => heard.push(text));
    receive('a', 'b');

    expect(heard).toEqual(['a', 'a', 'b']);
  });

  test('takes one function twice for two handlers', () => {
    const { client, receive } = createClient();
    let calls = 0;
    const count = (): void => void (calls += 1);
    const stop = client.on('message', count);
    client.on('message', count);
    stop();
    receive('a');

    expect(calls).toBe(1);
  });

  test('refuses an event that no client has', () => {
    const { client } = createClient();
    const add = (...args: unknown[]): unknown => untyped(client, 'on', ...args);

    expect(() => add('open', () => {})).toThrow(
      new TypeError('Cannot listen to "open": the events of a client are message, ping, pong, close, error, reconnect'),
    );
    expect(() => add('message', 'x')).toThrow(
      new TypeError('Cannot listen to "message": expected a function, found string'),
    );
  });
});

test('once calls a handler for one event only', () => {
  const { client, receive } = createClient();
  const heard: string[] = [];
  client.once('message', ({ text }) => heard.push(text));
  receive('a', 'b');

  expect(heard).toEqual(['a']);
});

test('a handler that calls the client back in its turn does not hear the event twice', () => {
  const { client, receive } = createClient();
  const heard: string[] = [];
  client.once('message', ({ text }) => {
    heard.push(text);
    if (text === 'a') receive('b');
  });
  receive('a');

  expect(heard).toEqual(['a']);
});

test.describe('a handler that fails', () => {
  test('by a throw is a finding with its line, and stops neither other handlers nor waits', async () => {
    const { client, receive, registry } = createClient();
    const heard: string[] = [];
    client.on('message', () => {
      throw new Error('broken');
    });
    client.on('message', ({ text }) => heard.push(text));
    receive('a', 'b');

    expect(heard).toEqual(['a', 'b']);
    expect(texts([await client.waitForMessage('b')])).toEqual(['b']);
    expect(findingsOf(registry)).toEqual([
      'handlerError: the handler of "message" at events.spec.ts:L threw: broken',
      'handlerError: the handler of "message" at events.spec.ts:L threw: broken',
    ]);
  });

  test('by a rejection is a finding too', async () => {
    const { client, connection, registry } = createClient();
    client.on('ping', async () => {
      await turn();
      throw new Error('broken');
    });
    connection.ping(nothing);
    await turn();
    await turn();

    expect(findingsOf(registry)).toEqual(['handlerError: the handler of "ping" at events.spec.ts:L threw: broken']);
  });

  test('by something that is no error is told as what it is', () => {
    const { client, connection, registry } = createClient();
    client.on('pong', () => {
      throw JSON.parse('"just text"');
    });
    connection.pong(nothing);

    expect(findingsOf(registry)).toEqual(['handlerError: the handler of "pong" at events.spec.ts:L threw: just text']);
  });

  test('by an object without a text goes no further', () => {
    const { client, connection, registry } = createClient();
    client.on('pong', () => {
      throw Object.create(null);
    });
    connection.pong(nothing);

    expect(findingsOf(registry)).toEqual([
      'handlerError: the handler of "pong" at events.spec.ts:L threw: something that cannot be printed',
    ]);
  });

  test('by an assertion that a catch swallowed is a finding', () => {
    const { client, receive, registry } = createClient();
    client.on('message', () => {
      try {
        assertFalse();
      } catch {
        // As in many a pasted script.
      }
    });
    receive('a');

    expect(findingsOf(registry)).toEqual([
      'handlerError: the handler of "message" at events.spec.ts:L caught a failed assertion: expected true',
    ]);
  });

  test('by an assertion that it throws on is one finding', () => {
    const { client, receive, registry } = createClient();
    client.on('message', () => assertFalse());
    receive('a');

    expect(findingsOf(registry)).toEqual([
      'handlerError: the handler of "message" at events.spec.ts:L threw: expected true',
    ]);
  });

  test('by an assertion after an await is known as its own', async () => {
    const { client, receive, registry } = createClient();
    client.on('message', async () => {
      await turn();
      try {
        assertFalse();
      } catch {
        // As above.
      }
    });
    receive('a');
    await turn();
    await turn();

    expect(findingsOf(registry)).toEqual([
      'handlerError: the handler of "message" at events.spec.ts:L caught a failed assertion: expected true',
    ]);
  });

  test('by an assertion that fails when it has ended is a finding', async () => {
    const { client, receive, registry } = createClient();
    client.on(
      'message',
      () =>
        void turn()
          .then(assertFalse)
          .catch(() => {}),
    );
    receive('a');
    await turn();
    await turn();

    expect(findingsOf(registry)).toEqual([
      'handlerError: the handler of "message" at events.spec.ts:L caught a failed assertion: expected true',
    ]);
  });
});

test('no user code runs outside of handlers and timers', async () => {
  const { client, receive } = createClient();
  const wait = client.waitForMessage(() => {
    expect(currentUserCode()).toBeUndefined();
    return true;
  });
  receive('a');
  await wait;

  expect(currentUserCode()).toBeUndefined();
});

test.describe('a handler of "message" that was never called', () => {
  test('is a finding, told once', () => {
    const { client, registry } = createClient();
    client.on('message', () => {});
    const uncalled =
      'uncalledHandler: the handler of "message" at events.spec.ts:L was never called: "/orders" received no message after it was added\n  Pass { optional: true } if that is right';

    expect(findingsOf(registry)).toEqual([uncalled]);
    expect(findingsOf(registry)).toEqual([]);
  });

  test('is none when it is optional, was called, or was taken away', () => {
    const { client, receive, registry } = createClient();
    client.on('message', () => {});
    receive('a');
    client.on('message', () => {}, { optional: true });
    client.on('message', () => {})();

    expect(findingsOf(registry)).toEqual([]);
  });

  test('is none for other events', () => {
    const { client, registry } = createClient();
    for (const event of ['ping', 'pong', 'close', 'error'] as const) client.on(event, () => {});

    expect(findingsOf(registry)).toEqual([]);
  });
});

test('options of a handler are checked', async () => {
  const { client } = createClient();
  const add = async (options: unknown): Promise<unknown> => untyped(client, 'on', 'message', () => {}, options);

  expect((await rejection(add({ optional: 1 }))).message).toBe(
    'Invalid option "optional" of on: expected true or false, found 1',
  );
  expect((await rejection(add({ once: true }))).message).toBe('Unknown option "once" of on: it takes optional');
});

/** What a watched `expect` does when an assertion fails. */
function assertFalse(): never {
  const error = new Error('expected true');
  currentUserCode()?.assertionFailed(error);
  throw error;
}
