import { expect, test } from '@playwright/test';
import type { Connection } from '../../src/connection/connection.ts';
import { writeTrace, type TraceOptions } from '../../src/transcript/trace.ts';
import { createTranscript } from '../../src/transcript/transcript.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';
import { closePayload } from './close-payload.ts';

interface Written {
  readonly context: Readonly<Record<string, unknown>>;
  readonly entries: readonly { readonly type: string; readonly snapshot: Readonly<Record<string, unknown>> }[];
}

function written(connections: readonly Connection[], options?: TraceOptions): Written {
  const files = writeTrace(createTranscript({ connections, waits: [], findings: [] }), options);
  const lines = [...files['trace.network']].join('').split('\n').slice(0, -1);
  return { context: JSON.parse(files['trace.trace']), entries: lines.map((line) => JSON.parse(line)) };
}

test.describe('trace', () => {
  test('begins with who wrote it, and both clocks at one moment', () => {
    const before = Date.now();
    const { context } = written([], { title: 'a.spec.ts:3 › a test' });

    expect(context).toEqual({
      version: 8,
      type: 'context-options',
      origin: 'library',
      browserName: '',
      options: {},
      platform: process.platform,
      sdkLanguage: 'javascript',
      wallTime: expect.any(Number),
      monotonicTime: expect.any(Number),
      title: 'a.spec.ts:3 › a test',
    });
    expect(context['wallTime']).toBeGreaterThanOrEqual(before);
    expect(context['monotonicTime']).toBeLessThanOrEqual(performance.now());
  });

  test('has no title when none is given, for ours would take the place of the test', () => {
    expect(written([]).context).not.toHaveProperty('title');
  });

  test('has a line for each connection, at its monotonic time', () => {
    const connections = ['a', 'b'].map((name) => createTestConnection({ name }).connection);
    const { entries } = written(connections);

    expect(entries.map(({ type, snapshot }) => [type, snapshot['_resourceType'], snapshot['_name']])).toEqual([
      ['resource-snapshot', 'websocket', 'a'],
      ['resource-snapshot', 'websocket', 'b'],
    ]);
    for (const [index, { createdAt }] of connections.entries()) {
      expect(entries[index].snapshot['_monotonicTime']).toBeCloseTo(createdAt, 2);
    }
  });

  test('has control frames too, as base64, and milliseconds', () => {
    const { connection } = createTestConnection();
    receive(connection, 'text');
    connection.ping(Buffer.from('ping'));
    connection.record('received', 'close', closePayload(4001, Buffer.from('see /?token=secret')));
    const [time] = [...connection.log].map((frame) => Math.round(frame.time * 1000) / 1000);

    expect(written([connection]).entries[0].snapshot['_webSocketMessages']).toEqual([
      { type: 'receive', time, opcode: 1, data: 'text' },
      { type: 'receive', time: expect.any(Number), opcode: 9, data: base64('ping') },
      { type: 'send', time: expect.any(Number), opcode: 10, data: base64('ping') },
      {
        type: 'receive',
        time: expect.any(Number),
        opcode: 8,
        data: closePayload(4001, Buffer.from('see /?token=***')).toString('base64'),
      },
    ]);
  });

  test('of no connection has no entry', () => {
    expect(written([]).entries).toEqual([]);
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
