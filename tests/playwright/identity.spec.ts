// product.md, "`ws` fixture" and "Options of `connect`": what a handshake shares with Playwright's own options and `request`.
import type { InlineResult } from '../helpers/run-inline.ts';
import type { TestServer } from '../helpers/server.ts';
import { expect, test } from '../helpers/test.ts';
import { browserUse } from './evidence-run.ts';
import { errorsOf, inlineTest, slowRun, slowTestMs } from './inline-test.ts';
import { peer } from './peer.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const stored = { name: 'stored', value: '1', domain: '127.0.0.1', path: '/', expires: -1 };
const state = { cookies: [{ ...stored, httpOnly: false, secure: false, sameSite: 'Lax' }], origins: [] };

const browser = browserUse();
const hasBrowser = browser.launchOptions !== undefined;

let result: InlineResult;
let server: TestServer;

test.beforeAll(async ({ runInline, startServer }) => {
  test.setTimeout(slowTestMs);
  server = await startServer(peer);
  const withRequest = { fixtures: '{ request, ws }' } as const;
  result = await runInline(
    {
      'state.json': JSON.stringify(state),
      ...inlineTest(
        'request logged in',
        `await request.get('/login');
  await ws.connect('/echo/login');
  await ws.connect('/silent/login');
  await ws.connect('/silent/no-cookies', { cookies: false });
  await ws.connect('/silent/by-hand', { headers: { cookie: 'mine=1' } });`,
        withRequest,
      ),
      ...inlineTest('a hook logged in', `await ws.connect('/silent/hook');`, {
        before: `test.beforeEach(async ({ request }) => { await request.get('/login'); });`,
      }),
      ...inlineTest('refused', `await request.get('/login');\n  await ws.connect('/refuse');`, {
        ...withRequest,
        kind: 'fails',
      }),
      ...inlineTest('storage state of a path', `await ws.connect('/silent/state-path');`, {
        before: `test.use({ storageState: 'state.json' });`,
      }),
      ...inlineTest('storage state as an object', `await ws.connect('/silent/state-object');`, {
        before: `test.use({ storageState: ${JSON.stringify(state)} });`,
      }),
      ...inlineTest('another context', contextBody, { fixtures: '{ baseURL, playwright, ws }' }),
      ...inlineTest('a storage state', `await ws.connect('/silent/given', { cookies: 'state.json' });`),
      ...inlineTest(
        'layers',
        `await ws.connect('/silent/layers', { headers: { 'x-call': 'call', 'X-Gone': null, 'X-Nil': null } });
  await ws.connect('/silent/no-layer', { headers: undefined, name: undefined });`,
        {
          before: `test.use({
            userAgent: 'agent/1',
            extraHTTPHeaders: { 'x-extra': 'extra', 'X-Options': 'extra', 'x-call': 'extra', 'x-nil': 'extra' },
            wsOptions: { name: 'named', headers: { 'x-options': 'options', 'x-call': 'options', 'x-gone': 'options' } },
          });`,
        },
      ),
      ...inlineTest(
        'no agent',
        `await ws.connect('/silent/plain');\n  await ws.connect('ws://127.0.0.1:${server.port}/silent/absolute');`,
      ),
      ...inlineTest('credentials', `await ws.connect('/silent/credentials');`, {
        before: `test.use({ httpCredentials: { username: 'u', password: 'p', send: 'always' } });`,
      }),
      ...inlineTest('several credentials', `await ws.connect('/silent/several');`, {
        before: `test.use({ httpCredentials: [[{ username: 'a', password: 'b', origin: 'http://elsewhere', send: 'always' }, { username: 'u', password: 'p', send: 'always' }], { scope: 'test' }] as never });`,
      }),
      ...inlineTest('proxy', `await ws.connect('/silent/proxied');`, {
        kind: 'fails',
        before: `test.use({ proxy: { server: 'http://127.0.0.1:1' } });`,
      }),
      ...inlineTest('wrong wsOptions', `await ws.connect('/silent');`, {
        kind: 'fails',
        before: `test.use({ wsOptions: { waitTimeot: 1, closeTimeout: -1 } as never });`,
      }),
      ...inlineTest('wrong wsOptions, unused', ``, {
        fixtures: '{}',
        before: `test.use({ wsOptions: { waitTimeot: 1 } as never });`,
      }),
      ...inlineTest('wrong wsReport', `await ws.connect('/silent');`, {
        kind: 'fails',
        before: `test.use({ wsReport: 'sometimes' as never });`,
      }),
      ...inlineTest('wrong scheme', `await ws.connect('ftp://x');`, { kind: 'fails' }),
      ...inlineTest('wrong option', `await ws.connect('/silent', { timeout: -1 });`, { kind: 'fails' }),
      ...(hasBrowser ? inPage : {}),
    },
    { ...slowRun, config: { use: { ...browser, baseURL: server.httpUrl } } },
  );
});

const inPage = inlineTest(
  'page',
  `await page.goto('/login');
  await ws.connect('/silent/context', { cookies: context });
  await ws.connect('/silent/without');`,
  { fixtures: '{ context, page, ws }' },
);

const contextBody = `const other = await playwright.request.newContext({ baseURL });
  await other.get('/login');
  await ws.connect('/silent/other', { cookies: other });
  await other.dispose();`;

/** Path -> cookies that the server saw. */
const cookies: Readonly<Record<string, readonly [title: string, cookie: string | undefined]>> = {
  '/echo/login': ['of a login through `request` arrive, those of the path first', 'path=deep; session=abc'],
  '/silent/login': ['of a login through `request` arrive, but those of another path', 'session=abc'],
  '/silent/no-cookies': ['are not sent with `cookies: false`', undefined],
  '/silent/by-hand': ['give way to a cookie header', 'mine=1'],
  '/silent/hook': ['of a login in a hook arrive', 'session=abc'],
  '/silent/state-path': ['of `use.storageState`, a path, arrive', 'stored=1'],
  '/silent/state-object': ['of `use.storageState`, an object, arrive', 'stored=1'],
  '/silent/other': ['of another APIRequestContext arrive', 'session=abc'],
  '/silent/given': ['of the path of a storage state arrive', 'stored=1'],
  '/silent/plain': ['are not sent when there is no source of them', undefined],
};

for (const [path, [title, cookie]] of Object.entries(cookies)) {
  test(`cookies ${title}`, () => {
    const found = headersOf(path).cookie;
    expect(found?.split('; ').toSorted()).toEqual(cookie?.split('; ').toSorted());
  });
}

test('cookies are named by an error of a refusal', () => {
  expect(errorsOf(result, 'refused')).toEqual([
    `refused.spec.ts:5:12 HandshakeError: Cannot connect to "${server.url}/refuse": the server answered 401 Unauthorized
  body: {"error":"missing token"}
  cookies: 1 sent, from \`request\`
  Log in with \`request\` first, or pass { headers: { authorization: … } }.`,
  ]);
});

test('options of a call go over wsOptions, those over the options of Playwright, headers by name', () => {
  const { 'user-agent': agent, ...headers } = headersOf('/silent/layers');
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-'));
  expect(Object.fromEntries(own)).toEqual({ 'x-extra': 'extra', 'x-options': 'options', 'x-call': 'call' });
  expect(agent).toBe('agent/1');
});

test('options that are undefined are not set', () => {
  const own = Object.entries(headersOf('/silent/no-layer')).filter(([name]) => name.startsWith('x-'));
  const options = { 'x-options': 'options', 'x-call': 'options', 'x-gone': 'options' };
  expect(Object.fromEntries(own)).toEqual({ 'x-extra': 'extra', 'x-nil': 'extra', ...options });
});

test('an absolute URL does not need a baseURL', () => {
  expect(headersOf('/silent/absolute').host).toBe(`127.0.0.1:${server.port}`);
});

test('httpCredentials of the project are sent', () => {
  expect(headersOf('/silent/credentials').authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
});

test('httpCredentials of the project may be a list, of which the origin chooses', () => {
  expect(headersOf('/silent/several').authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
});

test('proxy of the project is used', () => {
  expect(errorsOf(result, 'proxy').join()).toContain('127.0.0.1:1');
  expect(server.handshakes.map(({ url }) => url)).not.toContain('/silent/proxied');
});

test('wsOptions are checked when a test asks for `ws`', () => {
  expect(errorsOf(result, 'wrong wsOptions')).toEqual([
    ` TypeError: Invalid options of wsOptions:
  - Unknown option "waitTimeot". Did you mean "waitTimeout"?
  - Invalid option "closeTimeout": expected a number of milliseconds from 0 to 30000, found -1`,
  ]);
});

test('wsOptions are nothing to a test without clients', () => {
  expect(result.test('wrong wsOptions, unused').status).toBe('passed');
});

test('wsReport is checked when a test asks for `ws`', () => {
  expect(errorsOf(result, 'wrong wsReport').join()).toContain('found "sometimes"');
});

test('a URL that is not allowed is an error at the line of the call', () => {
  expect(errorsOf(result, 'wrong scheme')).toEqual([
    'wrong-scheme.spec.ts:4:10 TypeError: Invalid URL "ftp://x/": the scheme is "ftp:". Use a ws:, wss:, http: or https: URL.',
  ]);
});

test('an option that is not allowed is an error at the line of the call', () => {
  expect(errorsOf(result, 'wrong option')).toEqual([
    'wrong-option.spec.ts:4:10 TypeError: Invalid option "timeout" of connect: expected a number of milliseconds of at least 0, found -1',
  ]);
});

test('a test without a browser starts none', () => {
  const without = result.tests.filter(({ title }) => title !== 'page');
  const steps = JSON.stringify(without.map((one) => one.steps));
  expect(steps).not.toMatch(/Launch browser|Fixture "(browser|context|page)"/);
});

test('cookies of a BrowserContext arrive', () => {
  test.skip(!hasBrowser, 'There is no browser.');
  expect(result.test('page').errors).toEqual([]);
  expect([headersOf('/silent/context').cookie, headersOf('/silent/without').cookie]).toEqual([
    'session=abc',
    undefined,
  ]);
});

function headersOf(path: string): TestServer['handshakes'][number]['headers'] {
  const handshake = server.handshakes.find(({ url }) => url === path);
  if (handshake === undefined) throw new Error(`Cannot find the handshake of ${path}: see ${result.output}`);
  return handshake.headers;
}
