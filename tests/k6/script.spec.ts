import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../house/sources.ts';
import { expect as expectWs } from '../../src/playwright/expect.ts';
import { K6Secrets } from '../../src/transcript/k6-secrets.ts';
import { writeK6Script } from '../../src/transcript/k6-script.ts';
import { parseLine } from '../../src/transcript/viewer/lines.ts';
import { toBuffer, type ServerConnection } from '../helpers/server-connection.ts';
import { expect, test as base } from '../helpers/test.ts';
import { startRecording, stepsOfScript, type Recording } from './recording.ts';

const test = base.extend<{ recording: Recording }>({
  // It ends before the servers do.
  recording: async ({ startServer: _server }, use) => {
    const recording = startRecording();
    await use(recording);
    await recording.end();
  },
});

/** Greets, answers `{ op: 'get', id }`, echoes bytes, and closes when asked to. */
function serve({ socket }: ServerConnection): void {
  socket.send('{"type":"welcome"}');
  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.send(data);
    const message: { readonly op?: string; readonly id?: number } = JSON.parse(toBuffer(data).toString());
    if (message.op === 'get') socket.send(JSON.stringify({ type: 'order', re: message.id, status: 'PAID' }));
    if (message.op === 'bye') socket.close(4001, 'bye');
  });
}

test('what was sent, awaited and closed become steps in their order', async ({ recording, startServer }) => {
  const { url } = await startServer(serve);
  const orders = await recording.clients.connect(`${url}/orders`);
  await orders.waitForMessage({ type: 'welcome' });
  await orders.request({ op: 'get', id: 7 }, { re: 7 });
  await orders.ping();
  await orders.send(Buffer.from([1, 2, 255]));
  await orders.waitForMessage(Buffer.from([1, 2, 255]));
  await orders.close(4000, "that's it");

  expect(stepsOfScript(recording.script())).toEqual([
    "const orders = await connect('/orders', base + '/orders');",
    'clients.push(orders);',
    `await take(orders, 'waitForMessage at script.spec.ts:L', ({ value }) => contains(value, {"type":"welcome"}));`,
    `orders.socket.send('{"op":"get","id":7}');`,
    `await take(orders, 'request at script.spec.ts:L', ({ value }) => contains(value, {"re":7}));`,
    'orders.socket.ping();',
    "orders.socket.send(b64decode('AQL/'));",
    "await take(orders, 'waitForMessage at script.spec.ts:L', ({ data }) => data instanceof ArrayBuffer);",
    "orders.socket.close(4000, 'that\\'s it');",
  ]);
});

test('a message is taken where its wait had it, whenever it came', async ({ recording, server }) => {
  const client = await recording.clients.connect(server.url, { name: 'client' });
  const peer = await server.nextConnection();
  await peer.send('early');
  while (client.messages.length === 0) await client.stay(1);
  await client.send('before');
  await client.waitForMessage('early');
  await client.send('after');

  expect(stepsOfScript(recording.script()).slice(2)).toEqual([
    "client.socket.send('before');",
    "await take(client, 'waitForMessage at script.spec.ts:L', ({ text }) => text === 'early');",
    "client.socket.send('after');",
  ]);
});

test('the time between two steps is a pause', async ({ recording, server }) => {
  const client = await recording.clients.connect(server.url, { name: 'client' });
  const first = await client.send('first');
  await client.stay(30);
  const second = await client.send('second');
  const { script } = recording.script();
  const pause = /send\('first'\);\n *await pause\((?<ms>\d+)\);\n *client\.socket\.send\('second'\)/.exec(script);

  const wanted = second.monotonicTime - first.monotonicTime;
  expect(Math.abs(Number(pause?.groups?.['ms']) - wanted)).toBeLessThanOrEqual(1);
});

test('the close of the server is awaited when the test awaited it', async ({ recording, startServer }) => {
  const { url } = await startServer(serve);
  const client = await recording.clients.connect(url, { name: 'client' });
  await client.send({ op: 'bye' });
  await client.waitForClose();

  expect(stepsOfScript(recording.script()).at(-1)).toBe("await closed(client, 'waitForClose at script.spec.ts:L');");
});

test('a connection that was opened again is lost, and opened again', async ({ recording, startServer }) => {
  let count = 0;
  const { url } = await startServer(({ socket }) => {
    count += 1;
    socket.send(`message ${count}`);
    if (count === 1) socket.close(4401, 'token expired');
  });
  const feed = await recording.clients.connect(`${url}/feed?token=token-number-1`, {
    reconnect: { delay: 0, options: (attempt) => ({ params: { token: `token-number-${attempt + 1}` } }) },
  });
  await feed.waitForMessage('message 2');
  await feed.close();

  expect(stepsOfScript(recording.script())).toEqual([
    "let feed = await connect('/feed', base + `/feed?token=${secret('TOKEN')}`);",
    'clients.push(feed);',
    "await closed(feed, '/feed is lost');",
    "feed = await connect('/feed', base + `/feed?token=${secret('TOKEN')}`);",
    'clients.push(feed);',
    "await take(feed, 'waitForMessage at script.spec.ts:L', ({ text }) => text === 'message 2');",
    'feed.socket.close();',
  ]);
});

test('a connection that was opened again elsewhere has no common origin', async ({ recording, startServer }) => {
  const second = await startServer(({ socket }) => socket.send('here'));
  const first = await startServer(({ socket }) => socket.close(4401, 'moved'));
  const feed = await recording.clients.connect(`${first.url}/feed`, {
    reconnect: { delay: 0, options: () => ({ url: `${second.url}/moved` }) },
  });
  await feed.waitForMessage('here');

  expect(stepsOfScript(recording.script()).filter((line) => line.includes('await connect'))).toEqual([
    `let feed = await connect('/feed', '${first.url}/feed');`,
    `feed = await connect('/feed', '${second.url}/moved');`,
  ]);
});

test('a secret whose name no variable can have has one all the same', () => {
  expect(new K6Secrets().text('{"密码":"***"}', '', 'secret')).toBe('`{"密码":"${secret(\'SECRET\')}"}`');
});

test('secrets are read from the environment, for each client its own', async ({ recording, server }) => {
  const connect = (name: string, token: string) =>
    recording.clients.connect(`${server.url}/?token=${token}`, {
      name,
      headers: { authorization: `Bearer ${token}` },
    });
  const ann = await connect('ann', 'secret-of-ann');
  const ben = await connect('ben 2', 'secret-of-ben');
  await ann.send({ accessToken: 'another-secret', text: '`${x}`' });
  await ben.send('no secret');
  const { script } = recording.script();

  expect(stepsOfScript({ script, notes: [] })).toEqual([
    "const ann = await connect('ann', base + `/?token=${secret('ANN_TOKEN')}`, { headers: { 'authorization': secret('ANN_AUTHORIZATION') } });",
    'clients.push(ann);',
    "const ben2 = await connect('ben 2', base + `/?token=${secret('BEN2_TOKEN')}`, { headers: { 'authorization': secret('BEN2_AUTHORIZATION') } });",
    'clients.push(ben2);',
    'ann.socket.send(`{"accessToken":"${secret(\'ANN_ACCESS_TOKEN\')}","text":"\\`\\${x}\\`"}`);',
    "ben2.socket.send('no secret');",
  ]);
  expect(script.split('\n')[1]).toBe(
    '// Run it with its secrets: k6 run -e ANN_TOKEN=… -e ANN_AUTHORIZATION=… -e BEN2_TOKEN=… -e BEN2_AUTHORIZATION=… -e ANN_ACCESS_TOKEN=… script.js',
  );
});

for (const [expected, received, check] of [
  ['text', 'text', "({ text }) => text === 'text'"],
  [/^te.t$/i, 'text', '({ text }) => /^te.t$/i.test(text)'],
  [42, '42', '({ value }) => contains(value, 42)'],
  [null, 'null', '({ value }) => contains(value, null)'],
  [[1, { a: 2 }], '[1,{"a":2}]', '({ value }) => contains(value, [1,{"a":2}])'],
  [
    { id: expect.any(Number) },
    '{"type":"order","id":1}',
    '({ value }) => hasMembers(value, ["type","id"]) && contains(value, {"type":"order"})',
  ],
  [{ id: expect.any(Number) }, '{"id":1}', '({ value }) => hasMembers(value, ["id"])'],
  [() => true, 'other text', '({ text }) => text !== undefined'],
] as const) {
  test(`an expectation of ${received} is ${check}`, async ({ recording, server }) => {
    const client = await recording.clients.connect(server.url, { name: 'client' });
    await (await server.nextConnection()).send(received);
    await client.waitForMessage(expected);

    expect(stepsOfScript(recording.script()).at(-1)).toBe(
      `await take(client, 'waitForMessage at script.spec.ts:L', ${check});`,
    );
  });
}

test('any message is any message; several have their own expectations', async ({ recording, server }) => {
  const client = await recording.clients.connect(server.url, { name: 'client' });
  const peer = await server.nextConnection();
  for (const text of ['any', '{"id":1}', '{"id":2}', 'a', 'b']) await peer.send(text);
  await client.waitForMessage();
  await client.waitForMessages(2);
  await client.waitForMessages(['a', 'b']);

  expect(stepsOfScript(recording.script()).slice(-5)).toEqual([
    "await take(client, 'waitForMessage at script.spec.ts:L', () => true);",
    "await take(client, 'waitForMessages at script.spec.ts:L', () => true);",
    "await take(client, 'waitForMessages at script.spec.ts:L', () => true);",
    "await take(client, 'waitForMessages at script.spec.ts:L', ({ text }) => text === 'a');",
    "await take(client, 'waitForMessages at script.spec.ts:L', ({ text }) => text === 'b');",
  ]);
});

test('messages in any order are taken whichever came first', async ({ recording, server }) => {
  const client = await recording.clients.connect(server.url, { name: 'client' });
  const peer = await server.nextConnection();
  for (const text of ['{"b":2,"c":3}', '{"a":1}', 'y', 'x']) await peer.send(text);
  await client.waitForMessages([{ a: 1 }, { b: expect.any(Number) }], { order: 'any' });
  await client.waitForMessages(['x', 'y'], { order: 'any' });

  expect(stepsOfScript(recording.script()).slice(-4)).toEqual([
    `await take(client, 'waitForMessages at script.spec.ts:L', ({ value }) => hasMembers(value, ["b","c"]));`,
    `await take(client, 'waitForMessages at script.spec.ts:L', ({ value }) => hasMembers(value, ["a"]));`,
    "await take(client, 'waitForMessages at script.spec.ts:L', ({ text }) => text === 'x');",
    "await take(client, 'waitForMessages at script.spec.ts:L', ({ text }) => text === 'y');",
  ]);
});

test('a message that `where` selected is selected again', async ({ recording, server }) => {
  const client = await recording.clients.connect(server.url, { name: 'client' });
  const peer = await server.nextConnection();
  for (const text of ['{"id":1,"status":"PAID"}', '{"id":42,"status":"PAID"}', 'b a']) await peer.send(text);
  await client.waitForMessage({ status: 'PAID' }, { where: { id: 42 } });
  await client.waitForMessage(/a/, { where: /b/ });

  expect(stepsOfScript(recording.script()).slice(-2)).toEqual([
    `await take(client, 'waitForMessage at script.spec.ts:L', ({ value }) => contains(value, {"status":"PAID"}) && contains(value, {"id":42}));`,
    "await take(client, 'waitForMessage at script.spec.ts:L', ({ text }) => /a/.test(text) && /b/.test(text));",
  ]);
});

test('a close with a code that k6 refuses is one with 1000, and noted', async ({ recording, server }) => {
  const client = await recording.clients.connect(server.url, { name: 'client' });
  await client.close(1001, 'leaving');
  const script = recording.script();

  expect(stepsOfScript(script).at(-1)).toBe("client.socket.close(1000, 'leaving');");
  expect(script.notes).toEqual(['"client" closes with 1000 in place of 1001: k6 has 1000 and 3000 to 4999 alone']);
});

test('a connection that compressed compresses', async ({ recording, startServer }) => {
  const { url } = await startServer({ websocket: { perMessageDeflate: true } });
  await recording.clients.connect(url, { name: 'plain' });
  await recording.clients.connect(url, { name: 'small', perMessageDeflate: true, headers: { a: 'b' } });

  expect(stepsOfScript(recording.script()).filter((line) => line.includes('connect('))).toEqual([
    "const plain = await connect('plain', base + '/');",
    "const small = await connect('small', base + '/', { headers: { 'a': 'b' }, compression: 'deflate' });",
  ]);
});

test('assertions that take no message are noted', async ({ recording, startServer }) => {
  const { url } = await startServer(serve);
  const client = await recording.clients.connect(url, { name: 'client' });
  await client.waitForMessage({ type: 'welcome' });
  await client.extract('$.type');
  await client.extract('$.type');
  await expectWs(client).toHaveReceivedMessage({ type: 'welcome' });
  await expectWs(client).not.toReceiveMessage({}, { quietFor: 1 });
  await client.ping();

  expect(recording.script().notes).toEqual([
    '4 assertions take no message and are left out: extract, toHaveReceivedMessage, not.toReceiveMessage',
  ]);
});

test('clients get names that JavaScript takes', async ({ recording, server }) => {
  for (const name of ['/orders', 'Orders', '2nd', 'ünï', 'await', 'check'])
    await recording.clients.connect(server.url, { name });
  const names = stepsOfScript(recording.script()).flatMap((line) => /^const (\w+)/.exec(line)?.[1] ?? []);

  expect(names).toEqual(['orders', 'orders2', 'client2nd', 'n', 'awaitClient', 'checkClient']);
});

test('what a script cannot repeat is noted', () => {
  const lines = [
    { type: 'transcript', version: 1 },
    { type: 'connection', name: 'refused', url: 'ws://127.0.0.1/', location: 'a.spec.ts:1', ms: 0 },
    { type: 'frame', connection: 'x', direction: 'sent', opcode: 'text', text: 'x', cut: 5, ms: 1, sequence: 1 },
    {
      type: 'frame',
      connection: 'x',
      direction: 'sent',
      opcode: 'binary',
      base64: 'Kg==',
      masked: true,
      ms: 1,
      sequence: 2,
    },
    { type: 'cut', connection: 'x', frames: 7, bytes: 9 },
    { type: 'wait', method: 'toReceiveMessage', outcome: 'timeout', claimed: [], connections: ['x'], startedMs: 1 },
    { type: 'request', method: 'POST', url: 'http://127.0.0.1/', startedMs: 0 },
  ].map((line) => parseLine(JSON.stringify(line)));

  expect(writeK6Script(lines).notes).toEqual([
    '1 HTTP request of the test is left out, and so is what it makes the server send',
    '"refused" was not opened: it is left out',
    '7 frames are not in the recording: raise wsReport.limits',
    '1 sent message is cut in the recording: raise wsReport.limits.payloadBytes',
    '1 binary message has a masked secret: put it in by hand',
    '1 wait failed in the test: it is left out',
  ]);
});

test('a script meets the types of k6, and repeats the conversation', async ({ recording, startServer }) => {
  const server = await startServer(serve);
  const headers = { authorization: 'Bearer 12345678' };
  const orders = await recording.clients.connect(`${server.url}/orders?token=abcdefgh`, {
    headers,
    protocols: 'v1',
  });
  await orders.waitForMessage({ type: 'welcome' });
  await orders.request({ op: 'get', id: 7 }, { re: 7, status: 'PAID' });
  await orders.send(Buffer.from([1, 2, 255]));
  await orders.waitForMessage(Buffer.from([1, 2, 255]));
  await orders.send({ op: 'bye' });
  await orders.waitForClose();
  const folder = k6Project(recording.script().script);
  try {
    expect(await typeErrors(folder)).toBe('');
    const checks = await runScript(folder, { TOKEN: 'abcdefgh', AUTHORIZATION: 'Bearer 12345678' });

    expect(checks).toEqual([
      ['/orders opens', true],
      [expect.stringMatching(/^waitForMessage at script\.spec\.ts:\d+$/), true],
      [expect.stringMatching(/^request at script\.spec\.ts:\d+$/), true],
      [expect.stringMatching(/^waitForMessage at script\.spec\.ts:\d+$/), true],
      [expect.stringMatching(/^waitForClose at script\.spec\.ts:\d+$/), true],
    ]);
    const [first, second] = server.handshakes;
    expect([second.url, second.headers.authorization, second.headers['sec-websocket-protocol']]).toEqual([
      first.url,
      'Bearer 12345678',
      'v1',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a script fails its check, and ends, when the server answers otherwise', async ({ recording, startServer }) => {
  const server = await startServer(serve);
  const orders = await recording.clients.connect(`${server.url}/orders`);
  await orders.waitForMessage({ type: 'welcome' });
  await orders.send({ op: 'bye' });
  await orders.waitForClose();
  server.onConnection(({ socket }) => socket.close(1011));
  const folder = k6Project(recording.script().script);
  try {
    await expect(runScript(folder, {})).rejects.toThrow(/^\/orders: waitForMessage at script\.spec\.ts:\d+ failed$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A folder with the script and, in the place of k6's modules, small ones over `ws`. */
function k6Project(script: string): string {
  mkdirSync(join(repository, 'temp'), { recursive: true });
  const folder = mkdtempSync(join(repository, 'temp', 'k6-'));
  const files: Record<string, string> = {
    'script.js': script,
    'package.json': '{"type":"module"}',
    'tsconfig.json': JSON.stringify(tsconfig),
    'node_modules/k6/package.json': JSON.stringify({
      type: 'module',
      exports: { '.': './index.js', './*': './*.js' },
    }),
    'node_modules/k6/index.js': checkModule,
    'node_modules/k6/encoding.js': encodingModule,
    'node_modules/k6/timers.js': timersModule,
    'node_modules/k6/websockets.js': webSocketsModule,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const tsconfig = {
  compilerOptions: {
    allowJs: true,
    checkJs: true,
    strict: false,
    noEmit: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    lib: ['es2022'],
    types: ['k6'],
    typeRoots: [join(repository, 'node_modules/@types')],
    paths: { k6: [join(repository, 'node_modules/@types/k6')], 'k6/*': [join(repository, 'node_modules/@types/k6/*')] },
  },
  files: ['script.js'],
};

const checkModule = `
export const checks = [];
export function check(value, sets) {
  const results = Object.entries(sets).map(([name, judge]) => [name, Boolean(judge(value))]);
  checks.push(...results);
  return results.every(([, passed]) => passed);
}
`;

const encodingModule = `
export const b64decode = (text) => Uint8Array.from(Buffer.from(text, 'base64')).buffer;
`;

const timersModule = 'export const { clearTimeout, setTimeout } = globalThis;';

const webSocketsModule = `
import WebSocket from 'ws';
class K6WebSocket extends WebSocket {
  constructor(url, protocols, params) {
    const { 'sec-websocket-protocol': offered, ...headers } = params?.headers ?? {};
    super(url, offered ?? [], { headers });
  }
}
export { K6WebSocket as WebSocket };
`;

function typeErrors(folder: string): Promise<string> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], (_error, stdout) => resolve(stdout));
  });
}

/** Runs one iteration; resolves with its checks, rejects with what it threw. */
async function runScript(folder: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  Object.assign(globalThis, { __ENV: env });
  const script: { default(): Promise<void> } = await import(pathToFileURL(join(folder, 'script.js')).href);
  const { checks }: { checks: unknown } = await import(pathToFileURL(join(folder, 'node_modules/k6/index.js')).href);
  await script.default();
  return checks;
}
