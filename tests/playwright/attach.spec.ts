import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, type TestInfo } from '@playwright/test';
import type { WaitRecord } from '../../src/connection/wait-record.ts';
import {
  attachEvidence,
  checkReport,
  shouldAttach,
  type Evidence,
  type EvidenceHost,
  type WsReportMode,
} from '../../src/playwright/attach.ts';
import { createTestConnection, receive, type TestConnection } from '../helpers/fake-wire.ts';

const finding = { kind: 'handlerError', text: 'thrown', site: undefined } as const;

function hostOf(testInfo: TestInfo, outputPath = (name: string) => testInfo.outputPath(name)): EvidenceHost {
  const outcome = { expectedStatus: 'passed', status: 'passed', retry: 0 } as const;
  return { ...outcome, annotations: [], attachments: [], outputPath: (...names) => outputPath(names.join('/')) };
}

function evidenceOf({ connection }: TestConnection, facts: Partial<Evidence> = {}): Evidence {
  const waits: WaitRecord[] = [];
  return { registry: { connections: [connection], waits }, findings: [], mode: 'on', willFail: false, ...facts };
}

/** A connection whose evidence is larger than a body may be. */
function largeConnection(): TestConnection {
  const made = createTestConnection();
  for (let index = 0; index < 20; index++) receive(made.connection, 'x'.repeat(60_000));
  return made;
}

function typesIn(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
}

test.describe('checkReport', () => {
  for (const mode of ['off', 'on', 'retain-on-failure', 'on-first-retry'] as const) {
    test(`takes '${mode}', alone and as mode`, () => {
      expect(checkReport(mode)).toBe(mode);
      expect(checkReport({ mode })).toBe(mode);
    });
  }

  test("without a mode is 'on'", () => {
    expect(checkReport(undefined)).toBe('on');
    expect(checkReport({})).toBe('on');
    expect(checkReport({ mode: undefined })).toBe('on');
  });

  const allowed = "expected 'off', 'on', 'retain-on-failure' or 'on-first-retry'";
  const refusals: readonly (readonly [value: unknown, message: string])[] = [
    ['always', `Invalid option "wsReport": ${allowed}, found "always"`],
    [true, `Invalid option "wsReport": ${allowed}, found true`],
    [null, `Invalid option "wsReport": ${allowed}, found null`],
    [['on'], `Invalid option "wsReport": ${allowed}, found an array`],
    [{ mode: 'always' }, `Invalid option "wsReport.mode": ${allowed}, found "always"`],
    [{ mode: 'on', format: 'har' }, 'Unknown option "wsReport.format". Known options: mode.'],
  ];
  for (const [value, message] of refusals) {
    test(`refuses ${JSON.stringify(value)}`, () => {
      const error = thrownBy(() => checkReport(value));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message, code: 'WS_INVALID_OPTION' });
    });
  }
});

test.describe('shouldAttach', () => {
  const passed = { expectedStatus: 'passed', status: 'passed', retry: 0 } as const;
  const failed = { ...passed, status: 'failed' } as const;
  const failsAsExpected = { expectedStatus: 'failed', status: 'failed', retry: 0 } as const;
  const retried = { ...passed, retry: 1 };

  const table: readonly (readonly [WsReportMode, readonly [boolean, boolean, boolean, boolean]])[] = [
    ['off', [false, false, false, false]],
    ['on', [true, true, true, true]],
    ['retain-on-failure', [false, true, false, false]],
    ['on-first-retry', [false, false, false, true]],
  ];
  for (const [mode, expected] of table) {
    test(`'${mode}' of a test that passed, failed, failed as expected, passed as the first retry`, () => {
      const found = [passed, failed, failsAsExpected, retried].map((judged) => shouldAttach(mode, judged));
      expect(found).toEqual(expected);
    });
  }

  test("'retain-on-failure' of a test that findings are about to fail", () => {
    expect(shouldAttach('retain-on-failure', passed, true)).toBe(true);
  });

  test("'retain-on-failure' of a test that findings are about to fail as expected", () => {
    expect(shouldAttach('retain-on-failure', { ...passed, expectedStatus: 'failed' }, true)).toBe(false);
  });

  test("'on-first-retry' of the second retry", () => {
    expect(shouldAttach('on-first-retry', { ...passed, retry: 2 })).toBe(false);
  });
});

test.describe('attachEvidence', () => {
  test('attaches websocket.jsonl as a body that the HTML report shows inline', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    const made = createTestConnection();
    receive(made.connection, 'hello');
    await attachEvidence(host, evidenceOf(made));

    expect(host.attachments).toEqual([
      { name: 'websocket.jsonl', contentType: 'application/jsonl', body: expect.any(Buffer) },
    ]);
    expect(typesIn(String(host.attachments[0].body))).toEqual(['transcript', 'connection', 'frame']);
  });

  test('attaches more than 512 KiB by path, whole', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    await attachEvidence(host, evidenceOf(largeConnection()));

    const path = testInfo.outputPath('websocket.jsonl');
    expect(host.attachments).toEqual([{ name: 'websocket.jsonl', contentType: 'application/jsonl', path }]);
    expect(typesIn(readFileSync(path, 'utf8'))).toHaveLength(22);
  });

  test('writes a second file beside the first', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    const made = largeConnection();
    await attachEvidence(host, evidenceOf(made));
    await attachEvidence(host, evidenceOf(made));

    expect(host.attachments.map(({ path }) => path)).toEqual([
      testInfo.outputPath('websocket.jsonl'),
      testInfo.outputPath('websocket-2.jsonl'),
    ]);
  });

  test('attaches nothing without a connection', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    const registry = { connections: [], waits: [] };
    await attachEvidence(host, { registry, findings: [], mode: 'on', willFail: false });

    expect(host.attachments).toEqual([]);
  });

  test('attaches nothing when the mode does not ask for it', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    await attachEvidence(host, evidenceOf(createTestConnection(), { mode: 'retain-on-failure' }));

    expect(host.attachments).toEqual([]);
  });

  test('attaches nothing for a slice in which nothing happened', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    const made = createTestConnection();
    const from = { sequence: 0, monotonicTime: Number.POSITIVE_INFINITY };
    await attachEvidence(host, evidenceOf(made, { from }));

    expect(host.attachments).toEqual([]);
  });

  test('writes findings that fail the test as findings', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    await attachEvidence(host, evidenceOf(createTestConnection(), { findings: [finding], willFail: true }));

    expect(typesIn(String(host.attachments[0].body))).toEqual(['transcript', 'connection', 'finding']);
  });

  test('writes findings that fail nothing as notes', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    await attachEvidence(host, evidenceOf(createTestConnection(), { findings: [finding] }));

    expect(typesIn(String(host.attachments[0].body))).toEqual(['transcript', 'connection', 'note']);
  });

  test('annotates the test when the file cannot be created', async ({}, testInfo) => {
    const host = hostOf(testInfo, (name) => testInfo.outputPath('missing', name));
    await attachEvidence(host, evidenceOf(largeConnection()));

    const path = testInfo.outputPath('missing', 'websocket.jsonl');
    const reason = `ENOENT: no such file or directory, open '${path}'`;
    expect(host.attachments).toEqual([]);
    expect(host.annotations).toEqual([{ type: 'warning', description: `Cannot attach websocket.jsonl: ${reason}` }]);
  });

  test('annotates the test when writing fails on the way, and leaves no half a file', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    const made = largeConnection();
    const { log } = made.connection;
    const payload = log.payload.bind(log);
    log.payload = (index) => {
      if (index === 19) throw new Error('no space left');
      return payload(index);
    };
    await attachEvidence(host, evidenceOf(made));

    expect(host.attachments).toEqual([]);
    expect(host.annotations).toEqual([
      { type: 'warning', description: 'Cannot attach websocket.jsonl: no space left' },
    ]);
    expect(readdirSync(testInfo.outputDir)).toEqual([]);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
