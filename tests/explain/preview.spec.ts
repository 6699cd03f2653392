import { expect, test } from '@playwright/test';
import { escapeControls, previewData, previewPayload } from '../../src/explain/preview.ts';

test('a short text is shown as it is', () => {
  expect(previewPayload(Buffer.from('{"type":"a"}'), true)).toBe('{"type":"a"}');
});

test('a long text is cut to 120 characters', () => {
  expect(previewPayload(Buffer.from('x'.repeat(120)), true)).toBe('x'.repeat(120));
  expect(previewPayload(Buffer.from('x'.repeat(121)), true)).toBe(`${'x'.repeat(119)}…`);
});

test('a text of characters of several bytes is cut by characters', () => {
  expect(previewPayload(Buffer.from('ü'.repeat(120)), true)).toBe('ü'.repeat(120));
  expect(previewPayload(Buffer.from('漢'.repeat(500)), true)).toBe(`${'漢'.repeat(119)}…`);
});

test('a cut splits no character of two units', () => {
  expect(previewPayload(Buffer.from(`${'x'.repeat(118)}😀😀`), true)).toBe(`${'x'.repeat(118)}…`);
});

test('a huge text is cut as well', () => {
  const payload = Buffer.alloc(10 * 1024 * 1024, 'x');

  expect(previewPayload(payload, true)).toHaveLength(120);
});

test('bytes are hex, of many the first 24', () => {
  expect(previewPayload(Buffer.from([0, 1, 0xff]), false)).toBe('<00 01 ff>');
  expect(previewPayload(Buffer.alloc(25, 0xab), false)).toBe(`<${'ab '.repeat(24)}…>`);
  expect(previewPayload(Buffer.alloc(0), false)).toBe('<>');
});

for (const [what, text, escaped] of [
  ['line ends and tabs', 'a\r\n\tb', String.raw`a\r\n\tb`],
  ['ANSI codes', '\u001B[31mred\u001B[0m', String.raw`\u001b[31mred\u001b[0m`],
  ['the C1 control that begins them, too', '\u009B31m', String.raw`\u009b31m`],
  ['bidi overrides', 'a\u202Eb\u2066c', String.raw`a\u202eb\u2066c`],
  ['line and paragraph separators', 'a\u2028b\u2029', String.raw`a\u2028b\u2029`],
  ['zero-width characters', 'a\u200Bb\uFEFF', String.raw`a\u200bb\ufeff`],
  ['NUL and DEL', '\0\u007F', String.raw`\u0000\u007f`],
] as const) {
  test(`${what} are made visible`, () => {
    expect(escapeControls(text)).toBe(escaped);
  });
}

test('text of any language stays as it is', () => {
  expect(escapeControls('Ünïcödé 漢字 ערב 😀')).toBe('Ünïcödé 漢字 ערב 😀');
});

test('data of a send is shown without the braces of a template', () => {
  expect(previewData({ action: 'subscribe', filter: { id: 1 } })).toBe('action: "subscribe", filter: ("id":1)');
  expect(previewData('{"a":1}')).toBe('("a":1)');
  expect(previewData([1, 2])).toBe('[1,2]');
  expect(previewData(null)).toBe('null');
});

test('bytes of a send are hex, whatever holds them', () => {
  expect(previewData(new Uint8Array([1, 2]).subarray(1))).toBe('<02>');
  expect(previewData(new Uint8Array([3]).buffer)).toBe('<03>');
  expect(previewData(new Blob(['abc']))).toBe('Blob of 3 bytes');
});

test('data that is no JSON is shown all the same', () => {
  const ring: Record<string, unknown> = {};
  ring['ring'] = ring;

  expect(previewData(ring)).toBe('ring: [object Object]');
  expect(previewData(5n)).toBe('5');
  expect(previewData(undefined)).toBe('undefined');
});

test('data that cannot be read, or is no text, is shown all the same', () => {
  const ring: Record<string, unknown> = Object.create(null);
  ring['ring'] = ring;
  const broken = {
    get id(): number {
      throw new Error('no id');
    },
  };

  expect(previewData(broken)).toBe('id: no id');
  expect(previewData([broken])).toBe('[object Object]');
  expect(previewData([ring])).toBe('something that cannot be printed');
});

test('data of a send is cut to 80 characters', () => {
  expect(previewData('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
  expect(previewData(`${'x'.repeat(78)}😀😀`)).toBe(`${'x'.repeat(78)}…`);
  expect(previewData(['x'.repeat(100)])).toBe(`["${'x'.repeat(77)}…`);
  expect(previewData('\n'.repeat(81))).toBe(`${'\\n'.repeat(39)}\\…`);
});

test('data of a send is read no further than it is shown', () => {
  let read = 0;
  const part = { toJSON: () => (read += 1) };
  previewData({ parts: Array.from({ length: 1000 }, () => part) });

  expect(read).toBe(80);
});
