import { expect, test } from '@playwright/test';
import { ConversationReader, type Conversation } from '../../src/transcript/viewer/conversation.ts';
import type { Line } from '../../src/transcript/viewer/lines.ts';
import { describeEvent } from '../../src/transcript/viewer/words.ts';
import { connection, frame, handshake, request, wait } from './lines.ts';

function read(...lines: readonly Line[]): Conversation {
  const reader = new ConversationReader();
  for (const line of lines) reader.add(line);
  return reader.finish();
}

test.describe('rows', () => {
  test('are frames in their order, with the events between them', () => {
    const close = { code: 1000, reason: '', wasClean: true, by: 'client', ms: 50 };
    const { rows } = read(
      connection({ close }),
      frame(1, { ms: 10 }),
      frame(2, { ms: 40 }),
      wait({ outcome: 'timeout', startedMs: 20, endedMs: 30 }),
      wait({ startedMs: 20, endedMs: 30 }),
      request({ startedMs: -5 }),
    );

    expect(rows.map(({ moment, ms }) => [moment, ms])).toEqual([
      ['request', -5],
      ['opened', 8],
      ['frame', 10],
      ['began', 20],
      ['gaveUp', 30],
      ['frame', 40],
      ['closed', 50],
    ]);
  });

  test('of one moment: what begins stands before a frame, what ends behind it', () => {
    const close = { code: 1000, reason: '', wasClean: true, by: 'client', ms: 10 };
    const { rows } = read(
      connection({ openedMs: 10, close }),
      frame(1, { ms: 10 }),
      wait({ outcome: 'timeout', startedMs: 10, endedMs: 10 }),
    );

    expect(rows.map(({ moment }) => moment)).toEqual(['opened', 'began', 'frame', 'gaveUp', 'closed']);
  });

  test('are as many as there are: more requests than a call takes arguments', () => {
    const reader = new ConversationReader();
    for (let ms = 0; ms < 200_000; ms++) reader.add(request({ startedMs: ms - 5, endedMs: ms }));
    const { endMs, rows, startMs } = reader.finish();

    expect([rows.length, startMs, endMs]).toEqual([200_000, -5, 199_999]);
  });

  test('of a wait that never ended stand at the end of the page', () => {
    const { rows } = read(frame(1, { ms: 70 }), wait({ outcome: 'pending', startedMs: 5, endedMs: undefined }));

    expect(rows.map(({ moment, ms }) => [moment, ms])).toEqual([
      ['began', 5],
      ['frame', 70],
      ['gaveUp', 70],
    ]);
  });

  test('tell a refusal, an opening handshake without an answer, and one that is under way', () => {
    const refused = handshake({ accepted: false, status: 403, statusText: 'Forbidden', duration: 3 });
    const silent = connection({ name: 'silent', openedMs: undefined, handshake: undefined, ms: 10 });
    const close = { code: 1006, reason: '', wasClean: false, by: 'network', meaning: 'Abnormal closure', ms: 20 };
    const { rows } = read(
      connection({ name: 'refused', openedMs: undefined, handshake: refused }),
      { ...silent, failure: 'timed out', close },
      { ...silent, name: 'slow' },
    );

    expect(rows.map((row) => [row.ms, describeEvent(row)])).toEqual([
      [3, 'refused did not open: 403 Forbidden'],
      [10, 'slow began to connect'],
      [20, 'silent did not open: timed out'],
    ]);
  });

  test('of lines of a later version are left out', () => {
    expect(read({ type: 'unknown' }, frame(1)).rows).toHaveLength(1);
  });
});

test.describe('answers', () => {
  test('are none across frames that are left out: the question may be among them', () => {
    const { answers } = read(
      frame(1, { ms: 10, direction: 'sent' }),
      frame(2, { ms: 11 }),
      frame(3, { ms: 12, connection: 'chat', direction: 'sent' }),
      { type: 'cut', connection: 'orders', frames: 100, bytes: 1000 },
      frame(104, { ms: 900 }),
      frame(105, { ms: 901, connection: 'chat' }),
      frame(106, { ms: 902, direction: 'sent' }),
      frame(107, { ms: 903 }),
      wait({ startedMs: 10, claimed: [2] }),
      wait({ startedMs: 899, claimed: [104] }),
      wait({ startedMs: 899, claimed: [105], connections: ['chat'] }),
      wait({ startedMs: 902, claimed: [107] }),
    );

    const replies = [...answers].filter(([, { isReply }]) => isReply);
    expect(replies.map(([reply, { other }]) => [reply, other])).toEqual([
      [2, 1],
      [105, 3],
      [107, 106],
    ]);
  });

  test('a claimed message answers the last message that was sent before it', () => {
    const { answers } = read(
      frame(1, { ms: 10, direction: 'sent' }),
      frame(2, { ms: 20, direction: 'sent' }),
      frame(3, { ms: 27 }),
      wait({ startedMs: 21, claimed: [3] }),
    );

    expect([...answers]).toEqual([
      [3, { other: 2, ms: 7, isReply: true }],
      [2, { other: 3, ms: 7, isReply: false }],
    ]);
  });

  test('replies to requests in flight at the same time belong to their own requests', () => {
    const { answers } = read(
      frame(1, { ms: 10, direction: 'sent' }),
      frame(2, { ms: 20, direction: 'sent' }),
      frame(3, { ms: 30 }),
      frame(4, { ms: 40 }),
      wait({ method: 'request', startedMs: 20.1, claimed: [3] }),
      wait({ method: 'request', startedMs: 10.1, claimed: [4] }),
    );

    expect([answers.get(3)?.other, answers.get(4)?.other]).toEqual([2, 1]);
  });

  test('a stream of claimed messages answers one send, which is answered by the first', () => {
    const { answers } = read(
      frame(1, { ms: 10, direction: 'sent' }),
      frame(2, { ms: 20 }),
      frame(3, { ms: 30 }),
      wait({ startedMs: 11, claimed: [2] }),
      wait({ startedMs: 21, claimed: [3] }),
    );

    expect([answers.get(1)?.other, answers.get(3)?.ms]).toEqual([2, 20]);
  });

  test('a message nobody claimed, one of another connection, and a pong answer nothing', () => {
    const { answers } = read(
      frame(1, { ms: 10, direction: 'sent' }),
      frame(2, { ms: 20 }),
      frame(3, { ms: 30, connection: 'chat' }),
      frame(4, { ms: 40, opcode: 'pong', text: '' }),
      wait({ startedMs: 11, claimed: [3] }),
      wait({ startedMs: 11, claimed: [4] }),
    );

    expect([...answers]).toEqual([]);
  });
});

test('page time begins with the first HTTP request and ends with the last event', () => {
  const { endMs, startMs } = read(frame(1, { ms: 10 }), request({ startedMs: -30 }), wait({ endedMs: 99 }));

  expect([startMs, endMs]).toEqual([-30, 99]);
});
