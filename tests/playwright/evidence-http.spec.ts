import { expect, test } from '@playwright/test';
import { linesOf, runOnce } from './evidence-run.ts';

const run = runOnce({
  'a.spec.ts': `import http from 'node:http';
import { test, expect } from 'playwright-ws';

test('uses request', async ({ request, ws }) => {
  await request.get('/login');
  const client = await ws.connect('/echo');
  await request.post('/orders?token=secret', { data: { id: 1 } });
  await client.close();
});
test('uses another client', async ({ baseURL, ws }) => {
  await ws.connect('/echo');
  await new Promise((resolve) => http.get(baseURL + '/health', (response) => response.resume().on('end', resolve)));
});
test('asks nobody', async ({ request, ws }) => {
  await ws.connect('/echo');
  await expect(request.get('http://127.0.0.1:1/')).rejects.toThrow('ECONNREFUSED');
});
test('uses a page', async ({ page, ws }) => {
  await ws.connect('/echo');
  await page.goto('/login');
  await page.evaluate(() => fetch('/broken').catch(() => {}));
});
test('uses no HTTP', async ({ ws }) => {
  await ws.connect('/echo');
});
test.describe('off', () => {
  test.use({ wsReport: 'off' });
  test('uses request', async ({ request, ws }) => {
    const { channels } = await import('./channels.ts');
    await request.get('/login');
    expect(channels()).toEqual([]);
  });
});
test('listens while a test runs', async ({ request }) => {
  const { channels } = await import('./channels.ts');
  expect([channels(), (await request.get('/login')) && channels()]).toEqual([['start'], ['start', 'finish', 'error']]);
});
test('finds request as it is', async ({ playwright, request }) => {
  const own = await playwright.request.newContext();
  expect(Object.getPrototypeOf(request)).toBe(Object.getPrototypeOf(own));
  expect(Object.keys(request)).toEqual(Object.keys(own));
  expect(await request.storageState()).toEqual({ cookies: [], origins: [] });
  await own.dispose();
});
test('fails at its line', async ({ request }) => {
  await request.get('http://127.0.0.1:1/');
});`,
  'channels.ts': `import { hasSubscribers } from 'node:diagnostics_channel';
const names = { start: 'http.client.request.start', finish: 'http.client.response.finish', error: 'http.client.request.error' };
export const channels = () => Object.keys(names).filter((name) => hasSubscribers(names[name]));
`,
});

function requestsOf(title: string): unknown[] {
  return linesOf(run().result, title, 'request').map(({ failure, method, source, status, statusText, url }) => [
    source,
    method,
    String(url).replace(run().server.httpUrl, ''),
    status === undefined ? failure : [status, statusText].join(' '),
  ]);
}

test.describe('HTTP requests', () => {
  test('of `request` are in the evidence, secrets masked', () => {
    expect(requestsOf('uses request')).toEqual([
      ['test', 'GET', '/login', '200 OK'],
      ['test', 'POST', '/orders?token=***', '404 Not Found'],
    ]);
  });

  test('have their times on the axis of the connections', () => {
    const [before, after] = linesOf(run().result, 'uses request', 'request');
    const [{ openedMs }] = linesOf(run().result, 'uses request', 'connection');
    expect(Number(before['startedMs'])).toBeLessThan(Number(before['endedMs']));
    expect(Number(before['endedMs'])).toBeLessThan(0);
    expect(Number(after['startedMs'])).toBeGreaterThan(Number(openedMs));
    expect(Number(after['endedMs'])).toBeGreaterThan(Number(after['startedMs']));
  });

  test('of other clients in the test process are in the evidence', () => {
    expect(requestsOf('uses another client')).toEqual([['test', 'GET', '/health', '404 Not Found']]);
  });

  test('that fail tell why', () => {
    expect(requestsOf('asks nobody')).toEqual([
      ['test', 'GET', 'http://127.0.0.1:1/', 'connect ECONNREFUSED 127.0.0.1:1'],
    ]);
  });

  test('of a page are in the evidence', () => {
    expect(requestsOf('uses a page')).toContainEqual(['page', 'GET', '/login', '200 OK']);
    expect(requestsOf('uses a page')).toContainEqual(['page', 'GET', '/broken', '404 Not Found']);
  });

  test('are none in a test without any, opening handshakes not among them', () => {
    expect(requestsOf('uses no HTTP')).toEqual([]);
  });

  test("are not watched when wsReport is 'off'", () => {
    expect(run().result.test('off > uses request').errors).toEqual([]);
    expect(run().result.test('listens while a test runs').errors).toEqual([]);
  });

  test('start no browser in a test that does not use one', () => {
    const { steps } = run().result.test('uses request');
    const titles = JSON.stringify(steps);
    expect(titles).toContain('Fixture \\"request\\"');
    expect(titles).not.toContain('Fixture \\"context\\"');
    expect(titles).not.toContain('browser');
  });
});

test.describe('`request`', () => {
  test('is the one of Playwright', () => {
    expect(run().result.test('finds request as it is').errors).toEqual([]);
  });

  test('fails at the line of the user, where its step is', () => {
    const { errors, steps } = run().result.test('fails at its line');
    expect(errors.map(({ location }) => location)).toEqual(['a.spec.ts:46:17']);
    expect(errors[0].snippet).toContain(`> 46 |   await request.get('http://127.0.0.1:1/');`);
    expect(steps.find(({ error }) => error !== '')?.location).toBe('a.spec.ts:46:17');
  });
});
