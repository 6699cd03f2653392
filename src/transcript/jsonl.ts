import { describeLocation } from '../support/call-site.ts';
import { inChunks, inLentChunks, isChunk } from './chunks.ts';
import type { ConnectionRecord, HandshakeRecord } from './connection-record.ts';
import type { AttemptRecord, GapRecord } from './gap-record.ts';
import type { RequestRecord } from './http-request.ts';
import { FrameContents } from './frame-contents.ts';
import { FrameLines } from './frame-lines.ts';
import type { JsonBytes } from './json-bytes.ts';
import { defaultLimits, type EvidenceLimits } from './limits.ts';
import { maskStrings, maskUrls, type MaskText } from './mask-text.ts';
import { textFields, type PayloadLimits } from './payload-fields.ts';
import { ShortFrames } from './short-frames.ts';
import { packageVersion } from './package-version.ts';
import { shownFrames, type FrameCut, type ShownFrames } from './shown-frames.ts';
import type { Transcript } from './transcript.ts';
import type { WaitEntry } from './wait-entry.ts';

/** Version of the format that `docs/websocket-jsonl.md` describes. New fields and line types do not raise it. */
export const jsonlVersion = 1;

export interface JsonlOptions {
  readonly limits?: Partial<EvidenceLimits> | undefined;
  /**
   * Masks every string that is written.
   *
   * @default masks passwords and secret query values of URLs
   */
  readonly maskText?: MaskText | undefined;
  /** The payloads as other formats of the same transcript write them, with the same mask. */
  readonly contents?: FrameContents | undefined;
}

/** Writes a transcript as `websocket.jsonl`: chunks of whole lines, each line one JSON object. */
export function writeJsonl(transcript: Transcript, options: JsonlOptions = {}): Generator<Buffer, void, undefined> {
  return inChunks((out) => writeLines(out, transcript, { ...options, frames: (lines) => lines }));
}

/** The same with frames in the short form that a page reads. A chunk is overwritten when the next one is asked for. */
export function writePageLines(transcript: Transcript, options: JsonlOptions): Generator<Buffer, void, undefined> {
  const { startedAt } = transcript;
  const frames: FramesForm = (lines, form) => new ShortFrames({ ...form, lines, startedAt });
  return inLentChunks((out) => writeLines(out, transcript, { ...options, frames }));
}

/** What writes the frames, given what writes them as lines. */
type FramesForm = (
  lines: FrameLines,
  form: { readonly contents: FrameContents; readonly payloadBytes: number },
) => Pick<FrameLines, 'write'>;

interface LinesOptions extends JsonlOptions {
  readonly frames: FramesForm;
}

function* writeLines(out: JsonBytes, transcript: Transcript, options: LinesOptions): Generator<void> {
  const { connections, findings, frames, notes, requests, waits } = transcript;
  const { maskText = maskUrls, contents = new FrameContents(maskText, frames.length) } = options;
  const shown = shownFrames(frames, { ...defaultLimits, ...options.limits });
  const limits = { ...shown.limits, maskText };
  const line = (value: object): void => out.text(`${JSON.stringify(maskStrings(value, maskText))}\n`);
  yield line(firstLine(transcript, shown.limits));
  for (const connection of connections) yield line(connectionLine(connection, limits));
  const form = { contents, payloadBytes: shown.limits.payloadBytes };
  const writer = options.frames(new FrameLines(contents, form.payloadBytes), form);
  const cut = ({ owner, ...facts }: FrameCut): void => {
    line({ type: 'cut', connection: connections[owner].name, ...facts });
  };
  yield* writeFrames(out, transcript, { shown, writer, cut, gap: (gap) => line(gapLine(gap, limits)) });
  for (const wait of shownWaits(waits, limits.waits)) yield line(waitLine(wait));
  for (const request of requests.slice(0, limits.requests)) yield line(requestLine(request));
  for (const finding of findings) yield line({ type: 'finding', ...finding });
  for (const note of [...notes, ...limitNotes(transcript, limits)]) yield line({ type: 'note', ...note });
}

function firstLine({ connections, frames, requests, startedAt, waits }: Transcript, limits: EvidenceLimits): object {
  return {
    type: 'transcript',
    version: jsonlVersion,
    package: 'playwright-ws',
    packageVersion: packageVersion(),
    startedAt: isoTime(startedAt),
    writtenAt: isoTime(Date.now()),
    connections: connections.length,
    frames: frames.length,
    requests: requests.length,
    waits: waits.length,
    limits,
  };
}

/** The fields of a connection's line. */
export function connectionLine(connection: ConnectionRecord, limits: PayloadLimits): object {
  const { close, handshake, ms, openedMs, time, ...facts } = connection;
  return {
    type: 'connection',
    ...facts,
    time: isoTime(time),
    ms: rounded(ms),
    openedMs: openedMs === undefined ? undefined : rounded(openedMs),
    handshake: handshake === undefined ? undefined : handshakeFields(handshake, limits),
    close: close === undefined ? undefined : { ...close, ms: rounded(close.ms) },
  };
}

/** The fields of the line of a time without a connection. */
export function gapLine({ attempts, close, endedMs, ms, time, ...facts }: GapRecord, limits: PayloadLimits): object {
  return {
    type: 'gap',
    ...facts,
    time: isoTime(time),
    ms: rounded(ms),
    endedMs: endedMs === undefined ? undefined : rounded(endedMs),
    close: { ...close, ms: undefined },
    attempts: attempts.map((attempt) => attemptFields(attempt, limits)),
  };
}

function attemptFields({ endedMs, handshake, ms, time, ...facts }: AttemptRecord, limits: PayloadLimits): object {
  return {
    ...facts,
    time: isoTime(time),
    ms: rounded(ms),
    endedMs: endedMs === undefined ? undefined : rounded(endedMs),
    handshake: handshake === undefined ? undefined : handshakeFields(handshake, limits),
  };
}

function handshakeFields({ body, duration, ...facts }: HandshakeRecord, limits: PayloadLimits): object {
  const fields = { ...facts, duration: rounded(duration) };
  return body.length === 0 ? fields : { ...fields, body: { size: body.length, ...textFields(body, limits) } };
}

function waitLine({ endedMs, late, startedMs, ...facts }: WaitEntry): object {
  return {
    type: 'wait',
    ...facts,
    startedMs: rounded(startedMs),
    endedMs: endedMs === undefined ? undefined : rounded(endedMs),
    late: late === undefined ? undefined : { ...late, afterMs: rounded(late.afterMs) },
  };
}

function requestLine({ endedMs, startedMs, time, ...facts }: RequestRecord): object {
  return {
    type: 'request',
    ...facts,
    time: isoTime(time),
    startedMs: rounded(startedMs),
    endedMs: endedMs === undefined ? undefined : rounded(endedMs),
  };
}

/** In their order; what failed goes before what passed. */
function shownWaits(waits: readonly WaitEntry[], limit: number): readonly WaitEntry[] {
  if (waits.length <= limit) return waits;
  const failed = waits.filter(({ outcome }) => outcome !== 'passed').slice(0, limit);
  const passed = waits.filter(({ outcome }) => outcome === 'passed').slice(0, limit - failed.length);
  const shown = new Set([...failed, ...passed]);
  return waits.filter((wait) => shown.has(wait));
}

function limitNotes({ requests, waits }: Transcript, limits: EvidenceLimits): object[] {
  return [
    ...limitNote(waits.length - limits.waits, 'wait'),
    ...limitNote(requests.length - limits.requests, 'HTTP request'),
  ];
}

function limitNote(count: number, what: string): object[] {
  if (count <= 0) return [];
  const text = `${count} more ${what}${count === 1 ? '' : 's'} that ${count === 1 ? 'is' : 'are'} not here`;
  return [{ kind: 'limit', text, location: describeLocation(undefined) }];
}

interface FrameWriters {
  readonly shown: ShownFrames;
  readonly writer: Pick<FrameLines, 'write'>;
  /** Writes the line of what was left out. */
  readonly cut: (cut: FrameCut) => void;
  /** Writes the line of a gap. */
  readonly gap: (gap: GapRecord) => void;
}

function* writeFrames(
  out: JsonBytes,
  { frames, gaps }: Transcript,
  { cut, gap, shown, writer }: FrameWriters,
): Generator<void> {
  let nextGap = 0;
  for (const position of shown.positions) {
    for (const left of shown.cutsBefore(position)) cut(left);
    const frame = frames.at(position);
    for (; nextGap < gaps.length && gaps[nextGap].sequence < frame.sequence; nextGap++) yield gap(gaps[nextGap]);
    writer.write(frame, position, out);
    if (isChunk(out)) yield;
  }
  for (const left of shown.cutsBefore(frames.length)) cut(left);
  for (const last of gaps.slice(nextGap)) yield gap(last);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** Milliseconds with three decimals: what a clock tells beyond is noise. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
