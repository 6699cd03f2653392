import { expect, test } from '@playwright/test';

import { closePayload, frame, parseFrame } from './raw-frame.ts';

test('frame writes the unmasked example of RFC 6455 section 5.7', () => {
  expect(frame({ payload: 'Hello' }).toString('hex')).toBe('810548656c6c6f');
});

test('frame writes the masked example of RFC 6455 section 5.7', () => {
  const bytes = frame({ payload: 'Hello', mask: Buffer.from('37fa213d', 'hex') });
  expect(bytes.toString('hex')).toBe('818537fa213d7f9f4d5158');
});

test('frame writes reserved bits, a reserved opcode and a missing FIN', () => {
  expect(frame({ opcode: 3, fin: false, rsv: 4 }).toString('hex')).toBe('4300');
});

test('frame writes the length in 16 bits from 126 bytes on', () => {
  expect(frame({ opcode: 'binary', payload: Buffer.alloc(126) }).toString('hex', 0, 4)).toBe('827e007e');
});

test('frame writes the length in 64 bits from 65536 bytes on', () => {
  expect(frame({ opcode: 'binary', payload: Buffer.alloc(65536) }).toString('hex', 0, 10)).toBe('827f0000000000010000');
});

test('frame claims the length it is told to, in the form it is told to', () => {
  expect(frame({ payload: 'x', length: 5, lengthBits: 16 }).toString('hex')).toBe('817e000578');
});

test('closePayload is the code and the reason', () => {
  expect(closePayload(4001, 'kicked').toString('hex')).toBe('0fa16b69636b6564');
});

test('closePayload without a code is empty', () => {
  expect(closePayload()).toHaveLength(0);
});

for (const length of [0, 125, 126, 65535, 65536]) {
  test(`parseFrame reads back a masked frame of ${length} bytes`, () => {
    const payload = Buffer.alloc(length, 'ab');
    const bytes = frame({ opcode: 'ping', rsv: 2, mask: true, payload });
    expect(parseFrame(Buffer.concat([bytes, Buffer.from('rest')]))).toEqual({
      size: bytes.length,
      frame: { fin: true, rsv: 2, opcode: 9, isMasked: true, payload },
    });
  });
}

test('parseFrame answers undefined while bytes are missing', () => {
  const bytes = frame({ mask: true, payload: Buffer.alloc(300) });
  const cuts = [0, 1, 2, 3, 7, bytes.length - 1];
  expect(cuts.map((cut) => parseFrame(bytes.subarray(0, cut)))).toEqual(cuts.map(() => undefined));
});
