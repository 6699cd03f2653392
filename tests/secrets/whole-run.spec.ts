// product.md, "Secrets": the HTML report and the trace of a run. What Playwright records by itself is not planted.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isHostAtLeast } from '../../src/playwright/host-version.ts';
import { expect, test } from '../helpers/test.ts';
import { peer } from '../playwright/peer.ts';
import { leaks, pageText, zipText } from './written.ts';

/** The error context; older Playwright attaches it to tests with a page alone. */
const errorContext = isHostAtLeast(60) ? ['md'] : [];

/** Only the last is not declared to fail: the run keeps its worker, and prints an error. */
const spec = `
import { test, expect } from 'playwright-ws';

const secret = process.env.HIDDEN;
test.use({ wsReport: { formats: ['html', 'jsonl', 'har', 'trace'], redact: { headers: ['x-tenant'] } } });

test.fail('is refused', async ({ ws }) => {
  await ws.connect('/refuse', { headers: { authorization: 'Basic ' + btoa('jane:' + secret) }, cookies: false });
});
test.fail('leaves a finding', async ({ ws }) => {
  const client = await ws.connect('/echo', { params: { token: secret } });
  client.on('message', () => {
    throw new Error('no ' + client.url);
  });
  await client.request(secret, secret);
});
test.fail('shares clients', async ({ workerWs }) => {
  const client = await workerWs.connect('/echo', { headers: { 'x-tenant': secret } });
  await client.request('again ' + secret, 'again ' + secret);
  await client.waitForMessage('never', { timeout: 10 });
});
test('fails', async ({ ws }) => {
  const client = await ws.connect('/echo', {
    params: { token: secret },
    headers: { authorization: 'Bearer ' + secret, 'x-tenant': secret },
    protocols: [],
  });
  await client.send({ action: 'login', password: secret });
  await client.send('echo ' + encodeURIComponent(secret));
  await client.send(Buffer.from('binary ' + secret));
  await client.waitForMessages(3);
  await client.waitForMessage({ password: secret }, { timeout: 10 }).catch(() => {});
  await client.close(4000, 'bye ' + secret);
  await expect(client).toReceiveMessage({ type: 'never' }, { timeout: 10 });
});
`;

test('a run leaves no secret in its HTML report, its trace and its output', async ({ runInline, startServer }) => {
  test.setTimeout(90_000);
  const server = await startServer(peer);
  const secret = 'hunter2/ä&quot"e';
  const result = await runInline(
    { 'a.spec.ts': spec },
    { html: true, timeout: 70_000, env: { HIDDEN: secret }, config: { use: { baseURL: server.httpUrl, trace: 'on' } } },
  );
  expect(result.tests.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed']);

  const files = [...filesIn(result.htmlReport), ...filesIn(join(result.folder, 'test-results'))];
  const texts = new Map(files.map((file) => [file.replace(result.folder, ''), textOf(file)]));
  texts.set('output', result.output);
  texts.set('jsonl', result.attachment('websocket.jsonl', [result.test('fails')]).text);
  texts.set('tests', JSON.stringify(result.tests));
  expect([...texts].filter(([, text]) => leaks(text, secret).length > 0).map(([file]) => file)).toEqual([]);
  // The search sees what is written.
  const seen = [...texts].filter(([, text]) => text.includes('login')).map(([file]) => file.replace(/.*\./, ''));
  expect(new Set(seen)).toEqual(new Set(['html', 'zip', 'har', 'jsonl', ...errorContext, 'output', 'tests']));
});

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
}

/** Unpacked: the traces, the lines in our pages, and the data in the page of the report. */
function textOf(file: string): string {
  const bytes = readFileSync(file);
  if (file.endsWith('.zip')) return zipText(bytes);
  const text = bytes.toString();
  const [, data] = /data:application\/zip;base64,([A-Za-z0-9+/=]+)/.exec(text) ?? [];
  if (data !== undefined) return text.replace(data, '') + zipText(Buffer.from(data, 'base64'));
  return text.includes('H4sI') ? pageText(text) : text;
}
