import { writeFile } from 'node:fs/promises';
import { cookiesFor, type StoredCookie } from '../../src/transport/cookies.ts';
import { expect, test } from '../helpers/test.ts';

const cookie: StoredCookie = { name: 'a', value: '1', domain: 'shop.example', path: '/', expires: -1, secure: false };

for (const [what, stored, url, isSent] of [
  ['of the host', {}, 'ws://shop.example/', true],
  ['of the host, in capitals', {}, 'ws://SHOP.example/', true],
  ['of the host', {}, 'ws://www.shop.example/', false],
  ['of another host', { domain: 'other.example' }, 'ws://shop.example/', false],
  ['of the domain', { domain: '.shop.example' }, 'ws://www.shop.example/', true],
  ['of the domain', { domain: '.shop.example' }, 'ws://shop.example/', true],
  ['of the domain', { domain: '.shop.example' }, 'ws://workshop.example/', false],
  ['of an address', { domain: '127.0.0.1' }, 'ws://127.0.0.1:8080/', true],
  ['of a path', { path: '/app' }, 'ws://shop.example/app/feed', true],
  ['of a path', { path: '/app' }, 'ws://shop.example/app', true],
  ['of a path', { path: '/app' }, 'ws://shop.example/apple', false],
  ['that is Secure', { secure: true }, 'wss://shop.example/', true],
  ['that is Secure', { secure: true }, 'ws://shop.example/', false],
  ['that is Secure, of this machine', { secure: true, domain: 'localhost' }, 'ws://localhost/', true],
  ['that is Secure, of this machine', { secure: true, domain: '127.0.0.1' }, 'ws://127.0.0.1/', true],
  ['that expired', { expires: 1 }, 'ws://shop.example/', false],
  ['that expires later', { expires: 4_102_444_800 }, 'ws://shop.example/', true],
] as const) {
  test(`a cookie ${what} ${isSent ? 'is' : 'is not'} sent to ${url}${JSON.stringify(stored)}`, async () => {
    const cookies = [{ ...cookie, ...stored }];

    expect(await cookiesFor({ cookies }, new URL(url))).toEqual(
      isSent ? { header: 'a=1', count: 1 } : { header: '', count: 0 },
    );
  });
}

test('cookies of longer paths come first', async () => {
  const cookies = [cookie, { ...cookie, name: 'b', path: '/app/feed' }, { ...cookie, name: 'c', path: '/app' }];

  expect(await cookiesFor({ cookies }, new URL('ws://shop.example/app/feed'))).toEqual({
    header: 'b=1; c=1; a=1',
    count: 3,
  });
});

test('no cookies are sent with false', async () => {
  expect(await cookiesFor(false, new URL('ws://shop.example/'))).toEqual({ header: '', count: 0 });
});

test('a jar is asked for the https form of a wss URL', async () => {
  const asked: string[] = [];
  const jar = {
    cookies: async (url: string) => {
      asked.push(url);
      return [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ];
    },
    storageState: () => Promise.reject(new Error('not to be asked')),
  };

  expect(await cookiesFor(jar, new URL('wss://shop.example/feed?x=1'))).toEqual({ header: 'a=1; b=2', count: 2 });
  expect(asked).toEqual(['https://shop.example/feed?x=1']);
});

test('a jar without cookies() is read through storageState()', async () => {
  const jar = { storageState: async () => ({ cookies: [cookie, { ...cookie, domain: 'other.example' }] }) };

  expect(await cookiesFor(jar, new URL('ws://shop.example/'))).toEqual({ header: 'a=1', count: 1 });
});

test("Playwright's request fixture is a jar", async ({ request, startServer }) => {
  const server = await startServer({
    http: (_request, response) => response.setHeader('set-cookie', ['a=1', 'b=2; Path=/other']).end(),
  });
  await request.get(server.httpUrl);

  expect(await cookiesFor(request, new URL(server.url))).toEqual({ header: 'a=1', count: 1 });
});

test('a storage state is read from its file', async ({}, testInfo) => {
  const path = testInfo.outputPath('state.json');
  await writeFile(path, JSON.stringify({ cookies: [cookie], origins: [] }));

  expect(await cookiesFor(path, new URL('ws://shop.example/'))).toEqual({ header: 'a=1', count: 1 });
});

test('a storage state that cannot be read is told', async ({}, testInfo) => {
  const path = testInfo.outputPath('state.json');

  await expect(cookiesFor(path, new URL('ws://shop.example/'))).rejects.toMatchObject({
    name: 'TypeError',
    code: 'WS_INVALID_OPTION',
    message: `Cannot read the storage state "${path}" of option "cookies": ENOENT: no such file or directory, open '${path}'`,
  });
  await writeFile(path, '{}');
  await expect(cookiesFor(path, new URL('ws://shop.example/'))).rejects.toMatchObject({
    message: `Cannot read the storage state "${path}" of option "cookies": it has no list of cookies`,
  });
});
