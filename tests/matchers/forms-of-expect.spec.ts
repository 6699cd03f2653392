import { expect as standalone } from 'expect';
import { matchers } from '../../src/client.ts';
import { failure, failureText, steadyText, text } from '../helpers/failure-text.ts';
import { mergeExpects, expect as playwrightExpect } from '@playwright/test';
import { callMatcher, expect, test } from './open-client.ts';

const soon = { timeout: 30 };

test('expect.configure sets the limit of matchers', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect.configure({ timeout: 25 })(client).toReceiveMessage('x'))).toContain(
    'Timeout:  25ms\n',
  );
});

test('the option timeout goes before that of expect.configure', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect.configure({ timeout: 60_000 })(client).toReceiveMessage('x', soon))).toContain(
    'Timeout:  30ms\n',
  );
});

test('a message of the user stands before the failure', async ({ open }) => {
  const { client } = await open();

  expect(await failureText(expect(client, 'the server greets').toReceiveMessage('hello', soon))).toBe(
    text(
      'the server greets',
      '',
      'expect(client).toReceiveMessage(expected) failed',
      '',
      'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
      'Expected: "hello"',
      'Received: nothing',
      'Timeout:  30ms',
      '',
      'Call log:',
      '  - no frames',
    ),
  );
});

test('resolves waits for the client and then for the message', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('hello');

  await expect(Promise.resolve(client)).resolves.toReceiveMessage('hello');
});

test('claims made inside toPass stand', async ({ open }) => {
  const { client, peer } = await open();
  await peer.send('a');
  let attempts = 0;
  const passing = expect(async () => {
    attempts += 1;
    if (attempts === 2) await peer.send('b');
    await expect(client).toReceiveMessage('a', soon);
    await expect(client).toReceiveMessage('b', soon);
  }).toPass({ intervals: [1], timeout: 400 });

  // The second attempt looks for a second "a".
  await expect(passing).rejects.toThrow(
    '#1 matches, but it was claimed by toReceiveMessage at forms-of-expect.spec.ts:',
  );
});

test('with after each attempt of toPass looks at its own answers', async ({ open }) => {
  const { client, peer } = await open();
  let attempts = 0;
  await expect(async () => {
    attempts += 1;
    const request = await client.send('status?');
    await peer.nextMessage();
    await peer.send({ state: attempts < 3 ? 'starting' : 'ready' });
    await expect(client).toReceiveMessage({ state: 'ready' }, { after: request, ...soon });
  }).toPass({ intervals: [1] });

  expect(attempts).toBe(3);
});

test('expect.poll acts as one ordinary wait', async ({ open }) => {
  const { client, peer } = await open();
  let attempts = 0;
  const assertions: unknown = expect.poll(() => {
    attempts += 1;
    return client;
  });
  const received = callMatcher(assertions, 'toReceiveMessage', ['x']);
  await client.send('go');
  await peer.nextMessage();
  await peer.send('x');
  await peer.send('x');
  await received;
  await expect(client).toHaveReceivedMessageCount(2);

  expect(attempts).toBe(1);
  expect(client.messages.unclaimed.map(({ index }) => index)).toEqual([1]);
});

test('mergeExpects keeps the matchers', async ({ open }) => {
  const { client, peer } = await open();
  const merged = mergeExpects(playwrightExpect, expect);
  await peer.send('x');
  await merged(client).toReceiveMessage('x');

  expect(await failureText(merged(client).toReceiveMessage('y', soon))).toContain('Expected: "y"\n');
});

test.describe('the standalone expect', () => {
  test.beforeAll(() => standalone.extend(matchers));

  test('has the matchers', async ({ open }) => {
    const { client, peer } = await open();
    await peer.send({ type: 'greeting' });
    await callMatcher(standalone(client), 'toReceiveMessage', [{ type: 'greeting' }]);
    await callMatcher(standalone(client).not, 'toReceiveMessage', []);
    await callMatcher(standalone([client]), 'toBeOpen', []);
    await callMatcher(standalone(client).not, 'toBeClosed', []);

    expect(client.messages.unclaimed).toEqual([]);
  });

  test('takes its own asymmetric matchers', async ({ open }) => {
    const { client, peer } = await open();
    await peer.send({ id: 5 });

    await callMatcher(standalone(client), 'toReceiveMessage', [
      standalone.objectContaining({ id: standalone.any(Number) }),
    ]);
  });

  test('fails with the same text', async ({ open }) => {
    const { client } = await open();
    const error = await failure(callMatcher(standalone(client), 'toReceiveMessage', ['x', soon]));

    expect(steadyText(error.message)).toBe(
      text(
        'expect(client).toReceiveMessage(expected) failed',
        '',
        'Client:   /orders (ws://127.0.0.1:PORT/orders), open for N ms',
        'Expected: "x"',
        'Received: nothing',
        'Timeout:  30ms',
        '',
        'Call log:',
        '  - no frames',
      ),
    );
  });

  test('fails under not, too', async ({ open }) => {
    const { client, peer } = await open();
    await peer.send('x');
    await expect(client).toHaveReceivedMessageCount(1);
    const error = await failure(callMatcher(standalone(client).not, 'toReceiveMessage', ['x']));

    expect(error.message).toContain('expect(client).not.toReceiveMessage(expected) failed\n');
  });

  test('throws the TypeError of misuse', async ({ open }) => {
    const { client } = await open();
    const error = await failure(callMatcher(standalone(client), 'toReceiveMessage', [undefined]));

    expect(error).toMatchObject({ name: 'TypeError', code: 'WS_INVALID_EXPECTATION' });
  });
});

test('a run reports soft failures, the limit of the project and the line of each', async ({
  runInline,
  startServer,
}) => {
  const server = await startServer((peer) => void peer.send('hello'));
  const result = await runInline(
    {
      'orders.spec.ts': [
        `import { expect, test } from 'playwright-ws';`,
        `test.fail('soft', async ({ ws }) => {`,
        `  const client = await ws.connect('/');`,
        `  await expect.soft(client).toReceiveMessage('first', { timeout: 20 });`,
        `  await expect.soft(client, 'the second').toReceiveMessage('second', { timeout: 20 });`,
        `  await expect(client).toReceiveMessage('hello');`,
        `  console.log('the test went on');`,
        `});`,
        `test.fail('limit', async ({ ws }) => {`,
        `  const client = await ws.connect('/');`,
        `  await expect(client).toReceiveMessage('x');`,
        `});`,
      ].join('\n'),
    },
    { config: { expect: { timeout: 45 }, use: { baseURL: server.httpUrl } } },
  );
  const soft = result.test('soft');

  expect(soft.errors.map(({ location }) => location)).toEqual(['orders.spec.ts:4:29', 'orders.spec.ts:5:43']);
  expect(soft.errors.map(({ message }) => message.split('\n')[0])).toEqual([
    'Error: expect(client).toReceiveMessage(expected) failed',
    'Error: the second',
  ]);
  expect(soft.stdout).toBe('the test went on\n');
  expect(result.test('limit').errors[0]?.message).toContain('Timeout:  45ms\n');
  expect(result.test('limit').errors[0]?.location).toBe('orders.spec.ts:11:24');
});
