import { expect, test } from '@playwright/test';
import { writeHar } from '../../src/transcript/har.ts';
import { LiveTranscript } from '../../src/transcript/live.ts';
import { writeTrace } from '../../src/transcript/trace.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import type { Connection } from '../../src/connection/connection.ts';
import { Mark } from '../../src/frames/mark.ts';
import { createReconnecting } from '../connection/reconnecting.ts';
import { receive } from '../helpers/fake-wire.ts';
import { linesOf, linesOfType } from './lines.ts';

const ms: unknown = expect.any(Number);
const time: unknown = expect.any(String);

/** A connection that was lost after `a`, refused once, opened again, and received `b`. */
async function recovered(): Promise<Connection> {
  const { attempt, connection, lose } = createReconnecting({}, { name: 'feed' });
  receive(connection, 'a');
  lose();
  (await attempt()).refuse('refused');
  (await attempt()).accept();
  receive(connection, 'b');
  return connection;
}

interface Entry {
  readonly request: { readonly url: string };
  readonly response: { readonly status: number; readonly _error?: string };
  readonly _webSocketClose?: unknown;
  readonly _webSocketMessages: readonly { readonly data: string }[];
}

test('websocket.jsonl: a gap is a line among the frames, with each attempt', async () => {
  const connection = await recovered();
  const lines = linesOf({ connections: [connection] });

  expect(lines.map(({ text, type }) => [type, text])).toEqual([
    ['transcript', undefined],
    ['connection', undefined],
    ['frame', 'a'],
    ['gap', undefined],
    ['frame', 'b'],
  ]);
  expect(lines[3]).toEqual({
    type: 'gap',
    connection: 'feed',
    sequence: ms,
    time,
    ms,
    endedMs: ms,
    recovered: true,
    close: { code: 1006, reason: '', wasClean: false, by: 'network', meaning: 'Abnormal closure' },
    attempts: [
      { number: 1, time, ms, endedMs: ms, failure: 'Cannot connect: refused\n  A remedy' },
      {
        number: 2,
        time,
        ms,
        endedMs: ms,
        handshake: expect.objectContaining({ accepted: true, url: 'ws://127.0.0.1:4040/again/1' }),
      },
    ],
  });
});

test('websocket.jsonl: the line of a connection tells of its first opening and its end', async () => {
  const [line] = linesOfType('connection', { connections: [await recovered()] });

  expect(line).toMatchObject({ url: 'ws://127.0.0.1:4040/orders', handshake: { url: 'ws://127.0.0.1:4040/orders' } });
  expect(line).not.toHaveProperty('close');
});

test('websocket.jsonl: a gap that lasts has no end', () => {
  const { connection, lose } = createReconnecting();
  lose();

  const [line] = linesOfType('gap', { connections: [connection] });
  expect(line).toMatchObject({ recovered: false, attempts: [] });
  expect(line).not.toHaveProperty('endedMs');
});

test('websocket.jsonl: a slice has the gaps that lasted into it', async () => {
  const { attempt, connection, lose } = createReconnecting();
  lose();
  (await attempt()).accept();
  const from = new Mark();
  lose();

  expect(linesOfType('gap', { connections: [connection], from })).toHaveLength(1);
  expect(createTranscript({ connections: [connection], waits: [], findings: [], from }).isEmpty).toBe(false);
});

test('websocket.har: each attempt is a further entry, with the frames after it', async () => {
  const transcript = createTranscript({ connections: [await recovered()], waits: [], findings: [] });
  const { log }: { log: { entries: readonly Entry[] } } = JSON.parse([...writeHar(transcript)].join(''));

  expect(log.entries.map(({ _webSocketMessages, response }) => [response.status, _webSocketMessages])).toEqual([
    [101, [expect.objectContaining({ data: 'a' })]],
    [0, []],
    [101, [expect.objectContaining({ data: 'b' })]],
  ]);
  expect(log.entries.map(({ request }) => request.url)).toEqual([
    'ws://127.0.0.1:4040/orders',
    'ws://127.0.0.1:4040/orders',
    'ws://127.0.0.1:4040/again/1',
  ]);
  expect(log.entries.map(({ _webSocketClose }) => _webSocketClose)).toEqual([
    expect.objectContaining({ code: 1006, by: 'network' }),
    expect.objectContaining({ code: 1006, by: 'network' }),
    undefined,
  ]);
  expect(log.entries[1].response._error).toBe('Cannot connect: refused\n  A remedy');
});

test('trace: each attempt is a further entry at its own time', async () => {
  const transcript = createTranscript({ connections: [await recovered()], waits: [], findings: [] });
  const lines = [...writeTrace(transcript)['trace.network']].join('').trimEnd().split('\n');
  const entries: { snapshot: { _monotonicTime: number } }[] = lines.map((line) => JSON.parse(line));
  const times = entries.map(({ snapshot }) => snapshot._monotonicTime);

  expect(times).toHaveLength(3);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(new Set(times).size).toBe(3);
});

test('a live page tells of a gap when it begins, and again when it ends', async () => {
  const live = new LiveTranscript({ payloadBytes: 1000, maskText: (text) => text });
  const { attempt, connection, lose } = createReconnecting();
  live.add(connection);
  live.take();
  lose();
  live.changed(connection);
  const began = live.take().text;
  (await attempt()).accept();
  live.changed(connection);

  const lines = (began + live.take().text).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ type: 'gap', recovered: false }),
    expect.objectContaining({ type: 'gap', recovered: true }),
  ]);
});
