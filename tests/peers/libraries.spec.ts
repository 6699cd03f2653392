// `npm run test:peers`: the client against WebSocket servers that share no code with it, nor with each other.
import { randomBytes } from 'node:crypto';
import { expect, HandshakeError, test } from '../../src/index.ts';
import { libraries, urlOf } from './test.ts';

/** Lengths around the borders of the three ways to write one, RFC 6455 section 5.2. */
const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000];
const burst = 10_000;

for (const server of libraries) {
  // RFC 6455 section 5.5.1 lets a peer answer a close with a code of its own; that one is the connection's (7.1.5).
  const answersInKind = server === 'websockets';

  test.describe(server, () => {
    for (const perMessageDeflate of [false, true]) {
      const how = perMessageDeflate ? 'compressed' : 'uncompressed';

      test(`echoes text of every length, ${how}`, async ({ ws }) => {
        const client = await ws.connect(urlOf(server, '/echo'), { perMessageDeflate });
        expect(client.extensions).toContain(perMessageDeflate ? 'permessage-deflate' : '');
        for (const length of lengths) {
          const text = 'ü'.repeat(length / 2) + 'x'.repeat(length % 2);
          await client.send(text);
          await expect(client).toReceiveMessage(text);
        }
        expect([...client.messages].map(({ size }) => size)).toEqual(lengths);
      });

      test(`echoes binary messages of every length, ${how}`, async ({ ws }) => {
        const client = await ws.connect(urlOf(server, '/echo'), { perMessageDeflate });
        for (const length of lengths) {
          const bytes = randomBytes(length);
          await client.send(bytes);
          await expect(client).toReceiveMessage(bytes);
        }
        expect([...client.messages].map(({ isBinary }) => isBinary)).toEqual(lengths.map(() => true));
      });
    }

    test('agrees on a subprotocol', async ({ ws }) => {
      const client = await ws.connect(urlOf(server, '/echo'), { protocols: ['chat.v3', 'chat.v2'] });
      await expect(client).toHaveSubprotocol('chat.v2');
    });

    test('answers a ping', async ({ ws }) => {
      const client = await ws.connect(urlOf(server, '/echo'));
      expect(await client.ping('hello')).toBeGreaterThan(0);
    });

    test('hears the pong to its ping', async ({ ws }) => {
      const client = await ws.connect(urlOf(server, '/ping'));
      await client.send('now you');
      await expect(client).toReceivePing('are you there');
      await expect(client).toReceiveMessage('pong came');
    });

    for (const [code, reason] of [
      [1000, ''],
      [1001, 'going away'],
      [1011, 'an error'],
      [4999, 'the highest of all, ümläut included'],
    ] as const) {
      test(`closes with ${code}`, async ({ ws }) => {
        const client = await ws.connect(urlOf(server, '/close'), { params: { code: String(code), reason } });
        await client.send('go');
        await expect(client).toBeClosed({ code, reason, wasClean: true, by: 'server' });
      });
    }

    for (const [code, reason] of [
      [1000, 'done'],
      [3000, ''],
      [4001, 'enough'],
    ] as const) {
      test(`hears the code ${code} of our close`, async ({ ws }) => {
        const params = { id: `${code}` };
        const client = await ws.connect(urlOf(server, '/closed'), { params });
        const answered = answersInKind ? { code, reason } : { code: 1000, reason: '' };
        expect(await client.close(code, reason)).toEqual({ ...answered, wasClean: true, by: 'client' });
        const observer = await ws.connect(urlOf(server, '/seen'), { params });
        const { value } = await observer.waitForMessage({ code });
        // A reason that is not there is no text for one of them, and an empty one for another.
        expect(Object(value).reason ?? '').toBe(reason);
      });
    }

    test('refuses an opening handshake with 403', async ({ ws }) => {
      const error: unknown = await ws.connect(urlOf(server, '/refuse')).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(HandshakeError);
      expect(error).toMatchObject({ code: 'WS_HANDSHAKE_REFUSED', status: 403 });
      const { body, status } = await ws.handshake(urlOf(server, '/refuse'));
      expect([status, body.toString().includes('not yours') || server === 'autobahn']).toEqual([403, true]);
    });

    test(`sends a burst of ${burst} messages that arrive in order`, async ({ ws }) => {
      const client = await ws.connect(urlOf(server, '/burst'), { params: { n: String(burst) } });
      await expect(client).toReceiveMessage(String(burst - 1));
      expect([...client.messages].map(({ text }) => text)).toEqual(Array.from({ length: burst }, (_, n) => String(n)));
    });

    test(`echoes a burst of ${burst} messages in order`, async ({ ws }) => {
      const client = await ws.connect(urlOf(server, '/echo'));
      await Promise.all(Array.from({ length: burst }, (_, n) => client.send(`${n}`)));
      await expect(client).toReceiveMessage(`${burst - 1}`);
      expect([...client.messages].map(({ text }) => text)).toEqual(Array.from({ length: burst }, (_, n) => String(n)));
    });
  });
}

// aiohttp has no way to send a message in fragments.
for (const server of ['websockets', 'autobahn']) {
  test(`${server} sends messages in fragments of two characters, which arrive whole`, async ({ ws }) => {
    for (const perMessageDeflate of [false, true]) {
      const client = await ws.connect(urlOf(server, '/fragments'), { perMessageDeflate });
      const text = 'in pieces, '.repeat(200);
      await client.send(text);
      await expect(client).toReceiveMessage(text);
      const bytes = randomBytes(2001);
      await client.send(bytes);
      await expect(client).toReceiveMessage(bytes);
      expect(client.messages.length).toBe(2);
    }
  });
}
