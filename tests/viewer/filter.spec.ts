import { expect, test } from '@playwright/test';
import { ConversationReader, type Conversation } from '../../src/transcript/viewer/conversation.ts';
import { compileFilter, type Filter, noFilter } from '../../src/transcript/viewer/filter.ts';
import type { Line } from '../../src/transcript/viewer/lines.ts';
import { connection, frame, request, wait } from './lines.ts';

const lines: readonly Line[] = [
  connection(),
  connection({ name: 'chat', ms: 1 }),
  frame(1, { direction: 'sent', text: '{"user":{"name":"Ann"},"id":1}' }),
  frame(2, { text: '{"user":{"name":"Ben"},"id":2}', message: 1, claimedBy: { method: 'm', location: 'a:1' } }),
  frame(3, { connection: 'chat', text: 'hello ann', message: 1 }),
  frame(4, { opcode: 'ping', text: '' }),
  frame(5, { opcode: 'binary', base64: 'AAE=', message: 2, hiddenBy: 'ignore', invalid: true }),
  frame(6, { opcode: 'close', code: 1001, reason: 'bye' }),
  wait({ outcome: 'timeout', nearest: 3 }),
];

function conversationOf(all: readonly Line[]): Conversation {
  const reader = new ConversationReader();
  for (const line of all) reader.add(line);
  return reader.finish();
}

function shownBy(changes: Partial<Filter>): number[] {
  const conversation = conversationOf(lines);
  const isShown = compileFilter({ ...noFilter, ...changes }, conversation);
  return conversation.rows.flatMap((row) => (row.moment === 'frame' && isShown(row) ? [row.line.sequence] : []));
}

for (const [what, changes, numbers] of [
  ['nothing', {}, [1, 2, 3, 4, 5, 6]],
  ['text, whatever its case', { search: 'ANN' }, [1, 3]],
  ['the text of a close frame', { search: '1001 bye' }, [6]],
  ['a regular expression, whatever its case', { mode: 'regex', search: '"id":[1-9]|HELLO' }, [1, 2, 3]],
  ['a regular expression with flags', { mode: 'regex', search: '/"name":"B/' }, [2]],
  ['a regular expression that would remember its place', { mode: 'regex', search: '/name/g' }, [1, 2]],
  ['a JSONPath with a filter', { mode: 'jsonpath', search: '$.user[?@ == "Ben"]' }, [2]],
  ['a JSONPath that has to exist', { mode: 'jsonpath', search: ' $..name ' }, [1, 2]],
  ['a connection', { connection: 'chat' }, [3]],
  ['the direction', { direction: 'sent' }, [1]],
  ['opcodes', { withoutOpcodes: new Set(['text', 'close']) }, [4, 5]],
  ['what is claimed', { state: 'claimed' }, [2]],
  ['what is not claimed', { state: 'unclaimed' }, [3, 5]],
  ['what a wait marks', { state: 'marked' }, [3]],
  ['what is invalid', { state: 'invalid' }, [5]],
  ['what is hidden', { state: 'hidden' }, [5]],
  ['the time, its ends included', { range: { fromMs: 20, toMs: 40 } }, [2, 3, 4]],
  ['several of these', { direction: 'received', connection: 'orders', search: 'e' }, [2, 6]],
] satisfies [string, Partial<Filter>, number[]][]) {
  test(`filter by ${what}`, () => {
    expect(shownBy(changes)).toEqual(numbers);
  });
}

for (const [mode, search, message] of [
  ['regex', '(', 'Invalid regular expression: /(/i: Unterminated group'],
  ['jsonpath', '$[', 'unclosed bracketed selection at position 2'],
] as const) {
  test(`filter that is no ${mode} throws what is wrong`, () => {
    expect(() => shownBy({ mode, search })).toThrow(expect.objectContaining({ name: 'SyntaxError', message }));
  });
}

test('filter by a JSONPath finds nothing in a value that is too deep', () => {
  const deep = frame(1, { text: '['.repeat(100_000) + ']'.repeat(100_000) });
  const conversation = conversationOf([deep]);
  const isShown = compileFilter({ ...noFilter, mode: 'jsonpath', search: '$..a' }, conversation);

  expect(conversation.rows.filter((row) => isShown(row))).toEqual([]);
});

test('filter by a connection keeps the events of that one, and HTTP requests', () => {
  const all = [
    connection(),
    connection({ name: 'chat', openedMs: 5 }),
    request(),
    wait({ outcome: 'closed', connections: ['chat'] }),
    { type: 'cut', connection: 'chat', frames: 1, bytes: 1 } as const,
  ];
  const conversation = conversationOf(all);
  const isShown = compileFilter({ ...noFilter, connection: 'orders' }, conversation);

  expect(conversation.rows.filter((row) => isShown(row)).map(({ moment }) => moment)).toEqual(['opened', 'request']);
});

test('filter without events has none', () => {
  const conversation = conversationOf(lines);
  const isShown = compileFilter({ ...noFilter, showsEvents: false }, conversation);

  expect(conversation.rows.filter((row) => isShown(row) && row.moment !== 'frame')).toEqual([]);
});
