import { createRequire } from 'node:module';
import type { ConnectionRecord, HandshakeRecord } from './connection-record.ts';
import { maskStrings, maskUrls, type MaskText } from './mask-text.ts';
import { bytesFields, textFields, type PayloadFields, type PayloadLimits } from './payload-fields.ts';
import type { FrameRecord, TranscriptFrames } from './transcript-frames.ts';
import type { Transcript } from './transcript.ts';
import type { WaitEntry } from './wait-entry.ts';

/** Version of the format that `docs/websocket-jsonl.md` describes. New fields and line types do not raise it. */
export const jsonlVersion = 1;

/** How much of a test is written. What is left out is stated where it is missing. */
export interface JsonlLimits {
  /** Bytes of one payload. */
  readonly payloadBytes: number;
  /** Frames from the first one on. */
  readonly headFrames: number;
  /** Frames up to the last one. */
  readonly tailFrames: number;
  /** Bytes of all payloads; `payloadBytes` is halved until they fit. */
  readonly totalBytes: number;
}

/** Applied when nothing else is said. */
export const defaultJsonlLimits: JsonlLimits = {
  /** Far above a usual message; a report of large ones stays one that can be opened. */
  payloadBytes: 64 * 1024,
  /** What set a test up, and what it did last, tell more than the middle of a load. */
  headFrames: 5000,
  tailFrames: 5000,
  /** As much as an editor opens without complaint. */
  totalBytes: 32 * 1024 * 1024,
};

export interface JsonlOptions {
  readonly limits?: Partial<JsonlLimits> | undefined;
  /**
   * Masks every string that is written.
   *
   * @default masks passwords and secret query values of URLs
   */
  readonly maskText?: MaskText | undefined;
}

/** Large enough that writing a chunk costs little beside making it, small enough to let other work in between. */
const chunkCharacters = 64 * 1024;

/** Writes a transcript as `websocket.jsonl`: chunks of whole lines, each line one JSON object. */
export function* writeJsonl(transcript: Transcript, options: JsonlOptions = {}): Generator<string, void, undefined> {
  let chunk = '';
  for (const line of lines(transcript, options)) {
    chunk += `${line}\n`;
    if (chunk.length < chunkCharacters) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function* lines(transcript: Transcript, options: JsonlOptions): Generator<string> {
  const { connections, findings, frames, notes, waits } = transcript;
  const { maskText = maskUrls } = options;
  const wanted = { ...defaultJsonlLimits, ...options.limits };
  const shown = shownFrames(frames.length, wanted);
  const limits = { ...wanted, payloadBytes: fittingPayload(frames, shown, wanted) };
  const line = (value: unknown): string => JSON.stringify(maskStrings(value, maskText));
  yield line(firstLine(transcript, limits));
  for (const connection of connections) yield line(connectionLine(connection, { ...limits, maskText }));
  yield* frameLines(frames, shown, { ...limits, maskText });
  for (const wait of waits) yield line(waitLine(wait));
  for (const finding of findings) yield line({ type: 'finding', ...finding });
  for (const note of notes) yield line({ type: 'note', ...note });
}

function firstLine({ connections, frames, startedAt }: Transcript, limits: JsonlLimits): object {
  return {
    type: 'transcript',
    version: jsonlVersion,
    package: 'playwright-ws',
    packageVersion: packageVersion(),
    startedAt: isoTime(startedAt),
    writtenAt: isoTime(Date.now()),
    connections: connections.length,
    frames: frames.length,
    limits,
  };
}

function connectionLine(connection: ConnectionRecord, limits: PayloadLimits): object {
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

/** Positions of frames that are written: all before `headEnd`, and all from `tailStart` on. */
interface ShownFrames {
  readonly headEnd: number;
  readonly tailStart: number;
}

function shownFrames(count: number, { headFrames, tailFrames }: JsonlLimits): ShownFrames {
  if (count <= headFrames + tailFrames) return { headEnd: count, tailStart: count };
  return { headEnd: headFrames, tailStart: count - tailFrames };
}

function* positions(frames: TranscriptFrames, { headEnd, tailStart }: ShownFrames): Generator<number> {
  for (let position = 0; position < headEnd; position++) yield position;
  for (let position = tailStart; position < frames.length; position++) yield position;
}

/** The limit of a payload at which all that are written stay within their total: all are cut alike. */
function fittingPayload(frames: TranscriptFrames, shown: ShownFrames, limits: JsonlLimits): number {
  let limit = limits.payloadBytes;
  while (limit > 0 && writtenBytes(frames, shown, limit) > limits.totalBytes) limit = Math.floor(limit / 2);
  return limit;
}

function writtenBytes(frames: TranscriptFrames, shown: ShownFrames, limit: number): number {
  let bytes = 0;
  for (const position of positions(frames, shown)) bytes += Math.min(limit, frames.size(position));
  return bytes;
}

function* frameLines(frames: TranscriptFrames, shown: ShownFrames, limits: PayloadLimits): Generator<string> {
  for (const position of positions(frames, shown)) {
    if (position === shown.tailStart) yield cutLine(frames, shown);
    yield frameLine(frames.at(position), limits);
  }
  if (shown.tailStart === frames.length && shown.headEnd < frames.length) yield cutLine(frames, shown);
}

function cutLine(frames: TranscriptFrames, { headEnd, tailStart }: ShownFrames): string {
  let bytes = 0;
  for (let position = headEnd; position < tailStart; position++) bytes += frames.size(position);
  return JSON.stringify({ type: 'cut', frames: tailStart - headEnd, bytes });
}

/** Written field by field: with 100,000 frames a walk through each record would be half of the time. */
function frameLine(frame: FrameRecord, limits: PayloadLimits): string {
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

function packageVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('../../package.json');
  return version;
}
