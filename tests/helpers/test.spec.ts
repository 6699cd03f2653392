import { fileURLToPath } from 'node:url';
import type { InlineResult } from './run-inline.ts';
import { expect, test } from './test.ts';

test.describe.configure({ mode: 'default' }); // One run for all of them.

const helpers = fileURLToPath(new URL('test.ts', import.meta.url));

let result: InlineResult;

test.beforeAll(async ({ runInline }) => {
  result = await runInline({
    'a.spec.ts': `
      import { once } from 'node:events';
      import { connect } from 'node:net';
      import { WebSocket } from 'ws';
      import { test } from ${JSON.stringify(helpers)};

      const request = 'GET / HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n' +
        'Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n';

      test.fail('server', async ({ server }) => {
        connect(server.port, '127.0.0.1').write(request);
        await server.nextConnection();
      });
      test.fail('rawServer', async ({ rawServer }) => {
        connect(rawServer.port, '127.0.0.1').write(request);
        await rawServer.nextPeer();
      });
      test.fail('fails', async ({ server }) => {
        await once(new WebSocket(server.url), 'open');
        throw new Error('mine');
      });`,
  });
});

for (const fixture of ['server', 'rawServer']) {
  test(`${fixture} fails a test that leaves a connection open`, () => {
    const messages = result.test(fixture).errors.map((error) => error.message.replace(/:\d+$/, ':0'));
    expect(messages).toEqual(['Error: Close every connection before the test ends. Left open: 1 of ws://127.0.0.1:0']);
  });
}

test('server adds nothing to a test that failed', () => {
  expect(result.test('fails').errors.map((error) => error.message)).toEqual(['Error: mine']);
});
