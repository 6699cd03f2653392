import { expect, test } from '@playwright/test';
import * as fc from 'fast-check';
import { hasHint, hint, NextMarks } from '../../src/support/redact-hints.ts';

const words = hint.source.split('|');

test.describe('hasHint', () => {
  test('finds each word in any case, at the beginning, in the middle and at the end', () => {
    for (const word of words.flatMap((one) => [one, one.toUpperCase(), one.toLowerCase()])) {
      for (const text of [word, `${word}12345`, `12${word}345`, `abc${word}de`, `1234${word}`]) {
        expect([text, has(text)]).toEqual([text, true]);
      }
    }
  });

  test('finds no word of which a character is missing or another', () => {
    for (const word of words) {
      expect([word, has(word.slice(0, -1))]).toEqual([word, hint.test(word.slice(0, -1))]);
      expect([word, has(word.slice(1))]).toEqual([word, hint.test(word.slice(1))]);
      expect([word, has(`${word.slice(0, 2)}-${word.slice(3)}`)]).toEqual([word, false]);
    }
  });

  test('finds nothing that stands partly or wholly outside', () => {
    const bytes = Buffer.from('token');

    expect([hasHint(bytes, 1, 5), hasHint(bytes, 0, 4), hasHint(bytes, 5, 5), hasHint(bytes, 0, 5)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('finds what the regular expression finds, in any bytes', () => {
    const letters = [...new Set(words.join('').toLowerCase())].flatMap((letter) => [letter, letter.toUpperCase()]);
    const part = fc.oneof(
      fc.constantFrom(...letters),
      fc.constantFrom(...words.flatMap((word) => [word, word.slice(1), word.slice(0, -1)])),
      fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.nat(5), (parts, start) => {
        const bytes = Buffer.from(parts.join(''), 'latin1');
        const end = Math.max(start, bytes.length - 2);
        // An `expect` each would be a step each.
        return hasHint(bytes, start, end) === hint.test(bytes.toString('latin1', start, end));
      }),
      { numRuns: 3000 },
    );
  });
});

test('NextMarks finds a mark in each part in which one stands', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('@', '?', '&', 'a'), maxLength: 4 })), (parts) => {
      const marks = new NextMarks(Buffer.from(parts.join('')), '@?&');
      let end = 0;
      const found = parts.map((part) => marks.isWithin(end, (end += part.length)));
      expect(found).toEqual(parts.map((part) => /[@?&]/.test(part)));
    }),
  );
});

function has(text: string): boolean {
  const bytes = Buffer.from(text);
  return hasHint(bytes, 0, bytes.length);
}
