import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { attachEvidence, type EvidenceHost } from '../../src/playwright/attach.ts';
import { Recording } from '../../src/playwright/recording.ts';
import { checkReport } from '../../src/playwright/report-option.ts';
import { createTestConnection, receive } from '../helpers/fake-wire.ts';

// A disk of 1 MiB, which only a superuser may make.
let disk: string | undefined;
let why = '';

test.describe.configure({ mode: 'default' });

test.beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    disk = folder;
  } catch (error) {
    why = `Cannot mount a small disk: ${String(error).split('\n')[0]}`;
    rmSync(folder, { recursive: true });
  }
});

test.afterAll(() => {
  if (disk === undefined) return;
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

test.beforeEach(() => {
  test.skip(disk === undefined, why);
  for (const name of readdirSync(String(disk))) rmSync(join(String(disk), name));
});

/** Leaves that many bytes free. */
function fill(free: number): void {
  writeFileSync(join(String(disk), 'fill'), Buffer.alloc(1024 * 1024 - free));
}

function openFiles(): string[] {
  const folder = '/proc/self/fd';
  // The descriptor that reads the folder is gone again.
  return readdirSync(folder).flatMap((name) =>
    existsSync(join(folder, name)) ? [readlinkSync(join(folder, name))] : [],
  );
}

function hostOnDisk(): EvidenceHost {
  const outcome = { expectedStatus: 'passed', status: 'passed', retry: 0 } as const;
  const path = (...names: readonly string[]): string => join(String(disk), ...names);
  const facts = { annotations: [], attachments: [], titlePath: ['a.spec.ts', 'a test'], outputPath: path };
  const _tracing = { traceOptions: () => ({}), maybeGenerateNextTraceRecordingPath: () => path('next.zip') };
  return Object.assign({ ...outcome, ...facts }, { _tracing });
}

test.describe('a full disk', () => {
  test('is told for each format, leaves no half a file, and what needs none is attached', async () => {
    const host = hostOnDisk();
    const report = checkReport({ formats: ['html', 'jsonl', 'har', 'trace'] });
    const { connection } = createTestConnection();
    receive(connection, 'x'.repeat(60_000));
    fill(8192);
    const registry = { connections: [connection], waits: [], notes: [] };
    const recording = new Recording(host, report);
    await attachEvidence(host, { registry, findings: [], report, recording, willFail: false });

    const reason = 'ENOSPC: no space left on device, write';
    expect(host.annotations).toEqual(
      ['websocket.html', 'websocket.har', 'the WebSocket frames to the trace'].map((what) => {
        return { type: 'warning', description: `Cannot attach ${what}: ${reason}` };
      }),
    );
    expect(host.attachments.map(({ name }) => name)).toEqual(['websocket.jsonl']);
    expect(readdirSync(String(disk))).toEqual(['fill']);
  });

  test('keeps the page that was written while the test ran', async () => {
    const host = hostOnDisk();
    const report = checkReport({ formats: ['html'] });
    const recording = new Recording(host, report);
    const { connection } = createTestConnection();
    recording.watch(connection);
    fill(32_768);
    for (let count = 0; count < 100; count++) receive(connection, `${count} ${'x'.repeat(1000)}`);
    await setImmediate();
    const before = statSync(join(String(disk), 'websocket.html')).size;
    const registry = { connections: [connection], waits: [], notes: [] };
    await attachEvidence(host, { registry, findings: [], report, recording, willFail: false });

    expect(connection.log).toHaveLength(100);
    expect(host.annotations).toMatchObject([{ type: 'warning', description: expect.stringContaining('ENOSPC') }]);
    expect(statSync(join(String(disk), 'websocket.html')).size).toBe(before);
    expect(before).toBeGreaterThan(20_000);
  });

  test('from the first client on makes one page, and leaves no file open', () => {
    const host = hostOnDisk();
    const recording = new Recording(host, checkReport({ formats: ['html'] }));
    fill(0);
    for (let count = 0; count < 3; count++) recording.watch(createTestConnection().connection);
    const path = recording.stop();

    expect(host.attachments).toEqual([{ name: 'websocket.html', contentType: 'text/html', path }]);
    expect(readdirSync(String(disk)).sort()).toEqual(['fill', 'websocket.html']);
    expect(openFiles().filter((file) => file.startsWith(String(disk)))).toEqual([]);
  });
});
