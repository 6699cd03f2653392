import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, type TestInfo } from '@playwright/test';
import type { WaitRecord } from '../../src/connection/wait-record.ts';
import { attachEvidence, type Evidence, type EvidenceHost } from '../../src/playwright/attach.ts';
import { newFile } from '../../src/playwright/evidence-file.ts';
import { checkReport, wantedFormats, type WsReportMode } from '../../src/playwright/report-option.ts';
import { createTestConnection, receive, type TestConnection } from '../helpers/fake-wire.ts';

/** What this file is about; the other formats have files of their own. */
const onlyLines = checkReport({ formats: ['jsonl'] });
const finding = { kind: 'handlerError', text: 'thrown', site: undefined } as const;

function hostOf(testInfo: TestInfo, outputPath = (name: string) => testInfo.outputPath(name)): EvidenceHost {
  const outcome = { expectedStatus: 'passed', status: 'passed', retry: 0 } as const;
  return {
    ...outcome,
    annotations: [],
    attachments: [],
    titlePath: ['a.spec.ts', 'a test'],
    outputPath: (...names) => outputPath(names.join('/')),
  };
}

function evidenceOf({ connection }: TestConnection, facts: Partial<Evidence> = {}): Evidence {
  const waits: WaitRecord[] = [];
  return {
    registry: { connections: [connection], waits, notes: [] },
    findings: [],
    report: onlyLines,
    willFail: false,
    ...facts,
  };
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
      expect(checkReport(mode)).toMatchObject({ mode, formats: undefined, limits: {} });
      expect(checkReport({ mode })).toMatchObject({ mode });
    });
  }

  test("without a mode is 'on'", () => {
    expect(checkReport(undefined).mode).toBe('on');
    expect(checkReport({}).mode).toBe('on');
    expect(checkReport({ mode: undefined }).mode).toBe('on');
  });

  test('takes formats and limits; undefined is not set', () => {
    const settings = checkReport({ formats: ['har'], limits: { payloadBytes: 10, headFrames: undefined } });
    expect(settings).toMatchObject({ mode: 'on', formats: ['har'], limits: { payloadBytes: 10 } });
    expect(settings.limits).not.toHaveProperty('headFrames');
  });

  const modes = "expected 'off', 'on', 'retain-on-failure' or 'on-first-retry'";
  const refusals: readonly (readonly [value: unknown, message: string])[] = [
    ['always', `Invalid option "wsReport": ${modes}, or an object, found "always"`],
    [true, `Invalid option "wsReport": ${modes}, or an object, found true`],
    [null, `Invalid option "wsReport": ${modes}, or an object, found null`],
    [['on'], `Invalid option "wsReport": ${modes}, or an object, found an array`],
    [{ mode: 'always' }, `Invalid option "mode" of wsReport: ${modes}, found "always"`],
    [{ format: 'har' }, 'Unknown option "format" of wsReport. Did you mean "formats"?'],
    [
      { formats: 'har' },
      `Invalid option "formats" of wsReport: expected a list of 'html', 'jsonl', 'har' and 'trace', found "har"`,
    ],
    [
      { formats: ['pdf'] },
      `Invalid option "formats.0" of wsReport: expected 'html', 'jsonl', 'har' or 'trace', found "pdf"`,
    ],
    [
      { limits: { headFrames: -1 } },
      'Invalid option "limits.headFrames" of wsReport: expected a whole number of at least 0, found -1',
    ],
    [{ limits: { frames: 1 } }, 'Unknown option "limits.frames" of wsReport'],
  ];
  for (const [value, message] of refusals) {
    test(`refuses ${JSON.stringify(value)}`, () => {
      const error = thrownBy(() => checkReport(value));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message, code: 'WS_INVALID_OPTION' });
    });
  }
});

test.describe('wantedFormats', () => {
  const passed = { expectedStatus: 'passed', status: 'passed', retry: 0 } as const;
  const failed = { ...passed, status: 'failed' } as const;
  const failsAsExpected = { expectedStatus: 'failed', status: 'failed', retry: 0 } as const;
  const retried = { ...passed, retry: 1 };
  const usual = ['html', 'jsonl', 'trace'] as const;
  const all = ['html', 'jsonl', 'har', 'trace'] as const;

  const table: readonly (readonly [WsReportMode, readonly (readonly string[])[]])[] = [
    ['off', [[], [], [], []]],
    ['on', [usual, all, usual, usual]],
    ['retain-on-failure', [[], all, [], []]],
    ['on-first-retry', [[], [], [], usual]],
  ];
  for (const [mode, expected] of table) {
    test(`'${mode}' of a test that passed, failed, failed as expected, passed as the first retry`, () => {
      const found = [passed, failed, failsAsExpected, retried].map((judged) =>
        wantedFormats(checkReport(mode), judged),
      );
      expect(found).toEqual(expected);
    });
  }

  test("'retain-on-failure' of a test that findings are about to fail", () => {
    expect(wantedFormats(checkReport('retain-on-failure'), passed, true)).toEqual(all);
  });

  test("'retain-on-failure' of a test that findings are about to fail as expected", () => {
    expect(wantedFormats(checkReport('retain-on-failure'), { ...passed, expectedStatus: 'failed' }, true)).toEqual([]);
  });

  test("'on-first-retry' of the second retry", () => {
    expect(wantedFormats(checkReport('on-first-retry'), { ...passed, retry: 2 })).toEqual([]);
  });

  test('with formats are those, also har of a test that passed', () => {
    expect(wantedFormats(checkReport({ formats: ['har', 'html'] }), passed)).toEqual(['html', 'har']);
  });
});

test.describe('attachEvidence', () => {
  const note = { text: 'a: it arrived 7 ms after the deadline (#2)', site: undefined, time: 100 };

  test('tells of messages that came too late when the test failed', async ({}, testInfo) => {
    const host = { ...hostOf(testInfo), status: 'failed' } as const;
    const made = createTestConnection();
    const registry = { connections: [made.connection], waits: [], notes: [note, { ...note, text: 'see /?token=abc' }] };
    await attachEvidence(host, evidenceOf(made, { registry }));

    expect(host.annotations).toEqual([
      { type: 'note', description: note.text },
      { type: 'note', description: 'see /?token=***' },
    ]);
  });

  test('tells nothing of late messages when the test passed, nor of those of earlier tests', async ({}, testInfo) => {
    const made = createTestConnection();
    const registry = { connections: [made.connection], waits: [], notes: [note] };
    const passed = hostOf(testInfo);
    await attachEvidence(passed, evidenceOf(made, { registry }));
    const later = { ...hostOf(testInfo), status: 'failed' } as const;
    await attachEvidence(later, evidenceOf(made, { registry, from: { sequence: 0, monotonicTime: 101 } }));

    expect([passed.annotations, later.annotations]).toEqual([[], []]);
  });

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

  test('writes a file as its chunks were, small ones and large ones', async ({}, testInfo) => {
    const sizes = [1, 300_000, 10, 700_000, 262_144, 0, 5, 2_000_000, 3];
    const chunks = sizes.map((size, index) => String(index).repeat(size));
    const path = await newFile(
      hostOf(testInfo),
      'numbers.txt',
      chunks.map((text, index) => (index % 2 ? text : Buffer.from(text))),
    );

    expect(readFileSync(path).equals(Buffer.from(chunks.join('')))).toBe(true);
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
    const registry = { connections: [], waits: [], notes: [] };
    await attachEvidence(host, { registry, findings: [], report: onlyLines, willFail: false });

    expect(host.attachments).toEqual([]);
  });

  test('attaches nothing when the mode does not ask for it', async ({}, testInfo) => {
    const host = hostOf(testInfo);
    await attachEvidence(host, evidenceOf(createTestConnection(), { report: checkReport('retain-on-failure') }));

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
