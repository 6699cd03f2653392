import { unzipSync } from 'fflate';
import { chromium, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { installedBrowser } from '../../scripts/browser.mjs';
import {
  runInline,
  type InlineFiles,
  type InlineOptions,
  type InlineResult,
  type InlineTest,
} from '../helpers/run-inline.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { peer } from './peer.ts';

/** One run whose facts are told by several tests of a file. */
export interface EvidenceRun {
  readonly result: InlineResult;
  readonly server: TestServer;
}

/** Runs a project once for the tests of this file, `baseURL` set to a server of `peer.ts`. Call at the top of a file. */
export function runOnce(files: InlineFiles, options: InlineOptions = {}): () => EvidenceRun {
  let run: EvidenceRun | undefined;
  // In order, in one worker: each worker would run the project anew.
  test.describe.configure({ mode: 'default' });
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    const server = await startServer(peer);
    const { use, ...config } = options.config ?? {};
    const result = await runInline(files, {
      timeout: 110_000,
      ...options,
      config: { ...config, use: { ...browserUse(), ...useOf(use), baseURL: server.httpUrl } },
    });
    run = { result, server };
  });
  test.afterAll(async () => {
    await run?.result.remove();
    await run?.server.close();
  });
  return () => {
    if (run === undefined) throw new Error('Cannot tell of the run: it did not take place');
    return run;
  };
}

/** Names of a test's attachments, without the counts for the reporter. */
export function attachedTo({ attachments }: InlineTest): string[] {
  return attachments.map(({ name }) => name).filter((name) => !name.startsWith('_'));
}

/** A line of `websocket.jsonl`, parsed. */
export type Line = Readonly<Record<string, unknown>>;

/** Lines of the page that a test leaves whose process ended. */
export function linesOfPage(text: string): Line[] {
  const [, lines = ''] = text.split('<pre>\n');
  const plain = lines.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  return plain
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
}

/** Lines of a test's `websocket.jsonl` of one type. */
export function linesOf(result: InlineResult, title: string, type: string): Line[] {
  const { text } = result.attachment('websocket.jsonl', [result.test(title)]);
  const lines: Line[] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.filter((line) => line['type'] === type);
}

/** An entry of a trace's network, as far as tests look at it. */
export interface TraceEntry {
  readonly _resourceType?: string;
  readonly _monotonicTime: number;
  readonly _webSocketMessages?: readonly { readonly type: string; readonly opcode: number; readonly data: string }[];
  readonly request: { readonly url: string };
  readonly response: { readonly status: number };
}

/** Network entries of the trace of a test, in no order. */
export function traceEntries(path: string): TraceEntry[] {
  const files = Object.entries(unzipSync(readFileSync(path)));
  const lines = files
    .filter(([name]) => name.endsWith('trace.network'))
    .flatMap(([, bytes]) => Buffer.from(bytes).toString('utf8').split('\n'))
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line).snapshot);
}

/** Entries of a test's WebSocket connections in its trace; `undefined` when it has no trace. */
export function traced({ attachments }: InlineTest): TraceEntry[] | undefined {
  const path = attachments.find(({ name }) => name === 'trace')?.path;
  return path === undefined ? undefined : traceEntries(path).filter((entry) => entry._resourceType === 'websocket');
}

/** `use` of a project whose tests open pages: the browser that there is. */
export function browserUse(): { readonly launchOptions?: { readonly executablePath: string } } {
  const executablePath = installedBrowser(ownBrowser());
  return executablePath === undefined ? {} : { launchOptions: { executablePath } };
}

function ownBrowser(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

function useOf(use: unknown): object {
  return typeof use === 'object' && use !== null ? use : {};
}
