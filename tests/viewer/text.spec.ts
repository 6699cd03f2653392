import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { formatBytes, formatMoment, formatMs, plural } from '../../src/transcript/viewer/format.ts';
import { hexLines } from '../../src/transcript/viewer/hex-view.ts';
import { wscatCommand } from '../../src/transcript/viewer/repro.ts';
import { createScale, momentAt, tickLabel, ticksOf, toX } from '../../src/transcript/viewer/timeline-scale.ts';
import { hasInvisible, visibleLine, visibleRuns } from '../../src/transcript/viewer/visible-text.ts';
import { connection, handshake } from './lines.ts';

// oxlint-disable-next-line no-control-regex
const unseen = /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]|\p{Cs}/u;
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\u202E', '\uD800', '\t', '\n') }),
);

test('visibleLine leaves nothing that would not be seen', () => {
  fc.assert(fc.property(anything, (text) => !unseen.test(visibleLine(text))));
});

test('visibleRuns has the text with names in place of what would not be seen; tabs and line feeds stay', () => {
  expect([...visibleRuns('a\tb\n\u202Ec\uD800')]).toEqual([
    { text: 'a\tb\n', isName: false },
    { text: 'U+202E', isName: true },
    { text: 'c', isName: false },
    { text: 'U+D800', isName: true },
  ]);
});

test('visibleRuns tells every time the same, also after a text was looked through', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const before = [...visibleRuns(text)];
      const names = before.filter(({ isName }) => isName).length;
      expect(hasInvisible(text)).toBe(names > 0);
      expect([...visibleRuns(text)]).toEqual(before);
    }),
  );
});

test('visibleLine shows controls as pictures and leaves what can be seen, whole characters included', () => {
  expect(visibleLine('\u0000\u001B[1m\r\n\u007F ä 漢 🙂 \u202E')).toBe('␀␛[1m␍␊␡ ä 漢 🙂 ⟨U+202E⟩');
});

for (const [ms, text] of [
  [0, '0.00 ms'],
  [3.1449, '3.14 ms'],
  [41.24, '41.2 ms'],
  [999.94, '999.9 ms'],
  [5043.4, '5\u2009043 ms'],
  [12_345, '12.3 s'],
  [61_400, '61 s'],
] as const) {
  test(`formatMs of ${ms}`, () => {
    expect(formatMs(ms)).toBe(text);
  });
}

test('formatMoment has a sign', () => {
  expect([formatMoment(0), formatMoment(12), formatMoment(-48)]).toEqual(['+0.00 ms', '+12.0 ms', '−48.0 ms']);
});

for (const [bytes, text] of [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9949, '9.9 kB'],
  [9951, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [48_000_000, '48 MB'],
  [3e9, '3.0 GB'],
  [5e12, '5000 GB'],
] as const) {
  test(`formatBytes of ${bytes}`, () => {
    expect(formatBytes(bytes)).toBe(text);
  });
}

test('plural knows one from many', () => {
  expect([plural(0, 'frame'), plural(1, 'frame'), plural(12_345, 'frame')]).toEqual([
    '0 frames',
    '1 frame',
    '12\u2009345 frames',
  ]);
});

test('hexLines has sixteen bytes a line, each of one length', () => {
  const lines = hexLines(
    Uint8Array.from({ length: 20 }, (_, index) => index + 0x3c),
    0x100,
  );

  expect(lines).toBe(
    '00000100  3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK\n' +
      '00000110  4c 4d 4e 4f                                       LMNO\n',
  );
});

test('wscat command repeats subprotocols, origin and headers, and leaves out what wscat writes itself', () => {
  const requestHeaders = {
    host: 'a',
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': 'x',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'v1, v2',
    origin: 'https://example.test',
    authorization: '***',
    'x-name': "it's $HOME `id`",
  };

  expect(wscatCommand(connection({ url: 'ws://127.0.0.1/?a=b&c=d', handshake: handshake({ requestHeaders }) }))).toBe(
    `wscat -c 'ws://127.0.0.1/?a=b&c=d' -s v1 -s v2 -o https://example.test -H 'authorization: ***' -H 'x-name: it'\\''s $HOME \`id\`'`,
  );
});

test('wscat command holds nothing that a terminal acts upon', () => {
  const requestHeaders = { a: 'b\r\nrm -rf\u001B[2J' };

  expect(wscatCommand(connection({ url: 'ws://a\n;id', handshake: handshake({ requestHeaders }) }))).toBe(
    "wscat -c 'ws://a;id' -H 'a: brm -rf[2J'",
  );
});

test('time scale maps moments to pixels and back, with room at both ends', () => {
  const scale = createScale(0, 1000, 500);

  expect([toX(scale, 0), toX(scale, 1000)]).toEqual([4.9, 495.1]);
  expect(momentAt(scale, 250)).toBeCloseTo(500);
});

test('time scale of a single moment still has a width', () => {
  expect(toX(createScale(5, 5, 100), 5)).toBe(50);
});

test('time axis has round ticks', () => {
  expect(ticksOf(createScale(-48, 5262, 1300)).map(tickLabel)).toEqual([
    '0',
    '500 ms',
    '1 s',
    '1.5 s',
    '2 s',
    '2.5 s',
    '3 s',
    '3.5 s',
    '4 s',
    '4.5 s',
    '5 s',
  ]);
  expect(ticksOf(createScale(-3, 4, 600)).map(tickLabel)).toEqual(['−2 ms', '0', '2 ms', '4 ms']);
});
