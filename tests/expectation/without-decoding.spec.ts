// Which messages an expectation refuses without decoding them, and that it never refuses one that meets it.
import { expect, test } from '@playwright/test';
import fc from 'fast-check';

import { compileExpectation } from '../../src/expectation/compile.ts';
import { contains } from '../../src/expectation/equality.ts';
import { FrameLog } from '../../src/frames/frame-log.ts';
import { LoggedMessage } from '../../src/frames/message.ts';

const context = { method: 'toReceiveMessage', optionNames: [] };

test.describe('an expectation on an object', () => {
  test('decodes only messages that have its strings', () => {
    const { decoded, message } = decodings();
    const expectation = compileExpectation({ type: 'paid', id: 7 }, context);
    const verdicts = ['{"type":"sent","id":7}', '{"type":"paid","id":8}', '{"type":"paid","id":7}', 'no JSON'].map(
      (text) => expectation.matches(message(text)),
    );

    expect([verdicts, decoded]).toEqual([
      [false, false, true, false],
      ['{"type":"paid","id":8}', '{"type":"paid","id":7}'],
    ]);
  });

  test('meets a string that the message writes with escapes', () => {
    const { message } = decodings();

    expect(compileExpectation({ type: 'paid' }, context).matches(message('{"type":"\\u0070aid"}'))).toBe(true);
    expect(compileExpectation({ path: 'a/b' }, context).matches(message('{"path":"a\\/b"}'))).toBe(true);
  });

  test('meets strings with quotes, backslashes and characters beyond ASCII', () => {
    const { message } = decodings();
    for (const text of ['"', '\\', 'ü', '\u{1F600}', '\u2028', '\ud800', '', '\n']) {
      const expectation = compileExpectation({ text }, context);
      expect.soft(expectation.matches(message(JSON.stringify({ text, other: 1 })))).toBe(true);
    }
  });

  test('tells -0 from 0, and members of its own from inherited ones', () => {
    const { message } = decodings();
    const judge = (pattern: object, text: string): boolean =>
      compileExpectation(pattern, context).matches(message(text));

    expect([judge({ n: 0 }, '{"n":-0}'), judge({ n: 0 }, '{"n":0.0}'), judge({ toString: 'x' }, '{}')]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('judges as it would with every message decoded', () => {
    const key = fc.constantFrom('a', 'b', 'type', '__proto__', 'constructor', 'ü');
    const leaf = fc.oneof(
      fc.constantFrom('x', 'y', '', 'constructor', 'ü', '"', '\\'),
      fc.constantFrom(0, 1, -0, 1.5),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.oneof(leaf, fc.dictionary(key, leaf), fc.array(leaf, { maxLength: 3 }));
    const pattern = fc.dictionary(key, value, { minKeys: 1 });
    fc.assert(
      fc.property(pattern, fc.oneof(value, fc.dictionary(key, value)), fc.boolean(), (wanted, sent, isWhole) => {
        const isRecord = typeof sent === 'object' && sent !== null && !Array.isArray(sent);
        const text = JSON.stringify(isWhole && isRecord ? { ...sent, ...wanted } : sent);
        const { message } = decodings();
        expect(compileExpectation(wanted, context).matches(message(text))).toBe(contains(JSON.parse(text), wanted));
      }),
      { numRuns: 300 },
    );
  });
});

/** Messages, and the texts of those that were decoded. */
function decodings(): { readonly decoded: string[]; readonly message: (text: string) => LoggedMessage } {
  const decoded: string[] = [];
  const log = new FrameLog();
  const message = (text: string): LoggedMessage => {
    const payload = Buffer.from(text);
    const frame = log.append({ direction: 'received', opcode: 'text', payload, sequence: 1, monotonicTime: 0 });
    const logged = new LoggedMessage({ log, client: 'orders', codec: undefined, validate: undefined }, frame, 0);
    return Object.defineProperty(logged, 'text', {
      get: () => {
        decoded.push(text);
        return text;
      },
    });
  };
  return { decoded, message };
}
