import { expect, test } from '@playwright/test';

import { paintFailure } from '../../src/explain/paint.ts';

const colors = {
  EXPECTED_COLOR: (text: string) => `<e>${text}</e>`,
  RECEIVED_COLOR: (text: string) => `<r>${text}</r>`,
  DIM_COLOR: (text: string) => `<d>${text}</d>`,
};

test('of several clients the nearest message of the second is not a part of the log of the first', () => {
  const sections = [
    'Call log of a:',
    '  - no frames',
    '',
    'Closest of b: #1, +1 ms',
    '-   "a": 1,',
    '',
    'Call log of b:',
  ];

  expect(paintFailure(sections.join('\n'), colors).split('\n')).toEqual([
    '<d>Call log of a:</d>',
    '<d>  - no frames</d>',
    '',
    'Closest of b: #1, +1 ms',
    '<e>-   "a": 1,</e>',
    '',
    '<d>Call log of b:</d>',
  ]);
});

const failure = [
  'expect(client).toReceiveMessage(expected) failed',
  '',
  'Client:   orders (ws://127.0.0.1/orders), open for 5 ms',
  'Expected: {"a": 1}',
  'Received: 1 message, none matched',
  '',
  'Closest: #1, +1 ms',
  '-   "a": 1,',
  '+   "a": 2,',
  '    "b": 3,',
  '',
  'Call log:',
  '  - #1  +1 ms  text  7 B  {"a":2}',
].join('\n');

test('a failure has the colours of the host: expected, received, and a dim call log', () => {
  expect(paintFailure(failure, colors).split('\n')).toEqual([
    'expect(client).toReceiveMessage(expected) failed',
    '',
    'Client:   orders (ws://127.0.0.1/orders), open for 5 ms',
    'Expected: <e>{"a": 1}</e>',
    'Received: <r>1 message, none matched</r>',
    '',
    'Closest: #1, +1 ms',
    '<e>-   "a": 1,</e>',
    '<r>+   "a": 2,</r>',
    '    "b": 3,',
    '',
    '<d>Call log:</d>',
    '<d>  - #1  +1 ms  text  7 B  {"a":2}</d>',
  ]);
});

test('a failure stays plain where the expect has no colours', () => {
  expect(paintFailure(failure, undefined)).toBe(failure);
  expect(paintFailure(failure, { EXPECTED_COLOR: colors.EXPECTED_COLOR })).toBe(failure);
});
