// Binary messages: bytes are compared as bytes, and a codec gives them a value that tests can name.
import { expect, test } from 'playwright-ws';

/** 12 bytes: the number as uint32, the price as float64, big endian. */
const prices = {
  encode: ({ n, price }: { n: number; price: number }) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(n, 0);
    bytes.writeDoubleBE(price, 4);
    return bytes;
  },
  decode: ({ bytes }: { bytes: Buffer }) => ({ n: bytes.readUInt32BE(0), price: bytes.readDoubleBE(4) }),
};

test('bytes come back as they went', async ({ ws }) => {
  const echo = await ws.connect('/echo');
  const bytes = Buffer.from([0, 1, 254, 255]);
  await echo.send(bytes);
  await expect(echo).toReceiveMessage(bytes);
});

test('prices are decoded', async ({ ws }) => {
  const feed = await ws.connect('/binary', { params: { count: 2 }, codec: prices });
  await expect(feed).toReceiveMessages([
    { n: 1, price: 100.25 },
    { n: 2, price: 100.5 },
  ]);
});
