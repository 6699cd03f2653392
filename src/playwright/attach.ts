import { open, rm, type FileHandle } from 'node:fs/promises';
import type { TestInfo } from '@playwright/test';
import type { Finding } from '../connection/findings.ts';
import type { Registry } from '../connection/registry.ts';
import type { Position } from '../frames/mark.ts';
import { errorMessage, misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import { writeJsonl } from '../transcript/jsonl.ts';
import { createTranscript } from '../transcript/transcript.ts';

const reportModes = ['off', 'on', 'retain-on-failure', 'on-first-retry'] as const;

/**
 * When the frames of a test are attached to its report: never, always, when the test fails, or when it is retried for
 * the first time.
 */
export type WsReportMode = (typeof reportModes)[number];

/** The option `wsReport`: a mode, or an object with it. */
export type WsReport =
  | WsReportMode
  | {
      /**
       * When the frames of a test are attached to its report.
       *
       * @default 'on'
       */
      readonly mode?: WsReportMode | undefined;
    };

/** What the evidence of a test is made of. */
export interface Evidence {
  readonly registry: Pick<Registry, 'connections' | 'waits'>;
  readonly findings: readonly Finding[];
  readonly mode: WsReportMode;
  /** Whether the findings are about to fail the test; otherwise they become notes. */
  readonly willFail: boolean;
  /** Where the test's slice of connections that several tests share begins; best a mark. */
  readonly from?: Position | number | undefined;
}

/**
 * Checks the option `wsReport` and returns its mode.
 *
 * @throws {TypeError} `WS_INVALID_OPTION` that names the value and what is allowed.
 */
export function checkReport(value: unknown): WsReportMode {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return checkMode('wsReport', value);
  const unknown = Object.keys(value).find((name) => name !== 'mode');
  if (unknown !== undefined) {
    throw misuse('WS_INVALID_OPTION', `Unknown option "wsReport.${unknown}". Known options: mode.`);
  }
  return checkMode('wsReport.mode', 'mode' in value ? value.mode : undefined);
}

/**
 * Whether evidence of this test is attached.
 *
 * @param willFail Whether findings are about to fail the test; its status does not tell yet.
 */
export function shouldAttach(
  mode: WsReportMode,
  { expectedStatus, retry, status }: JudgedTest,
  willFail = false,
): boolean {
  return reportsTest[mode]({ expectedStatus, retry, status: willFail ? 'failed' : status });
}

/** What decides about the evidence of a test, of its `TestInfo`. */
export interface JudgedTest extends Pick<TestInfo, 'expectedStatus' | 'retry'> {
  readonly status?: TestInfo['status'] | undefined;
}

/** What evidence needs of a test's `TestInfo`. */
export interface EvidenceHost extends JudgedTest, Pick<TestInfo, 'annotations' | 'attachments' | 'outputPath'> {}

/**
 * Attaches `websocket.jsonl` when the mode asks for it; nothing when the test had no connection. Never rejects: what
 * cannot be written becomes an annotation, and the test's result stays as it is.
 */
export async function attachEvidence(host: EvidenceHost, evidence: Evidence): Promise<void> {
  const { findings, from, mode, registry, willFail } = evidence;
  if (registry.connections.length === 0 || !shouldAttach(mode, host, willFail)) return;
  try {
    const { connections, waits } = registry;
    const judged = willFail ? { findings } : { findings: [], notes: findings };
    const transcript = createTranscript({ connections, waits, from, ...judged });
    if (transcript.isEmpty) return;
    const content = await bodyOrFile(host, writeJsonl(transcript));
    // `testInfo.attach` would add a step to the test and copy the file once more.
    host.attachments.push({ name: fileName, contentType, ...content });
  } catch (error) {
    host.annotations.push({ type: 'warning', description: `Cannot attach ${fileName}: ${errorMessage(error)}` });
  }
}

const fileName = 'websocket.jsonl';
/** The HTML report shows bodies inline whose type begins with `application/json`. */
const contentType = 'application/jsonl';
/** Larger bodies make the HTML report slow: every body is a part of its one page. */
const longestBodyBytes = 512 * 1024;

const reportsTest: Readonly<Record<WsReportMode, (test: JudgedTest) => boolean>> = {
  off: () => false,
  on: () => true,
  'retain-on-failure': ({ expectedStatus, status }) => status !== expectedStatus,
  'on-first-retry': ({ retry }) => retry === 1,
};

function checkMode(name: string, value: unknown): WsReportMode {
  if (value === undefined) return 'on';
  const mode = reportModes.find((known) => known === value);
  if (mode !== undefined) return mode;
  throw misuse(
    'WS_INVALID_OPTION',
    `Invalid option "${name}": expected 'off', 'on', 'retain-on-failure' or 'on-first-retry', found ${describeFound(value)}`,
  );
}

/** Content of an attachment: text up to the limit as a body, more as a file in the test's output folder. */
async function bodyOrFile(
  host: EvidenceHost,
  chunks: Iterator<string>,
): Promise<{ readonly body: Buffer } | { readonly path: string }> {
  const first: Buffer[] = [];
  let bytes = 0;
  for (let next = chunks.next(); next.done !== true; next = chunks.next()) {
    const chunk = Buffer.from(next.value);
    first.push(chunk);
    bytes += chunk.length;
    if (bytes > longestBodyBytes) return { path: await writeFile(host, Buffer.concat(first), chunks) };
  }
  return { body: Buffer.concat(first) };
}

/** Writes chunk by chunk, so that a large test's evidence is never in memory as a whole. */
async function writeFile(host: EvidenceHost, first: Buffer, rest: Iterator<string>): Promise<string> {
  const { file, path } = await createFile(host);
  try {
    await file.writeFile(first);
    for (let next = rest.next(); next.done !== true; next = rest.next()) await file.writeFile(next.value);
    await file.close();
    return path;
  } catch (error) {
    // Half a file would look like the whole evidence.
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}

/** A new file: the clients of the test and those of its worker have one each. */
async function createFile(host: EvidenceHost, number = 1): Promise<{ file: FileHandle; path: string }> {
  const path = host.outputPath(number === 1 ? fileName : fileName.replace('.', `-${number}.`));
  try {
    return { file: await open(path, 'wx'), path };
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await createFile(host, number + 1);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
