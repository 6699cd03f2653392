// product.md, "`ws` fixture": it belongs to one test or one hook.
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { errorsOf, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const shared = `let shared: WebSocketClient; let sharedWs: WebSockets; test.beforeAll(async ({ ws }) => { sharedWs = ws; shared = await ws.connect('/greet/shared', { name: 'shared' }); await shared.waitForMessage({ type: 'hello' }); });`;
const fromBeforeAll = { before: shared, kind: 'fails', fixtures: '{}' } as const;

let result: InlineResult;
let server: TestServer;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  server = await startServer(peer);
  result = await runInline(
    {
      ...inlineTest('used by a method', `await shared.send('x');`, fromBeforeAll),
      ...inlineTest('used by a matcher', `await expect(shared).toReceiveMessage('x');`, fromBeforeAll),
      ...inlineTest('used unawaited', `void shared.send('x');`, fromBeforeAll),
      ...inlineTest('connects', `await sharedWs.connect('/echo');`, fromBeforeAll),
      ...inlineTest('read', `console.log(shared.readyState, shared.messages.length, (await shared.closed).code);`, {
        before: shared,
        fixtures: '{}',
      }),
      ...inlineTest('of beforeEach and test', `console.log(ws.clients.map(({ name }) => name).join());`, {
        before: `test.beforeEach(async ({ ws }) => { await ws.connect('/silent', { name: 'of beforeEach' }); });`,
      }),
      ...inlineTest('open in afterEach', `await ws.connect('/silent');`, {
        before: `test.afterEach(({ ws }) => console.log('state', ws.clients[0]?.readyState));`,
      }),
      ...inlineTest('after afterEach', `const client = await ws.connect('/echo');`, {
        kind: 'fails',
        before: `test.afterEach(async ({ ws }) => { ws.clients[0]?.on('message', () => {}); });`,
      }),
      ...inlineTest('behind beforeAll', ``, {
        before: `test.beforeAll(async ({ ws }) => { (await ws.connect('/silent')).on('message', () => {}); });`,
      }),
      ...inlineTest('before afterAll', ``, {
        before: `test.afterAll(async ({ ws }) => { const client = await ws.connect('/silent'); void expect(client).toReceiveMessage('x'); });`,
      }),
      ...inlineTest('innocent', `await ws.connect('/silent/innocent');`),
    },
    { ...slowRun, config: { use: { baseURL: server.httpUrl } } },
  );
});

const outlived =
  'the test or hook that connected it at FILE:2 has ended, and its clients with it. Connect in the test, or use `workerWs` for connections that tests share';

for (const [title, name, column] of [
  ['used by a method', 'a method', 14],
  ['used by a matcher', 'a matcher', 22],
  ['used unawaited', 'a method that is not awaited', 13],
] as const) {
  test(`a client of beforeAll in a test: ${name} throws an error that names both lines`, () => {
    const file = `${title.replaceAll(' ', '-')}.spec.ts`;
    expect(errorsOf(result, title)).toEqual([
      `${file}:4:${column} ConnectionClosedError: Cannot use "shared" at ${file}:4: ${outlived.replace('FILE', file)}`,
    ]);
  });
}

test('a client of beforeAll is closed when the hook ends, and can be read', async () => {
  expect(result.test('read').stdout).toBe('3 1 1000\n');
  const codes = server.connections.filter(({ path }) => path === '/greet/shared').map(({ closed }) => closed);
  expect(new Set((await Promise.all(codes)).map(({ code }) => code))).toEqual(new Set([1000]));
});

test('`ws` of beforeAll in a test connects no more', () => {
  expect(errorsOf(result, 'connects')).toEqual([
    'connects.spec.ts:4:16 ConnectionClosedError: Cannot connect at connects.spec.ts:4: the test or hook that this `ws` belongs to has ended',
  ]);
});

test('`ws` of beforeEach is that of the test', () => {
  expect(result.test('of beforeEach and test').stdout).toBe('of beforeEach\n');
});

test('clients are open in afterEach', () => {
  expect(result.test('open in afterEach').stdout).toBe('state 1\n');
});

test('a test is judged after its afterEach hooks', () => {
  const places = result.test('after afterEach').errors.map(({ location }) => location);
  expect(places).toEqual(['after-afterEach.spec.ts:2:51']);
});

test('a finding in beforeAll fails the hook', () => {
  const { errors, status } = result.test('behind beforeAll');
  expect([status, errors.map(({ location }) => location)]).toEqual(['failed', ['behind-beforeAll.spec.ts:2:66']]);
});

test('a finding in afterAll fails the last test', () => {
  const { errors, status } = result.test('before afterAll');
  expect([status, errors.map(({ location }) => location)]).toEqual(['failed', ['before-afterAll.spec.ts:2:99']]);
});

test('a test after hooks with findings passes', () => {
  expect(result.test('innocent').status).toBe('passed');
  expect(result.errors).toEqual([]);
});
