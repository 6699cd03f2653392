import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Connection } from '../../src/connection/connection.ts';
import { writeJsonl, writePageLines } from '../../src/transcript/jsonl.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { LineReader } from '../../src/transcript/viewer/line-reader.ts';
import { createTestConnection, FakeOwner, receive } from '../helpers/fake-wire.ts';
import { clientOf } from './lines.ts';

interface Written {
  /** Lines of a page, as they are in it. */
  readonly page: string[];
  /** The same, read and written as lines of `websocket.jsonl`. */
  readonly read: string[];
  readonly jsonl: string[];
}

function write(connections: readonly Connection[], limits = {}): Written {
  const transcript = createTranscript({ connections, waits: [], findings: [] });
  const linesOf = (chunks: Iterable<Buffer>): string[] => {
    return Buffer.concat([...chunks])
      .toString()
      .split('\n')
      .slice(0, -1);
  };
  const page = linesOf(writePageLines(transcript, { limits }));
  const reader = new LineReader();
  const read = page.map((line) => JSON.stringify(reader.read(line)));
  // The first line has the moment at which it was written.
  return { page: page.slice(1), read: read.slice(1), jsonl: linesOf(writeJsonl(transcript, { limits })).slice(1) };
}

test.describe('short frames', () => {
  test('are lines of a mark, numbers, and the text as it came', () => {
    const { connection } = createTestConnection();
    receive(connection, '{"a": "ä"}');
    receive(connection, '');

    const { page } = write([connection]);
    expect(page[1]).toMatch(/^<\d+ \d+ \d+ 0 1 11 {"a": "ä"}$/);
    expect(page[2]).toMatch(/^<\d+ \d+ \d+ 0 2 0 $/);
  });

  test('are read as the lines of websocket.jsonl that they stand for', async () => {
    const owner = new FakeOwner();
    const [orders, prices] = ['orders', 'prices'].map((name) => createTestConnection({ name, owner }).connection);
    for (const text of ['{"type":"order"}', 'two\nlines', '', '<', '> 漢 🙂\r\t\u0000\uFEFF', '1 2 3']) {
      await clientOf(orders).send(text);
      receive(prices, text);
    }
    expect(write([orders, prices]).read).toEqual(write([orders, prices]).jsonl);
  });

  test('are read as any text was sent', () => {
    const { connection } = createTestConnection();
    const anything = fc.array(fc.integer({ min: 0, max: 0x10_ffff })).map((codes) => String.fromCodePoint(...codes));
    for (const text of fc.sample(anything, 500)) receive(connection, text);

    const { jsonl, read } = write([connection]);
    expect(read).toEqual(jsonl);
  });

  test('leave to lines what has more to tell', async () => {
    const { connection } = createTestConnection();
    const client = clientOf(connection);
    receive(connection, 'claimed');
    await client.waitForMessage('claimed');
    receive(connection, 'two\nlines');
    receive(connection, 'http://ann:secret@127.0.0.1/');
    receive(connection, 'too long for the limit, and thus cut');
    receive(connection, Buffer.from([0xff]));
    connection.message(Buffer.from([0xff]), false);
    connection.ping(Buffer.from('p'));
    await client.close(1000, 'done');

    const { jsonl, page, read } = write([connection], { payloadBytes: 30 });
    expect(page.filter((line) => !line.startsWith('{'))).toEqual([]);
    expect(read).toEqual(jsonl);
  });

  test('tell what was left out between them', () => {
    const { connection } = createTestConnection();
    for (let number = 1; number <= 9; number++) receive(connection, String(number));

    const { jsonl, page, read } = write([connection], { headFrames: 2, tailFrames: 1 });
    expect(page.map((line) => line.slice(0, 1)).join('')).toBe('{<<{<');
    expect(read).toEqual(jsonl);
  });
});
