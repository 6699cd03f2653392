import { expect, test } from '@playwright/test';
import { attachSummaries, countTest, type SummaryHost } from '../../src/playwright/summary.ts';
import { createTestConnection } from '../helpers/fake-wire.ts';

/** Without the samples, whose times differ from run to run. */
const counts =
  '{"version":1,"connections":1,"failedHandshakes":0,"abnormalCloses":0,"messages":{"sent":0,"received":0},"bytes":{"sent":0,"received":0},"slowestReplies":[]}';

function hostOf(): SummaryHost {
  return { annotations: [], attachments: [] };
}

function countsOf({ attachments: [{ body }] }: SummaryHost): string {
  return String(body).replace(/,"trends":.*$/, '}');
}

test('countTest keeps what attachSummaries attaches, once', () => {
  const host = hostOf();
  const { connection } = createTestConnection();
  countTest(host, { registry: { connections: [connection], waits: [] }, mode: 'on' });
  expect(host.attachments).toEqual([]);

  attachSummaries(host);
  attachSummaries(host);
  expect(host.attachments).toEqual([
    { name: '_websocket-summary.json', contentType: 'application/json', body: expect.any(Buffer) },
  ]);
  expect(countsOf(host)).toBe(counts);
});

test('countTest counts at its call, whatever happens until the attachment', () => {
  const host = hostOf();
  const { connection } = createTestConnection();
  countTest(host, { registry: { connections: [connection], waits: [] }, mode: 'on' });
  connection.close(1006, Buffer.alloc(0));

  attachSummaries(host);
  expect(countsOf(host)).toBe(counts);
});

test('countTest annotates a test whose connections cannot be counted', () => {
  const host = hostOf();
  const { connection } = createTestConnection();
  connection.log.sequence = () => {
    throw new Error('no such frame');
  };
  connection.record('sent', 'text', Buffer.from('a'));
  countTest(host, { registry: { connections: [connection], waits: [] }, mode: 'on' });

  attachSummaries(host);
  expect(host).toEqual({
    annotations: [{ type: 'warning', description: 'Cannot write _websocket-summary.json: no such frame' }],
    attachments: [],
  });
});
