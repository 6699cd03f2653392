// product.md, "Evidence", first paragraph: steps.
import { isHostAtLeast } from '../../src/playwright/host-version.ts';
import type { InlineResult, InlineTest } from '../helpers/run-inline.ts';
import { expect, test } from '../helpers/test.ts';
import { inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

/** Playwright before 1.61 points at `.step`. */
const stepOfUser = isHostAtLeast(61) ? '6:3' : '6:14';

let result: InlineResult;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  const server = await startServer(peer);
  result = await runInline(
    {
      ...inlineTest(
        'each operation',
        `const client = await ws.connect('/echo', { name: 'orders' });
  await client.send({ action: 'subscribe', channels: [1, { deep: true }] });
  await client.waitForMessage({ action: 'subscribe' });
  await client.send('plain');
  await client.send(Buffer.from([1, 2, 255]));
  await client.waitForMessages(2);
  await client.request({ id: 7 }, { id: 7 });
  await client.extract('$.id');
  await client.sendUntil('again', 'again');
  await client.ping();
  await client.pong();
  await client.stay(1);
  await expect(client).not.toReceiveMessage();
  await ws.handshake('/refuse');
  await client.close(4000, 'enough');
  await client.waitForClose();`,
      ),
      ...inlineTest(
        'in the order of the calls',
        `const client = await ws.connect('/greet');
  await Promise.all([client.send('a'), client.send('b'), client.waitForMessage({ type: 'hello' })]);
  await test.step('of the user', async () => {
    await client.send('c');
  });`,
      ),
      ...inlineTest(
        'failing',
        `const client = await ws.connect('/silent');
  await client.waitForMessage('a', { timeout: 1 });`,
        { kind: 'fails' },
      ),
      ...inlineTest(
        'many',
        `const client = await ws.connect('/silent');
  for (let index = 0; index < 250; index++) await client.send('same');
  await test.step('last', () => {});`,
      ),
      ...inlineTest(
        'reconnecting',
        `const client = await ws.connect('/vanish', {
    reconnect: { delay: 0, options: (attempt) => (attempt === 1 ? { url: '/refuse' } : { url: '/echo' }) },
  });
  const opened = new Promise((resolve) => client.once('reconnect', () => resolve(client.send('again'))));
  await client.send('go');
  await opened;`,
      ),
      ...inlineTest('without ws', ``, { fixtures: '{}' }),
      ...inlineTest('with request', `await request.get('/login');`, { fixtures: '{ request }' }),
      ...inlineTest('with request and ws', `await request.get('/login');\n  await ws.connect('/echo');`, {
        fixtures: '{ request, ws }',
      }),
      ...inlineTest('without cookies', `await ws.connect('/echo');`, { fixtures: '{ request, ws }' }),
      'base.spec.ts': `
        import { test } from '@playwright/test';
        test('of Playwright', async ({ request }) => { await request.get('/login'); });`,
    },
    { ...slowRun, config: { use: { baseURL: server.httpUrl } } },
  );
});

test('each operation is a step with a readable title and subtitle, at its line', () => {
  expect(rows(result.test('each operation'))).toEqual([
    '4:25 Connect WebSocket · orders',
    '5:16 Send message · action: "subscribe", channels: [1,("deep":true)]',
    '6:16 Wait for message · action: "subscribe"',
    '7:16 Send message · plain',
    '8:16 Send message · <01 02 ff>',
    '9:16 Wait for messages · 2',
    '10:16 Send request · id: 7',
    '11:16 Extract value · $.id',
    '12:16 Send until answered · again',
    '13:16 Send ping · ',
    '14:16 Send pong · ',
    '15:16 Stay connected · 1 ms',
    '16:28 Expect "not toReceiveMessage" · ',
    '17:12 Perform handshake · /refuse',
    '18:16 Close WebSocket · orders 4000 enough',
    '19:16 Wait for close · orders',
  ]);
});

test('steps have no braces, which the trace viewer would take for a template', () => {
  for (const row of rows(result.test('each operation'))) expect(row).not.toMatch(/[{}]/);
});

test('steps are in the order of the calls, nested in those of the user, without one for what is received', () => {
  expect(rows(result.test('in the order of the calls'))).toEqual([
    '4:25 Connect WebSocket · /greet',
    '5:29 Send message · a',
    '5:47 Send message · b',
    '5:65 Wait for message · type: "hello"',
    `${stepOfUser} of the user · `,
    '  7:18 Send message · c',
  ]);
});

test('a step of an operation that failed has its error', () => {
  const [, wait] = result.test('failing').steps.filter(({ category }) => category === 'test.step');
  expect(wait?.error).toMatch(/^WaitTimeoutError: client\.waitForMessage\(expected\) failed\n/);
});

test('a step of a handshake that was refused has no error: the refusal is the answer', () => {
  const step = result.test('each operation').steps.find(({ title }) => title.startsWith('Perform handshake'));
  expect(step?.error).toBe('');
});

test('a test shows 200 steps, says that there are more, and shows the steps of others', () => {
  const all = rows(result.test('many'));
  expect(all).toHaveLength(202);
  expect(all.slice(198)).toEqual([
    '5:58 Send message · same',
    '5:58 Send message · same',
    '5:58 WebSocket operations from here on are not shown: a test shows 200 · ',
    `${stepOfUser} last · `,
  ]);
});

test('a test without clients has no row of ours', () => {
  expect(titles(result.test('without ws'))).toEqual(['Before Hooks', 'After Hooks']);
});

test('a test that uses `request` has the rows that it has in Playwright', () => {
  expect(titles(result.test('with request'))).toEqual(titles(result.test('of Playwright')));
});

test('a connect step names the source and the number of cookies', () => {
  expect(rows(result.test('with request and ws')).at(-1)).toBe(
    '5:12 Connect WebSocket · /echo, 2 cookies of `request`',
  );
  expect(rows(result.test('without cookies')).at(-1)).toBe('4:10 Connect WebSocket · /echo, 0 cookies of `request`');
});

test('each attempt to reconnect is a step at the line of connect; one that failed has its error', () => {
  const { status, steps } = result.test('reconnecting');
  expect(rows(result.test('reconnecting'))).toEqual([
    '4:25 Connect WebSocket · /vanish',
    '8:16 Send message · go',
    '4:25 Reconnect WebSocket · /vanish, attempt 1 of 10',
    '4:25 Reconnect WebSocket · /vanish, attempt 2 of 10',
    '7:89 Send message · again',
  ]);
  const errors = steps.filter(({ title }) => title.startsWith('Reconnect')).map(({ error }) => error);
  expect(errors).toEqual([expect.stringContaining('the server answered 401 Unauthorized'), '']);
  expect(status).toBe('passed');
});

test('a test that does not use `request` does not create it', () => {
  expect(titles(result.test('in the order of the calls')).filter((title) => title.includes('request'))).toEqual([]);
});

type Step = InlineTest['steps'][number];

/** `line:column title · subtitle` of each step but those of Playwright, children indented. */
function rows({ steps }: InlineTest): string[] {
  return steps
    .filter(({ category }) => category === 'test.step' || category === 'expect')
    .flatMap((step) => rowsOf(step));
}

function rowsOf({ location, steps, subtitle, title }: Step): string[] {
  const place = location.slice(location.indexOf(':') + 1);
  // Playwright before 1.63 has no subtitles: they stand in the title there.
  const label = subtitle === '' && title.includes(' · ') ? title : `${title} · ${subtitle}`;
  return [`${place} ${label}`, ...steps.flatMap((step) => rowsOf(step).map((row) => `  ${row}`))];
}

function titles({ steps }: { readonly steps: readonly Step[] }): string[] {
  return steps.flatMap((step) => [step.title, ...titles(step)]);
}
