import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

import { FrameLog } from '../../src/frames/frame-log.ts';

const payloadBytes = 1000;
const limit = 2 * 1024 * 1024;

test.describe('FrameLog beyond its memory', () => {
  test('has the oldest payloads in a file, and gives back all of them', () => {
    const log = filled(10_000, limit);
    expect(log.spilled).toBeGreaterThan(10_000 * payloadBytes - 2 * limit);

    const wrong = Array.from({ length: 10_000 }, (_, index) => index).filter(
      (index) => log.payload(index).toString() !== textOf(index),
    );
    expect(wrong).toEqual([]);
    log.release();
  });

  test('gives back in any order, large ones too', () => {
    const log = new FrameLog(1024 * 1024);
    const large = Buffer.alloc(3_000_000, 'L');
    const order = Array.from({ length: 3000 }, (_, index) => (index * 1231) % 3000);
    for (let index = 0; index < 3000; index++) append(log, index % 1000 === 500 ? large : Buffer.from(textOf(index)));

    const wrong = order.filter((index) => {
      const payload = log.payload(index);
      return index % 1000 === 500 ? !payload.equals(large) : payload.toString() !== textOf(index);
    });
    expect(wrong).toEqual([]);
    log.release();
  });

  test('leaves the bytes that were read alone when others are read', () => {
    const log = filled(10_000, limit);
    const first = log.payload(0);
    log.payload(3000);

    expect(first.toString()).toBe(textOf(0));
    log.release();
  });

  test('uses no file below it', () => {
    expect(filled(1000, limit).spilled).toBe(0);
  });

  test('closes its file, which then can be read no more', () => {
    const log = filled(10_000, limit);
    const open = openFrameFiles();
    log.release();

    expect(open.length - openFrameFiles().length).toBe(process.platform === 'linux' ? 1 : 0);
    expect(() => log.payload(0)).toThrow(
      'Cannot read a frame of a test that has ended: it was in a temporary file\n  Read it within the test, or raise the option maxMemory.',
    );
    // What is in memory stays.
    expect(log.payload(9999).toString()).toBe(textOf(9999));
  });

  test('leaves no file behind in the temporary folder', () => {
    test.skip(process.platform === 'win32', 'Windows keeps the name of an open file');
    const before = framesFolders();
    const log = filled(10_000, limit);

    expect(log.spilled).toBeGreaterThan(0);
    expect(framesFolders()).toEqual(before);
    log.release();
  });

  test('stays in memory where no file can be written, and says so once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-no-folder-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = file;
    const warned: string[] = [];
    const onWarning = ({ message }: Error): void => void warned.push(message);
    process.on('warning', onWarning);
    try {
      const log = filled(10_000, limit);
      await new Promise(setImmediate);
      expect([log.spilled, log.payload(0).toString()]).toEqual([0, textOf(0)]);
      expect(warned).toEqual([
        expect.stringMatching(/^Frames stay in memory, since they cannot be written to a file: ENOTDIR/),
      ]);
    } finally {
      process.off('warning', onWarning);
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
      rmSync(folder, { recursive: true });
    }
  });
});

function filled(count: number, maxMemory: number): FrameLog {
  const log = new FrameLog(maxMemory);
  for (let index = 0; index < count; index++) append(log, Buffer.from(textOf(index)));
  return log;
}

function append(log: FrameLog, payload: Buffer): void {
  log.append({ direction: 'received', opcode: 'text', payload, sequence: log.length + 1, monotonicTime: log.length });
}

function textOf(index: number): string {
  return `${index} `.padEnd(payloadBytes, '.');
}

function framesFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('playwright-ws-frames-'));
}

function openFrameFiles(): string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).includes('playwright-ws-frames-');
    } catch {
      return false;
    }
  });
}
