import { expect, test } from '@playwright/test';
import { maskStrings, maskUrls } from '../../src/transcript/mask-text.ts';

const texts: readonly (readonly [what: string, text: string, masked: string])[] = [
  ['a secret query value', 'ws://h/?token=abc&room=1', 'ws://h/?token=***&room=1'],
  ['a second secret query value', '/x?room=1&api_key=abc', '/x?room=1&api_key=***'],
  ['a relative URL in a sentence', 'see /x?sid=abc.', 'see /x?sid=***.'],
  ['a URL in brackets', '(ws://h/?token=abc), closed', '(ws://h/?token=***), closed'],
  ['a URL in JSON', '{"url":"/x?token=abc","id":1}', '{"url":"/x?token=***","id":1}'],
  ['a URL in JSON in JSON', String.raw`"{\"url\":\"/x?token=abc\"}"`, String.raw`"{\"url\":\"/x?token=***\"}"`],
  ['a query in a query', '/x?next=/y?token=abc', '/x?next=/y?token=***'],
  ['an encoded name', '/x?access%5Ftoken=abc', '/x?access%5Ftoken=***'],
  ['a password', 'wss://user:abc@h/x', 'wss://user:***@h/x'],
  ['two passwords', 'ws://a:abc@h and ws://b:abc@h', 'ws://a:***@h and ws://b:***@h'],
];

for (const [what, text, masked] of texts) {
  test(`maskUrls masks ${what}`, () => {
    expect(maskUrls(text)).toBe(masked);
  });
}

const harmless = [
  'ws://h/?room=1&author=jane',
  'is it a=b? yes, token=abc is no query',
  '/x?broken%=1',
  'mail jane@example.test at 12:30',
  'ws://h:4040/x',
  '',
];

for (const text of harmless) {
  test(`maskUrls leaves ${JSON.stringify(text)} as it is`, () => {
    expect(maskUrls(text)).toBe(text);
  });
}

test('maskStrings masks every string of a value, not its keys', () => {
  const value = { a: 'a', list: ['a', 1, { a: 'a' }], none: undefined, nothing: null, yes: true };

  expect(maskStrings(value, (text) => `<${text}>`)).toEqual({
    a: '<a>',
    list: ['<a>', 1, { a: '<a>' }],
    none: undefined,
    nothing: null,
    yes: true,
  });
});
