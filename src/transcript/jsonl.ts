import { describeLocation } from '../support/call-site.ts';
import { inChunks } from './chunks.ts';
import type { ConnectionRecord, HandshakeRecord } from './connection-record.ts';
import type { RequestRecord } from './http-request.ts';
import { defaultLimits, type EvidenceLimits } from './limits.ts';
import { maskStrings, maskUrls, type MaskText } from './mask-text.ts';
import { bytesFields, textFields, type PayloadFields, type PayloadLimits } from './payload-fields.ts';
import { packageVersion } from './package-version.ts';
import { ShownFrames, type FrameCut } from './shown-frames.ts';
import type { FrameRecord } from './transcript-frames.ts';
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
}

/** Writes a transcript as `websocket.jsonl`: chunks of whole lines, each line one JSON object. */
export function writeJsonl(transcript: Transcript, options: JsonlOptions = {}): Generator<string, void, undefined> {
  return inChunks(endedLines(transcript, options));
}

function* endedLines(transcript: Transcript, options: JsonlOptions): Generator<string> {
  for (const line of lines(transcript, options)) yield `${line}\n`;
}

function* lines(transcript: Transcript, options: JsonlOptions): Generator<string> {
  const { connections, findings, frames, notes, requests, waits } = transcript;
  const { maskText = maskUrls } = options;
  const shown = new ShownFrames(frames, { ...defaultLimits, ...options.limits });
  const limits = { ...shown.limits, maskText };
  const line = (value: unknown): string => JSON.stringify(maskStrings(value, maskText));
  yield line(firstLine(transcript, shown.limits));
  for (const connection of connections) yield line(connectionLine(connection, limits));
  yield* frameLines(transcript, shown, limits);
  for (const wait of waits) yield line(waitLine(wait));
  for (const request of requests.slice(0, shown.limits.requests)) yield line(requestLine(request));
  if (requests.length > shown.limits.requests) yield line(requestsCut(requests.length - shown.limits.requests));
  for (const finding of findings) yield line({ type: 'finding', ...finding });
  for (const note of notes) yield line({ type: 'note', ...note });
}

function firstLine({ connections, frames, requests, startedAt }: Transcript, limits: EvidenceLimits): object {
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

function requestsCut(count: number): object {
  const text = `${count} HTTP requests after the last one here were left out`;
  return { type: 'note', kind: 'limit', text, location: describeLocation(undefined) };
}

function* frameLines(
  { connections, frames }: Transcript,
  shown: ShownFrames,
  limits: PayloadLimits,
): Generator<string> {
  const cutLine = ({ owner, ...cut }: FrameCut): string =>
    JSON.stringify({ type: 'cut', connection: limits.maskText(connections[owner].name), ...cut });
  for (const position of shown.positions) {
    for (const cut of shown.cutsBefore(position)) yield cutLine(cut);
    yield frameLine(frames.at(position), limits);
  }
  for (const cut of shown.cutsBefore(frames.length)) yield cutLine(cut);
}

/** A frame's line, written field by field: with 100,000 frames a walk through each record would be half of the time. */
export function frameLine(frame: FrameRecord, limits: PayloadLimits): string {
  const { claimedBy } = frame;
  const { maskText } = limits;
  const { base64, code, cut, masked, reason, text } = contentFields(frame, limits);
  return JSON.stringify({
    type: 'frame',
    connection: maskText(frame.connection),
    sequence: frame.sequence,
    time: isoTime(frame.time),
    ms: rounded(frame.ms),
    direction: frame.direction,
    opcode: frame.opcode,
    size: frame.payload.length,
    message: frame.message,
    code,
    reason,
    text,
    base64,
    cut,
    masked,
    hiddenBy: frame.hiddenBy,
    invalid: frame.isInvalid ? true : undefined,
    claimedBy: claimedBy === undefined ? undefined : maskStrings(claimedBy, maskText),
  });
}

interface ContentFields extends PayloadFields {
  readonly code?: number;
  readonly reason?: string;
}

function contentFields({ opcode, payload }: FrameRecord, limits: PayloadLimits): ContentFields {
  if (opcode === 'binary') return bytesFields(payload, limits);
  return opcode === 'close' ? closeFields(payload, limits) : textFields(payload, limits);
}

/** Code and reason, RFC 6455 section 5.5.1. A frame without a code has neither. */
function closeFields(payload: Buffer, limits: PayloadLimits): ContentFields {
  if (payload.length < 2) return {};
  const { text, ...fields } = textFields(payload.subarray(2), limits);
  return { code: payload.readUInt16BE(), reason: text ?? '', ...fields };
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** Milliseconds with three decimals: what a clock tells beyond is noise. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
