import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { attachEvidence, type Evidence, type EvidenceHost } from '../../src/playwright/attach.ts';
import { reserveTrace } from '../../src/playwright/host.ts';
import { Recording } from '../../src/playwright/recording.ts';
import { checkReport } from '../../src/playwright/report-option.ts';
import { createTestConnection } from '../helpers/fake-wire.ts';

interface Tracing {
  traceOptions?(): unknown;
  traceTitle?(): unknown;
  maybeGenerateNextTraceRecordingPath?(): unknown;
}

const slot = { traceOptions: () => ({}), maybeGenerateNextTraceRecordingPath: () => '/tmp/next.zip' };

test.describe("a place in Playwright's trace", () => {
  test('is a path and the title of the test', () => {
    const found = reserveTrace({ _tracing: { ...slot, traceTitle: () => 'a.spec.ts:3 › a test' } });
    expect(found).toMatchObject({ path: '/tmp/next.zip', title: 'a.spec.ts:3 › a test' });
    expect(found?.isKept()).toBe(true);
  });

  test('is not kept when Playwright gives no path any more', () => {
    const paths: (string | undefined)[] = ['/tmp/next.zip', undefined];
    const found = reserveTrace({ _tracing: { ...slot, maybeGenerateNextTraceRecordingPath: () => paths.shift() } });
    expect(found?.isKept()).toBe(false);
  });

  const without: readonly (readonly [what: string, testInfo: { readonly _tracing?: Tracing | undefined }])[] = [
    ['tracing', {}],
    ['its methods', { _tracing: {} }],
    ['a trace of this test', { _tracing: { ...slot, traceOptions: () => undefined } }],
    ['the method of paths', { _tracing: { traceOptions: () => ({}) } }],
    ['a path', { _tracing: { ...slot, maybeGenerateNextTraceRecordingPath: () => ({}) } }],
  ];
  for (const [what, testInfo] of without) {
    test(`is none without ${what}`, () => {
      expect(reserveTrace(testInfo)).toBeUndefined();
    });
  }

  test('is none when a method throws', () => {
    const broken = (): never => {
      throw new Error('changed');
    };
    expect(reserveTrace({ _tracing: { ...slot, maybeGenerateNextTraceRecordingPath: broken } })).toBeUndefined();
  });
});

test.describe('frames in the trace', () => {
  function hostWith(path: string, tracing: Tracing = {}): EvidenceHost {
    const outcome = { expectedStatus: 'passed', status: 'passed', retry: 0 } as const;
    const _tracing = { ...slot, maybeGenerateNextTraceRecordingPath: () => path, ...tracing };
    const facts = { annotations: [], attachments: [], titlePath: [], outputPath: () => path };
    return Object.assign({ ...outcome, ...facts }, { _tracing });
  }

  function evidenceOf(host: EvidenceHost, facts: Partial<Evidence> = {}): Evidence {
    const report = checkReport({ formats: ['trace'] });
    const registry = { connections: [createTestConnection().connection], waits: [], notes: [] };
    return { registry, findings: [], report, recording: new Recording(host, report), willFail: false, ...facts };
  }

  test('are a zip at the path', async ({}, testInfo) => {
    const path = testInfo.outputPath('next.zip');
    const host = hostWith(path);
    await attachEvidence(host, evidenceOf(host));

    expect(Object.keys(unzipSync(readFileSync(path)))).toEqual(['trace.trace', 'trace.network']);
    expect(host.annotations).toEqual([]);
  });

  test('are not written when Playwright throws the trace away', async ({}, testInfo) => {
    const path = testInfo.outputPath('next.zip');
    const paths = [path];
    const host = hostWith(path, { maybeGenerateNextTraceRecordingPath: () => paths.shift() });
    await attachEvidence(host, evidenceOf(host));

    expect(existsSync(path)).toBe(false);
  });

  test('are written when findings are about to fail the test', async ({}, testInfo) => {
    const path = testInfo.outputPath('next.zip');
    const paths = [path];
    const host = hostWith(path, { maybeGenerateNextTraceRecordingPath: () => paths.shift() });
    await attachEvidence(host, evidenceOf(host, { willFail: true }));

    expect(existsSync(path)).toBe(true);
  });

  test('that cannot be written are a warning, and leave no half a file to merge', async ({}, testInfo) => {
    const path = testInfo.outputPath('missing', 'next.zip');
    const host = hostWith(path);
    await attachEvidence(host, evidenceOf(host));

    const reason = `ENOENT: no such file or directory, open '${path}.part'`;
    const description = `Cannot attach the WebSocket frames to the trace: ${reason}`;
    expect(host.annotations).toEqual([{ type: 'warning', description }]);
  });
});
