import { expect, test } from '@playwright/test';
import type { Connection } from '../../src/connection/connection.ts';
import { callLog, describeTime, formatMs } from '../../src/explain/call-log.ts';
import type { FrameEntry } from '../../src/frames/frame-log.ts';
import { nextSequence } from '../../src/frames/sequence.ts';
import { steadyText, text } from '../helpers/failure-text.ts';
import { createTestConnection } from '../helpers/fake-wire.ts';
import { createReconnecting } from '../connection/reconnecting.ts';
import { compiled } from '../connection/test-client.ts';

test('a call log of nothing says so', () => {
  expect(callLog(createTestConnection().connection)).toBe('  - no frames');
});

test('a call log aligns its columns', () => {
  const { connection } = createTestConnection();
  append(connection, { at: 3, direction: 'sent', payload: '{"action":"subscribe"}' });
  append(connection, { at: 12.4, payload: 'hello' });
  append(connection, { at: 1041.6, opcode: 'binary', payload: Buffer.from([1, 2]) });
  append(connection, { at: 1042, opcode: 'ping', payload: 'x' });
  append(connection, { at: 65_000, opcode: 'close', payload: close(4001, 'kicked') });
  append(connection, { at: 1_234_567, opcode: 'close', direction: 'sent', payload: Buffer.alloc(0) });

  expect(callLog(connection)).toBe(
    text(
      '  - sent              +3 ms  text    22 B  {"action":"subscribe"}',
      '  - #1               +12 ms  text     5 B  hello',
      '  - #2            +1 042 ms  binary   2 B  <01 02>',
      '  - received      +1 042 ms  ping     1 B  x',
      '  - received     +65 000 ms  close    8 B  4001 kicked',
      '  - sent      +1 234 567 ms  close    0 B',
    ),
  );
});

test('a call log has a gap in its place and in the columns', () => {
  const { connection, lose } = createReconnecting();
  append(connection, { at: 1041, payload: 'before' });
  lose();
  append(connection, { at: 12_042, direction: 'sent', payload: 'after' });
  connection.closing.terminate();

  const [before, gap, after] = callLog(connection).split('\n');
  expect([before, after]).toEqual([
    '  - #1     +1 041 ms  text  6 B  before',
    '  - sent  +12 042 ms  text  5 B  after',
  ]);
  expect(gap).toMatch(/^ {2}- gap {3,}\+\d+ ms {2}closed with 1006 Abnormal closure, by the network, not open again$/);
  expect(gap.indexOf(' ms')).toBe(before.indexOf(' ms'));
});

test('a call log shows the last twelve frames and counts the earlier ones', () => {
  const { connection } = createTestConnection();
  for (let n = 1; n <= 13; n++) append(connection, { at: n, payload: `message ${n}` });
  const one = callLog(connection).split('\n');
  append(connection, { at: 14, payload: 'message 14' });
  const two = callLog(connection).split('\n');

  expect(one).toHaveLength(13);
  expect(one.slice(0, 2)).toEqual(['  - … 1 earlier frame', '  - #2    +2 ms  text   9 B  message 2']);
  expect(two.slice(0, 2)).toEqual(['  - … 2 earlier frames', '  - #3    +3 ms  text   9 B  message 3']);
});

test('a call log begins with the current test of a worker', () => {
  const { connection } = createTestConnection();
  for (let n = 1; n <= 20; n++) append(connection, { at: n, payload: 'earlier test' });
  connection.beginTest();
  append(connection, { at: 21, payload: 'this test' });

  expect(callLog(connection)).toBe('  - #21  +21 ms  text  9 B  this test');
});

test('a call log tells what took a message away', () => {
  const { connection } = createTestConnection({
    ignore: compiled('noise'),
    autoReplies: [{ on: compiled('ping'), send: 'pong' }],
  });
  for (const payload of ['noise', 'ping', 'news']) connection.message(Buffer.from(payload), false);

  expect(steadyText(callLog(connection))).toBe(
    text(
      '  - received  +N ms  text  5 B  noise  (hidden by ignore)',
      '  - received  +N ms  text  4 B  ping  (hidden by autoReply)',
      '  - sent  +N ms  text  4 B  pong',
      '  - #1  +N ms  text  4 B  news',
    ),
  );
});

test('a call log stays short whatever the payloads are', () => {
  const { connection } = createTestConnection();
  for (let n = 0; n < 50; n++) append(connection, { at: n, payload: 'x'.repeat(1_000_000) });

  expect(callLog(connection).length).toBeLessThan(12 * 170);
});

test('a time counts from the start of its connection', () => {
  const { connection } = createTestConnection();

  expect(describeTime(connection, connection.createdAt + 5043.4)).toBe('+5 043 ms');
});

for (const [ms, shown] of [
  [0, '0 ms'],
  [0.6, '1 ms'],
  [999, '999 ms'],
  [1000, '1 000 ms'],
  [1_234_567.4, '1 234 567 ms'],
] as const) {
  test(`${ms} milliseconds are shown as ${shown}`, () => {
    expect(formatMs(ms)).toBe(shown);
  });
}

interface TestFrame extends Partial<Pick<FrameEntry, 'direction' | 'opcode'>> {
  /** Milliseconds after the start of the connection. */
  readonly at: number;
  readonly payload: string | Buffer;
}

function append(connection: Connection, { at, direction = 'received', opcode = 'text', payload }: TestFrame): void {
  const monotonicTime = connection.createdAt + at;
  const frame = connection.log.append({
    direction,
    opcode,
    payload: Buffer.from(payload),
    sequence: nextSequence(),
    monotonicTime,
  });
  if (direction === 'received' && (opcode === 'text' || opcode === 'binary')) connection.messages.add(frame);
}

function close(code: number, reason: string): Buffer {
  const payload = Buffer.from(`  ${reason}`);
  payload.writeUInt16BE(code);
  return payload;
}
