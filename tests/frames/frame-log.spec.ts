import { expect, test } from '@playwright/test';

import { FrameLog, type FrameEntry } from '../../src/frames/frame-log.ts';

test.describe('FrameLog', () => {
  test('keeps every fact of a frame', () => {
    const log = new FrameLog();
    const entries: FrameEntry[] = [
      { direction: 'received', opcode: 'text', payload: Buffer.from('ü'), sequence: 1, monotonicTime: 0.25 },
      { direction: 'sent', opcode: 'binary', payload: new Uint8Array([1, 2]), sequence: 5, monotonicTime: 1e9 },
      { direction: 'received', opcode: 'ping', payload: Buffer.alloc(0), sequence: 2 ** 40, monotonicTime: 1 },
      { direction: 'sent', opcode: 'pong', payload: Buffer.from('p'), sequence: 7, monotonicTime: 2 },
      { direction: 'received', opcode: 'close', payload: Buffer.from([3, 232]), sequence: 8, monotonicTime: 3 },
    ];
    expect(entries.map((entry) => log.append(entry))).toEqual([0, 1, 2, 3, 4]);

    for (const [index, entry] of entries.entries()) {
      expect(log.at(index)).toMatchObject({
        ...entry,
        index,
        payload: Buffer.from(entry.payload),
        size: entry.payload.length,
        time: performance.timeOrigin + entry.monotonicTime,
        text: Buffer.from(entry.payload).toString(),
      });
    }
  });

  test('keeps the order and the microsecond of frames that are days and billions of frames apart', () => {
    const log = new FrameLog();
    const facts = [
      [1, 0.001],
      [2, 4_294_967.295],
      [2 ** 32, 4_294_967.297],
      [2 ** 33, 4_294_967.298],
      [2 ** 33 + 1, 90_000_000.5],
    ];
    for (const [sequence, monotonicTime] of facts) {
      log.append({ direction: 'sent', opcode: 'text', payload: Buffer.from('x'), sequence, monotonicTime });
    }

    const kept = facts.map((_, index) => [log.sequence(index), Number(log.monotonicTime(index).toFixed(3))]);
    expect(kept).toEqual(facts);
  });

  test('finds payloads small and large, in turns', () => {
    const log = new FrameLog();
    const sizes = [10, 70_000, 0, 20, 100_000, 30, 1_048_576, 3, ...Array.from({ length: 2000 }, () => 1000)];
    for (const [index, size] of sizes.entries()) append(log, String(index % 10).repeat(size));

    const wrong = sizes.filter((size, index) => log.at(index)?.text !== String(index % 10).repeat(size));
    expect(wrong).toEqual([]);
  });

  for (const maxMemory of [undefined, 100_000]) {
    test(`has payloads that lie one behind the other as one, with ${maxMemory ?? 'all'} bytes in memory`, () => {
      const log = new FrameLog(maxMemory);
      const sizes = [10, 70_000, 0, 20, 0, 1_048_576, 1_100_000, 3, ...Array.from({ length: 2000 }, () => 1000)];
      for (const [index, size] of sizes.entries()) append(log, String(index % 10).repeat(size));

      for (const start of [0, 1, 2, 500]) {
        const pieces: Buffer[] = [];
        for (let index = start; index < log.length; index = log.payloadsFrom(index).end) {
          pieces.push(log.payloadsFrom(index).bytes);
        }
        const frames = [...log].slice(start).map(({ payload }) => payload);
        expect(Buffer.concat(pieces).equals(Buffer.concat(frames))).toBe(true);
        expect(pieces.length).toBeLessThan(20);
      }
      log.release();
    });
  }

  test('has positions from both ends, as an array', () => {
    const log = filled(3);

    expect([log.at(0)?.text, log.at(2)?.text, log.at(-1)?.text, log.at(-3)?.text]).toEqual(['0', '2', '2', '0']);
    expect([log.at(3), log.at(-4), new FrameLog().at(0), new FrameLog().at(-1)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('is iterated in the order of its frames, also while it grows', () => {
    const log = filled(2);
    const seen: string[] = [];
    for (const { text } of log) {
      seen.push(text);
      if (text === '0') append(log, 'more');
    }

    expect(seen).toEqual(['0', '1', 'more']);
  });

  test('grows past every doubling without losing a frame', () => {
    for (const count of [15, 16, 17, 32, 33, 1025]) {
      const log = filled(count);

      expect(log.length).toBe(count);
      expect([...log].map(({ text }) => Number(text))).toEqual(Array.from({ length: count }, (_, index) => index));
    }
  });

  test('holds a million small frames', () => {
    const log = filled(1_000_000);

    expect(log.length).toBe(1_000_000);
    for (const index of [0, 15, 16, 65_535, 65_536, 524_287, 524_288, 999_999]) {
      expect(log.at(index)).toMatchObject({ text: `${index}`, sequence: index + 1, monotonicTime: index / 4 });
    }
  });

  test('keeps flags apart from each other and from direction and opcode', () => {
    const log = new FrameLog();
    for (const opcode of ['text', 'binary', 'ping'] as const) {
      log.append({ direction: 'sent', opcode, payload: Buffer.from('x'), sequence: 1, monotonicTime: 0 });
    }
    log.hide(0, 'ignore');
    log.markInvalid(0);
    log.hide(1, 'autoReply');

    expect([0, 1, 2].map((index) => [log.hiddenBy(index), log.isInvalid(index), log.direction(index)])).toEqual([
      ['ignore', true, 'sent'],
      ['autoReply', false, 'sent'],
      [undefined, false, 'sent'],
    ]);
    expect([0, 1, 2].map((index) => log.opcode(index))).toEqual(['text', 'binary', 'ping']);
  });
});

function filled(count: number): FrameLog {
  const log = new FrameLog();
  for (let index = 0; index < count; index++) append(log, `${index}`);
  return log;
}

function append(log: FrameLog, text: string): void {
  log.append({
    direction: 'received',
    opcode: 'text',
    payload: Buffer.from(text),
    sequence: log.length + 1,
    monotonicTime: log.length / 4,
  });
}
