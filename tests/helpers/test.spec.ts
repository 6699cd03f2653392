import { fileURLToPath } from 'node:url';

import { expect, test } from './test.ts';

const helpers = fileURLToPath(new URL('test.ts', import.meta.url));

for (const [fixture, next] of [
  ['server', 'nextConnection'],
  ['rawServer', 'nextPeer'],
] as const) {
  test(`${fixture} fails a test that leaves a connection open`, async ({ runInline }) => {
    const result = await runInline({
      'a.spec.ts': `
        import { connect } from 'node:net';
        import { test } from ${JSON.stringify(helpers)};
        test('leaves', async ({ ${fixture} }) => {
          const socket = connect(${fixture}.port, '127.0.0.1');
          socket.write('GET / HTTP/1.1\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n' +
            'Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n');
          await ${fixture}.${next}();
        });`,
    });
    const messages = result.test('leaves').errors.map((error) => error.message.replace(/:\d+$/, ':0'));
    expect(messages).toEqual(['Error: Close every connection before the test ends. Left open: 1 of ws://127.0.0.1:0']);
  });
}

test('server adds nothing to a test that failed', async ({ runInline }) => {
  const result = await runInline({
    'a.spec.ts': `
      import { once } from 'node:events';
      import { WebSocket } from 'ws';
      import { test } from ${JSON.stringify(helpers)};
      test('leaves', async ({ server }) => {
        await once(new WebSocket(server.url), 'open');
        throw new Error('mine');
      });`,
  });
  expect(result.test('leaves').errors.map((error) => error.message)).toEqual(['Error: mine']);
});
