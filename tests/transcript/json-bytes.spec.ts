import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { JsonBytes } from '../../src/transcript/json-bytes.ts';

function written(write: (out: JsonBytes) => void, room = 1): string {
  const out = new JsonBytes(room);
  write(out);
  return out.take().toString();
}

test.describe('JsonBytes', () => {
  test('writes UTF-8 as JSON.stringify writes the text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('\u0000', '\n', '"', '\\', 'ü', '漢', '🙂', '\u007F') }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(written((out) => out.string(Buffer.from(text)))).toBe(JSON.stringify(Buffer.from(text).toString()));
      }),
    );
  });

  test('writes every byte that JSON escapes', () => {
    const text = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
    expect(written((out) => out.string(Buffer.from(text)))).toBe(JSON.stringify(text));
  });

  test('writes whole numbers', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (value) => written((out) => out.integer(value)) === String(value)),
    );
    for (const value of [0, 9, 10, 999_999_999, 1_000_000_000, Number.MAX_SAFE_INTEGER]) {
      expect(written((out) => out.integer(value))).toBe(String(value));
    }
  });

  test('writes zeros before a number of too few digits', () => {
    expect([7, 77, 7777].map((value) => written((out) => out.integer(value, 3)))).toEqual(['007', '077', '7777']);
  });

  for (const [scaled, decimals, text] of [
    [0, 3, '0'],
    [1, 3, '0.001'],
    [41_200, 3, '41.2'],
    [-1500, 3, '-1.5'],
    [1_795_270_243_084_054, 6, '1795270243.084054'],
    [1_795_270_243_084_000, 3, '1795270243084'],
  ] as const) {
    test(`writes ${scaled} of ${decimals} decimals as ${text}`, () => {
      expect(written((out) => out.decimal(scaled, decimals))).toBe(text);
    });
  }

  test('begins anew after what was taken, which stays as it is', () => {
    const out = new JsonBytes(1);
    out.text('ä first');
    const first = out.take();
    out.text('second');

    expect([first.toString(), out.length, out.take().toString()]).toEqual(['ä first', 6, 'second']);
  });
});
