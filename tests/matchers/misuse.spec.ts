import { connect } from '../../src/client.ts';
import { failure, failureText, text } from '../helpers/failure-text.ts';
import { callMatcher, expect, test } from './open-client.ts';

const remedy = '  Pass what ws.connect() resolved with, a socket of ws.WebSocket, or a list of them.';

for (const [what, value, message] of [
  [
    'a promise',
    Promise.resolve(),
    text(
      'Cannot assert toReceiveMessage: expected a client, found a promise',
      "  Await it: await expect(await ws.connect('/path')).toReceiveMessage(…).",
    ),
  ],
  [
    'undefined',
    undefined,
    text(
      'Cannot assert toReceiveMessage: expected a client, found undefined',
      "  Assign the client first: const client = await ws.connect('/path').",
    ),
  ],
  ['a string', 'orders', text('Cannot assert toReceiveMessage: expected a client, found "orders"', remedy)],
  ['a number', 5, text('Cannot assert toReceiveMessage: expected a client, found 5', remedy)],
  [
    'a socket of another package',
    { readyState: 1, send() {} },
    text('Cannot assert toReceiveMessage: expected a client, found a WebSocket that was opened elsewhere', remedy),
  ],
] as const) {
  test(`${what} is no client`, async () => {
    const assertions: unknown = expect(value);

    expect(await failureText(callMatcher(assertions, 'toReceiveMessage', argumentsOf('toReceiveMessage')))).toBe(
      message,
    );
  });
}

test('a list with something else than clients names its place', async ({ open }) => {
  const { client } = await open();
  const assertions: unknown = expect([client, undefined]);

  expect(await failureText(callMatcher(assertions, 'toBeOpen', argumentsOf('toBeOpen')))).toBe(
    text(
      'Cannot assert toBeOpen: expected a client, found undefined at [1]',
      "  Assign the client first: const client = await ws.connect('/path').",
    ),
  );
});

for (const name of [
  'toReceiveMessage',
  'toReceiveMessages',
  'toHaveReceivedMessage',
  'toHaveReceivedMessageCount',
  'toHaveSentMessage',
  'toBeOpen',
  'toBeClosed',
  'toHaveSubprotocol',
  'toReceivePing',
  'toReceivePong',
]) {
  test(`${name} of an empty list of clients is a TypeError`, async () => {
    const error = await failure(callMatcher(expect([]), name, argumentsOf(name)));

    expect(error).toMatchObject({ name: 'TypeError', code: 'WS_INVALID_ARGUMENT' });
    expect(error.message).toBe(
      `Cannot assert ${name} on an empty list of clients: it would pass without looking at anything`,
    );
  });

  test(`not.${name} of an empty list of clients is a TypeError`, async () => {
    await expect(callMatcher(expect([]).not, name, argumentsOf(name))).rejects.toThrow(TypeError);
  });

  test(`${name} refuses an option that it does not know`, async ({ open }) => {
    const { client } = await open();
    const given = argumentsOf(name);
    const error = await failure(callMatcher(expect(client), name, [...given, { tiemout: 5 }]));

    expect(error).toMatchObject({ name: 'TypeError', code: 'WS_INVALID_OPTION' });
    expect(error.message).toContain(`Unknown option "tiemout" of ${name}: it takes `);
  });
}

test('an error of misuse points at the line of the assertion', async ({ open }) => {
  const { client } = await open();
  const here = new Error('here');
  const error = await failure(expect(client).toReceiveMessage('x', { timeout: -1 }));
  const line = Number(/misuse\.spec\.ts:(\d+)/.exec(here.stack ?? '')?.[1]) + 1;

  expect(error.message).toBe(
    'Invalid option "timeout" of toReceiveMessage: expected milliseconds of at least 0, found -1',
  );
  expect(error.stack?.split('\n')[1]).toContain(`misuse.spec.ts:${line}:`);
});

for (const [matcher, given, message] of [
  [
    'toReceiveMessage',
    [undefined],
    text(
      'Cannot use undefined as the expectation of toReceiveMessage: it is most often a variable that was never set.',
      '  For any message write toReceiveMessage(anyMessage).',
    ),
  ],
  [
    'toReceiveMessage',
    [{ timeout: 100 }],
    text(
      'Cannot use { timeout: 100 } as the expectation of toReceiveMessage: it consists of options alone, and options come second.',
      '  Write toReceiveMessage(anyMessage, { timeout: 100 }). For a message with such keys write expect.objectContaining({ timeout: 100 }).',
    ),
  ],
  [
    'toReceiveMessage',
    ['x', 100],
    'Invalid options of toReceiveMessage: expected an object with timeout, after, where, within, notBefore, signal, found 100',
  ],
  [
    'toReceiveMessage',
    ['x', { signal: 'stop' }],
    'Invalid option "signal" of toReceiveMessage: expected an AbortSignal, found "stop"',
  ],
  [
    'toReceiveMessage',
    ['x', { within: '5s' }],
    'Invalid option "within" of toReceiveMessage: expected milliseconds of at least 0, found "5s"',
  ],
  [
    'toReceiveMessage',
    ['x', { quietFor: 5 }],
    'Unknown option "quietFor" of toReceiveMessage: it takes timeout, after, where, within, notBefore, signal',
  ],
  [
    'toReceiveMessage',
    ['x', { after: 5 }],
    'Cannot use a value of type number as `after` of toReceiveMessage: pass a mark (client.mark()), a sent frame (await client.send(…)) or a received message',
  ],
  [
    'toReceiveMessages',
    [['x'], { order: 'sorted' }],
    "Invalid option \"order\" of toReceiveMessages: expected 'relative', 'strict' or 'any', found \"sorted\"",
  ],
  [
    'toHaveReceivedMessage',
    ['x', { times: 1.5 }],
    'Invalid option "times" of toHaveReceivedMessage: expected a whole number of at least 0, found 1.5',
  ],
  [
    'toHaveReceivedMessage',
    [],
    text(
      'Cannot use undefined as the expectation of toHaveReceivedMessage: it is most often a variable that was never set.',
      '  For any message write toHaveReceivedMessage(anyMessage).',
    ),
  ],
  ['toHaveReceivedMessageCount', ['3'], 'Cannot count messages up to "3": expected a whole number of at least 0'],
  ['toHaveSubprotocol', [], "Cannot expect undefined as the subprotocol: expected its name, or '' for none"],
  ['toBeClosed', [{ code: '1000' }], 'Invalid option "code" of toBeClosed: expected a close code, found "1000"'],
  ['toBeClosed', [{ reason: 5 }], 'Invalid option "reason" of toBeClosed: expected text or a RegExp, found 5'],
  ['toBeClosed', [{ wasClean: 1 }], 'Invalid option "wasClean" of toBeClosed: expected true or false, found 1'],
  [
    'toBeClosed',
    [{ by: 'peer' }],
    "Invalid option \"by\" of toBeClosed: expected 'client', 'server' or 'network', found \"peer\"",
  ],
  ['toBeOpen', [{ for: -5 }], 'Invalid option "for" of toBeOpen: expected milliseconds of at least 0, found -5'],
] as const) {
  test(`${matcher}(${given.map((one) => JSON.stringify(one)).join(', ')}) is a TypeError`, async ({ open }) => {
    const { client } = await open();
    const error = await failure(callMatcher(expect(client), matcher, given));

    expect(error.name).toBe('TypeError');
    expect(error.message).toBe(message);
  });
}

for (const [given, message] of [
  [
    ['x', { where: { id: 1 } }],
    'Unknown option "where" of toReceiveMessage: it takes quietFor, after, fence, timeout, signal',
  ],
  [
    ['x', { fence: {} }],
    'Invalid option "fence" of toReceiveMessage: expected true or { send, expect }, found a value of type object',
  ],
  [['x', { fence: true, quietFor: 5 }], 'Cannot use both "quietFor" and "fence": a fence ends the window by itself'],
] as const) {
  test(`not.toReceiveMessage(${given.map((one) => JSON.stringify(one)).join(', ')}) is a TypeError`, async ({
    open,
  }) => {
    const { client } = await open();

    expect(await failureText(callMatcher(expect(client).not, 'toReceiveMessage', given))).toBe(message);
  });
}

test('misuse fails under not, too', async ({ open }) => {
  const { client } = await open();
  // @ts-expect-error an explicit undefined
  const failing = expect(client).not.toReceiveMessage(undefined);

  await expect(failing).rejects.toThrow('Cannot use undefined as the expectation of not.toReceiveMessage');
});

test('misuse of history that only a message shows fails under not, too', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  await expect(client).toReceiveMessage('a');
  const failing = callMatcher(expect(client).not, 'toHaveReceivedMessage', [() => {}]);

  expect(await failureText(failing)).toBe(
    text(
      'Cannot use () => {} as the expectation of toHaveReceivedMessage: the predicate returned undefined, true or false was wanted.',
      "  Return a boolean: toHaveReceivedMessage((message) => message.text === 'ready').",
    ),
  );
});

test('a client whose connect was not awaited is found at once', async ({ server }) => {
  const connecting = connect(server.url);
  const assertions: unknown = expect(connecting);
  await expect(callMatcher(assertions, 'toBeOpen', argumentsOf('toBeOpen'))).rejects.toThrow('found a promise');

  await (await connecting).close();
});

test('a promise of a client is resolved by resolves', async ({ open }) => {
  const { client } = await open();

  await callMatcher(expect(Promise.resolve(client)).resolves, 'toBeOpen', []);
});

function argumentsOf(name: string): unknown[] {
  if (name === 'toBeOpen' || name === 'toBeClosed') return [];
  if (name === 'toReceiveMessages') return [['x']];
  return [name === 'toHaveReceivedMessageCount' ? 1 : 'x'];
}
