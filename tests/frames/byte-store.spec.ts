import { expect, test } from '@playwright/test';

import { ByteStore } from '../../src/frames/byte-store.ts';

interface Stored {
  readonly chunk: number;
  readonly offset: number;
  readonly length: number;
}

test.describe('ByteStore', () => {
  const sizes = [0, 1, 100, 1023, 1024, 1025, 4096, 65_535, 65_536, 65_537, 1_048_576, 3_000_000];

  for (const size of sizes) {
    test(`gives back ${size} bytes, between others`, () => {
      const store = new ByteStore();
      const stored = [pattern(3, 1), pattern(size, 2), pattern(0, 3), pattern(5, 4)].map((bytes) => put(store, bytes));

      expect(stored.map((one) => read(store, one).equals(pattern(one.length, stored.indexOf(one) + 1)))).toEqual([
        true,
        true,
        true,
        true,
      ]);
    });
  }

  test('gives back an empty payload that came first', () => {
    const store = new ByteStore();

    expect(read(store, put(store, new Uint8Array()))).toHaveLength(0);
  });

  test('does not share memory with the small payloads it was given', () => {
    const store = new ByteStore();
    const source = pattern(1000, 1);
    const stored = put(store, source);
    source.fill(0);

    expect(read(store, stored).equals(pattern(1000, 1))).toBe(true);
    expect(read(store, stored).buffer).not.toBe(source.buffer);
  });

  test('takes a part of a larger buffer for that part', () => {
    for (const size of [10, 70_000]) {
      const store = new ByteStore();
      const around = pattern(size + 20, 1);
      const stored = put(store, new Uint8Array(around.buffer, around.byteOffset + 7, size));

      expect(read(store, stored).equals(around.subarray(7, 7 + size))).toBe(true);
    }
  });

  test('keeps many payloads of every small size apart', () => {
    const store = new ByteStore();
    const stored = Array.from({ length: 5000 }, (_, index) => put(store, pattern(index % 300, index)));

    // One assertion of all: a matcher is a step, and 5000 steps take seconds.
    const wrong = stored.filter((one, index) => !read(store, one).equals(pattern(index % 300, index)));
    expect(wrong).toEqual([]);
  });
});

function put(store: ByteStore, bytes: Uint8Array): Stored {
  return { chunk: store.append(bytes), offset: store.offset, length: bytes.length };
}

function read(store: ByteStore, { chunk, length, offset }: Stored): Buffer {
  return store.read(chunk, offset, length);
}

function pattern(size: number, seed: number): Buffer {
  return Buffer.alloc(size, `${seed}-`);
}
