import type { TestInfo } from '@playwright/test';
import type { Finding } from '../connection/findings.ts';
import type { Registry } from '../connection/registry.ts';
import type { Position } from '../frames/mark.ts';
import { errorMessage } from '../support/errors.ts';
import { FrameContents } from '../transcript/frame-contents.ts';
import { writeHar } from '../transcript/har.ts';
import type { HttpRequest } from '../transcript/http-request.ts';
import { writeJsonl } from '../transcript/jsonl.ts';
import { createTranscript, type Transcript } from '../transcript/transcript.ts';
import { bodyOrFile, newFile, replaceFile } from './evidence-file.ts';
import { pageName, pageType, titleOf, type Recording } from './recording.ts';
import { wantedFormats, type JudgedTest, type ReportSettings, type WsReportFormat } from './report-option.ts';
import { addToTrace } from './trace.ts';

/** What the evidence of a test is made of. */
export interface Evidence {
  readonly registry: Pick<Registry, 'connections' | 'waits' | 'notes'>;
  readonly findings: readonly Finding[];
  readonly report: ReportSettings;
  /** Whether the findings are about to fail the test; otherwise they become notes. */
  readonly willFail: boolean;
  /** What began with the test. */
  readonly recording?: Recording | undefined;
  readonly requests?: readonly HttpRequest[] | undefined;
  /** Where the test's slice of connections that several tests share begins; best a mark. */
  readonly from?: Position | number | undefined;
}

/** What evidence needs of a test's `TestInfo`. */
export interface EvidenceHost
  extends JudgedTest, Pick<TestInfo, 'annotations' | 'attachments' | 'outputPath' | 'titlePath'> {}

/**
 * Attaches what the option `wsReport` asks for; nothing when the test had no connection. Never rejects: what cannot be
 * written becomes an annotation, and the test's result stays as it is.
 */
export async function attachEvidence(host: EvidenceHost, evidence: Evidence): Promise<void> {
  const page = evidence.recording?.stop();
  const { registry, report, willFail } = evidence;
  const formats = registry.connections.length === 0 ? [] : wantedFormats(report, host, willFail);
  if (formats.length === 0) return;
  noteLateMessages(host, evidence);
  const warning = { annotations: host.annotations, maskText: report.maskText };
  await warnOnFailure(warning, 'the WebSocket frames', async () => {
    const transcript = transcriptOf(evidence);
    if (transcript.isEmpty) return;
    const contents = new FrameContents(report.maskText, transcript.frames.length);
    for (const format of formats) {
      await warnOnFailure(warning, names[format], () =>
        writers[format]({ host, evidence, transcript, contents, page }),
      );
    }
  });
}

interface Written {
  readonly host: EvidenceHost;
  readonly evidence: Evidence;
  readonly transcript: Transcript;
  readonly contents: FrameContents;
  /** The page that the test has already; it ends where the test was when it was written last. */
  readonly page: string | undefined;
}

const names: Readonly<Record<WsReportFormat, string>> = {
  html: pageName,
  jsonl: 'websocket.jsonl',
  har: 'websocket.har',
  trace: 'the WebSocket frames to the trace',
};

const writers: Readonly<Record<WsReportFormat, (written: Written) => Promise<void>>> = {
  html: attachPage,
  jsonl: attachLines,
  har: attachHar,
  trace: attachToTrace,
};

async function attachPage({ contents, evidence, host, page, transcript }: Written): Promise<void> {
  const { limits, maskText } = evidence.report;
  // With the script of the page: 80 kB that a test without evidence need not load.
  const { renderHtml } = await import('../transcript/html.ts');
  const chunks = renderHtml(transcript, { limits, maskText, contents, title: titleOf(host) });
  if (page !== undefined) return await replaceFile(page, chunks);
  const path = await newFile(host, pageName, chunks);
  host.attachments.push({ name: pageName, contentType: pageType, path });
}

async function attachLines({ contents, evidence, host, transcript }: Written): Promise<void> {
  const { limits, maskText } = evidence.report;
  const content = await bodyOrFile(host, names.jsonl, writeJsonl(transcript, { limits, maskText, contents }));
  // `testInfo.attach` would add a step to the test and copy the file once more. The HTML report shows bodies inline whose
  // type begins with `application/json`.
  host.attachments.push({ name: names.jsonl, contentType: 'application/jsonl', ...content });
}

async function attachHar({ contents, evidence, host, transcript }: Written): Promise<void> {
  const { limits, maskText } = evidence.report;
  const path = await newFile(host, names.har, writeHar(transcript, { limits, maskText, contents }));
  host.attachments.push({ name: names.har, contentType: 'application/json', path });
}

async function attachToTrace({ contents, evidence, transcript }: Written): Promise<void> {
  const { recording, report, willFail } = evidence;
  if (recording?.trace === undefined) return;
  // The host does not know of the findings yet; it throws the trace away when they are what the test expected.
  if (!willFail && !recording.trace.isKept()) return;
  const { limits, maskText } = report;
  await addToTrace(recording.trace, transcript, { limits, maskText, contents });
}

function transcriptOf({ findings, from, registry, requests, willFail }: Evidence): Transcript {
  const { connections, waits } = registry;
  const judged = willFail ? { findings } : { findings: [], notes: findings };
  return createTranscript({ connections, waits, from, requests, ...judged });
}

/** A message that came after all says that the time was too short: what failed could not tell that. */
function noteLateMessages({ annotations, expectedStatus, status }: EvidenceHost, evidence: Evidence): void {
  const { from, registry, report, willFail } = evidence;
  if (!willFail && status === expectedStatus) return;
  const since = typeof from === 'object' ? from.monotonicTime : Number.NEGATIVE_INFINITY;
  for (const { text, time } of registry.notes) {
    if (time >= since) annotations.push({ type: 'note', description: report.maskText(text) });
  }
}

async function warnOnFailure(
  { annotations, maskText }: Pick<TestInfo, 'annotations'> & Pick<ReportSettings, 'maskText'>,
  name: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    annotations.push({ type: 'warning', description: maskText(`Cannot attach ${name}: ${errorMessage(error)}`) });
  }
}
