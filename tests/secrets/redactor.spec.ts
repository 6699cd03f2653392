import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';

import { hint } from '../../src/support/redact-hints.ts';
import { Redactor } from '../../src/support/redactor.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';
import { expect, test } from '../helpers/test.ts';

const inTexts: readonly (readonly [what: string, text: string, masked: string])[] = [
  ['a member', '{"id":1,"token":"abc"}', '{"id":1,"token":"***"}'],
  ['a member with spaces', '{ "token" : "abc" }', '{ "token" : "***" }'],
  ['an escaped quote', String.raw`{"token":"a\"b","id":1}`, '{"token":"***","id":1}'],
  ['a backslash at the end', String.raw`{"token":"a\\","id":1}`, '{"token":"***","id":1}'],
  ['a number, as JSON', '{"otp":123456,"id":1}', '{"otp":"***","id":1}'],
  [
    'JSON in JSON',
    String.raw`{"body":"{\"token\":\"a\\\"b\",\"id\":1}"}`,
    String.raw`{"body":"{\"token\":\"***\",\"id\":1}"}`,
  ],
  [
    'all inside an object',
    '{"auth":{"user":"a","n":[1,"b"],"ok":true},"id":1}',
    '{"auth":{"user":"***","n":["***","***"],"ok":true},"id":1}',
  ],
  ['a preview that was cut', '{"id":1,"token":"abc…\n{"id":2}', '{"id":1,"token":"***\n{"id":2}'],
  ['an object that was cut', '{"auth":{"user":"abc…\n{"id":"2"}', '{"auth":{"user":"***\n{"id":"2"}'],
  ['the subtitle of a step', 'action: "login", token: "abc"', 'action: "login", token: "***"'],
  ['a bearer token in a sentence', 'got Bearer abcdef012, sorry', 'got Bearer ***, sorry'],
  ['a JSON web token', 'is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc ok', 'is *** ok'],
  ['a URL', 'see ws://h/?token=abc&id=1', 'see ws://h/?token=***&id=1'],
];

for (const [what, text, masked] of inTexts) {
  test(`Redactor masks ${what}`, () => {
    expect(new Redactor().text(text)).toBe(masked);
  });
}

for (const text of [
  '{"key":"orders","author":"jane","token":true,"secret":null,"password":""}',
  '{"tokens_used":12,"monkey":"a"}',
  'Pass { headers: { authorization: … } }.',
  'Pass { proxy: { server, username, password } }.',
  'the key: 5 of "sid"',
]) {
  test(`Redactor leaves ${text} as it is`, () => {
    expect(new Redactor().text(text)).toBe(text);
  });
}

test('Redactor knows a value from one message in all others', () => {
  const { connection } = createTestConnection();
  receive(connection, { token: 'hunter2' });

  expect(connection.redactor.text('hello hunter2')).toBe('hello ***');
  expect(connection.redactor.bytes(Buffer.from('\0hunter2\0')).toString()).toBe('\0*******\0');
});

test('Redactor masks the part of a secret before and behind a cut', () => {
  const redactor = new Redactor({ values: ['correct horse battery'] });

  expect(redactor.text('it is correct ho…')).toBe('it is ***…');
  expect(redactor.text('- "correct ho"… (8 more characters)')).toBe('- "***"… (8 more characters)');
  expect(redactor.text('+ …"se battery staple"')).toBe('+ …"*** staple"');
  expect(redactor.text('<63 6f 72 72 65 …>')).toBe('<*** …>');
  expect(redactor.bytes(Buffer.from('it is correct ho'), true).toString()).toBe('it is **********');
});

for (const value of ['short', '1234567', '3.14159265', 'Bearer', 'undefined']) {
  test(`Redactor masks ${value} in its own place only`, () => {
    const { connection } = createTestConnection();
    receive(connection, { token: value });

    expect(connection.redactor.text(`{"token":"${value}","note":"${value}"}`)).toBe(
      `{"token":"***","note":"${value}"}`,
    );
  });
}

test('Redactor masks a short value of a path wherever it has that name', () => {
  const { connection } = createTestConnection();
  connection.redactor.configure({ paths: ['$.user.pin', '$.codes[*]'] });
  receive(connection, { user: { pin: 12 }, codes: ['ab'] });

  const text = '{"user":{"pin":12,"id":12},"codes":["ab","cd"],"note":"ab"}';
  expect(connection.redactor.text(text)).toBe('{"user":{"pin":"***","id":12},"codes":["***","cd"],"note":"ab"}');
});

test('Redactor masks what a pattern matches, and knows it in other forms', () => {
  const { connection } = createTestConnection();
  connection.redactor.configure({ patterns: [/\d{4}-\d{4}/y] });
  receive(connection, 'card 1234-5678');

  expect(connection.redactor.text('a 1234-5678 b 9999-0000')).toBe('a *** b ***');
  expect(connection.redactor.text(`"${Buffer.from('1234-5678').toString('base64')}"`)).toBe('"***"');
});

test('Redactor with false masks URLs and headers, and nothing else', () => {
  const redactor = new Redactor(false);
  redactor.learnHeader('authorization', 'Bearer hunter2');

  expect(redactor.text('{"token":"hunter2"} ws://h/?token=abc')).toBe('{"token":"hunter2"} ws://h/?token=***');
  expect(redactor.headers({ authorization: 'abc', accept: 'x' })).toEqual({ authorization: '***', accept: 'x' });
});

test('Redactor masks an error, its stack and a copy of its cause', () => {
  const redactor = new Redactor({ values: ['hunter2'] });
  const cause = new Error('the cause: hunter2');
  const error = redactor.error(new Error('no hunter2', { cause }));

  expect(error.message).toBe('no ***');
  expect(error.stack).toMatch(/^Error: no \*\*\*\n/);
  expect(error.cause).toMatchObject({ message: 'the cause: ***' });
  expect(cause.message).toBe('the cause: hunter2');
});

test('Redactor leaves a cause whose message is no text the same object', () => {
  const cause = Object.assign(new Error('x'), { message: { code: 7 } });

  expect(new Redactor({ values: ['hunter2'] }).error(new Error('x', { cause })).cause).toBe(cause);
});

test('Redactor leaves a cause without secrets the same object', () => {
  const cause = new Error('no secret');

  expect(new Redactor({ values: ['hunter2'] }).error(new Error('x', { cause })).cause).toBe(cause);
});

test('Redactor learns frames once, and messages stay as they came', () => {
  const { connection } = createTestConnection();
  receive(connection, { token: 'hunter2' });
  connection.redactor.text('x');
  receive(connection, { token: 'swordfish' });

  expect(connection.redactor.text('hunter2 swordfish')).toBe('*** ***');
  expect(connection.messages.at(0).text).toBe('{"token":"hunter2"}');
});

test('Redactor is done with hostile texts in time', () => {
  // Quadratic work on any of them takes longer than this.
  test.setTimeout(10_000);
  const redactor = new Redactor({ values: ['hunter2'] });
  for (const part of ['\\', '"', 'token:', '"token":"', '"auth":{', 'a-', ' ', 'eyJ', 'Bearer ', 'hunt', '…"']) {
    const text = part.repeat(Math.ceil(100_000 / part.length));
    expect(redactor.text(text).length).toBeGreaterThan(0);
  }
});

test('Redactor calls only such frames harmless that it leaves as they are', () => {
  const texts = [
    'plain',
    'a & b',
    'who?',
    'me@home',
    '{"token":"hunter2"}',
    'Bearer abcdefgh',
    '{"id":1}',
    'the session',
  ];
  const { connection } = createTestConnection();
  for (const text of texts) receive(connection, text);
  const { maskText } = connection.redactor;
  expect(texts.filter((_, index) => maskText.isHarmless?.(connection.log, index))).toEqual([]);

  const other = createTestConnection().connection;
  for (const text of texts.filter((one) => !one.includes('hunter2') && !one.includes('Bearer'))) receive(other, text);
  const harmless = [...other.log].filter(({ index }) => other.redactor.maskText.isHarmless?.(other.log, index));
  expect(harmless.map(({ text }) => text)).toEqual(['plain', '{"id":1}']);
});

test('Redactor calls a frame harmless by its own bytes, whatever stands in the frames beside it', () => {
  // Nothing of which a secret is learned: that may stand in any frame.
  const words = ['token', 'to', 'ken', 'eyJ', 'ey', 'SID', 'si', 'd', '@', '?', '&', '{"id":1}', 'ä', '漢', '🙂', ' '];
  const text = fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((parts) => Buffer.from(parts.join('')));
  const partsOfCharacters = fc
    .constantFrom([0xc3], [0xa4], [0xe6, 0xbc], [0xa2], [0xff])
    .map((codes) => Buffer.from(codes));
  const payloads = fc.array(fc.oneof({ weight: 5, arbitrary: text }, partsOfCharacters), { maxLength: 12 });
  fc.assert(
    fc.property(payloads, fc.nat(12), (all, binaryAt) => {
      const { connection } = createTestConnection();
      for (const [index, payload] of all.entries()) connection.message(payload, index === binaryAt);

      const harmless = all.map((_, index) => connection.redactor.maskText.isHarmless?.(connection.log, index));
      expect(harmless).toEqual(all.map((payload, index) => index !== binaryAt && looksHarmless(payload)));
    }),
    { numRuns: 500 },
  );
});

function looksHarmless(payload: Buffer): boolean {
  return isUtf8(payload) && !hint.test(payload.toString()) && !/[@?&]/.test(payload.toString());
}

test('Redactor learns a secret at any place among the frames that lie beside it', () => {
  for (let place = 0; place < 300; place++) {
    const { connection } = createTestConnection();
    const secret = place % 2 === 0 ? '{"token":"hunter2"}' : 'ws://h/?a=1&sid=hunter2';
    for (let index = 0; index < 300; index++) receive(connection, index === place ? secret : `{"id":${index}}`);

    expect(connection.redactor.text('hello hunter2')).toBe('hello ***');
  }
});

for (const options of [
  { patterns: [/\d+/] },
  { paths: ['$.id'] },
  { params: ['id'] },
  { values: ['plain'] },
  false,
] as const) {
  test(`Redactor calls no frame harmless with ${options === false ? options : Object.keys(options).join()}`, () => {
    const { connection } = createTestConnection();
    receive(connection, '{"id":12345678}');
    const redactor = new Redactor(options);
    redactor.watch(connection.log);

    expect(redactor.maskText.isHarmless?.(connection.log, 0)).toBe(false);
  });
}
