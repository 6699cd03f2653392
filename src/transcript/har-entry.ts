import { opcodeNumbers } from '../protocol/opcode.ts';
import { wallTime } from '../support/clock.ts';
import { mask } from '../support/redact.ts';
import type { ConnectionRecord, HandshakeRecord } from './connection-record.ts';
import { textFields, bytesFields, type PayloadFields, type PayloadLimits } from './payload-fields.ts';
import type { FrameCut } from './shown-frames.ts';
import type { FrameRecord } from './transcript-frames.ts';

/** What an entry is made of, beside its messages. */
export interface EntryFacts {
  readonly connection: ConnectionRecord;
  readonly limits: PayloadLimits;
  /** Frames that were left out. */
  readonly cut: FrameCut | undefined;
  /** Milliseconds from the first connection's beginning to the end of the document. */
  readonly endMs: number;
}

/** A frame as `_webSocketMessages` has it. */
export interface HarMessage {
  readonly type: 'send' | 'receive';
  /** Since the epoch, in the unit of the document. */
  readonly time: number;
  /** RFC 6455 section 5.2. */
  readonly opcode: number;
  /** Text as it is, anything else as base64. */
  readonly data: string;
  /** Bytes that were left out behind `data`. */
  readonly _cut?: number;
}

/** An entry of HAR 1.2 for a connection, without its messages. Fields that HAR does not know begin with `_`. */
export function harEntry({ connection, cut, endMs, limits }: EntryFacts): object {
  const { close, failure, handshake, ms, time } = connection;
  const duration = handshake?.duration ?? 0;
  const open = Math.max(0, (close?.ms ?? endMs) - ms - duration);
  return {
    startedDateTime: new Date(time).toISOString(),
    time: duration + open,
    request: harRequest(connection),
    response: {
      ...harResponse(handshake, limits),
      ...(failure === undefined ? {} : { _error: failure, _failureText: failure }),
    },
    cache: {},
    // The opening handshake is what is waited for; the rest of a connection's life is what is received.
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: duration, receive: open },
    ...(cut === undefined ? {} : { comment: describeCut(cut) }),
    _resourceType: 'websocket',
    _name: connection.name,
    _location: connection.location,
    ...(close === undefined ? {} : { _webSocketClose: { ...close, ms: undefined } }),
  };
}

/** @param unitMs Milliseconds in the unit of `time`. */
export function harMessage(frame: FrameRecord, limits: PayloadLimits, unitMs: number): HarMessage {
  const { base64, cut, text = '' } = payloadOf(frame, limits);
  return {
    type: frame.direction === 'sent' ? 'send' : 'receive',
    time: frame.time / unitMs,
    opcode: opcodeNumbers[frame.opcode],
    // Text that is not UTF-8 stays text: readers show it by its opcode.
    data: frame.opcode === 'text' ? text : (base64 ?? Buffer.from(text).toString('base64')),
    ...(cut === undefined ? {} : { _cut: cut }),
  };
}

/** Monotonic milliseconds of a wall-clock time that this process told. */
export function monotonicTime(time: number): number {
  return time - wallTime(0);
}

type Pair = { readonly name: string; readonly value: string };

function harRequest({ handshake, url }: ConnectionRecord): object {
  const asked = handshake?.url ?? url;
  return {
    method: 'GET',
    url: asked,
    httpVersion: 'HTTP/1.1',
    cookies: maskedCookies(handshake?.requestCookies),
    headers: pairs(handshake?.requestHeaders),
    queryString: URL.canParse(asked) ? [...new URL(asked).searchParams].map(([name, value]) => ({ name, value })) : [],
    headersSize: -1,
    bodySize: 0,
  };
}

function harResponse(handshake: HandshakeRecord | undefined, limits: PayloadLimits): object {
  const facts = { httpVersion: 'HTTP/1.1', redirectURL: '', headersSize: -1 };
  // Status 0 is how browsers write that no response came.
  const none = {
    status: 0,
    statusText: '',
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: '' },
    bodySize: -1,
  };
  if (handshake === undefined) return { ...facts, ...none };
  const { body, responseCookies, responseHeaders, status, statusText } = handshake;
  const mimeType = responseHeaders['content-type'] ?? '';
  const text = body.length === 0 ? {} : { text: textFields(body, limits).text ?? '' };
  return {
    ...facts,
    status,
    statusText,
    cookies: maskedCookies(responseCookies),
    headers: pairs(responseHeaders),
    content: { size: body.length, mimeType, ...text },
    bodySize: body.length,
  };
}

/** Repeated headers are one text with newlines. */
function pairs(headers: Readonly<Record<string, string>> = {}): Pair[] {
  return Object.entries(headers).flatMap(([name, values]) => values.split('\n').map((value) => ({ name, value })));
}

function maskedCookies(names: readonly string[] = []): Pair[] {
  return names.map((name) => ({ name, value: mask }));
}

function payloadOf({ opcode, payload }: FrameRecord, limits: PayloadLimits): PayloadFields {
  if (opcode === 'binary') return bytesFields(payload, limits);
  if (opcode !== 'close' || payload.length < 2) return textFields(payload, limits);
  // Behind the code comes a text, RFC 6455 section 5.5.1; it may hold a secret.
  const reason = textFields(payload.subarray(2), limits).text ?? '';
  return { base64: Buffer.concat([payload.subarray(0, 2), Buffer.from(reason)]).toString('base64') };
}

function describeCut({ bytes, frames }: FrameCut): string {
  return `Left out: ${frames} frames in the middle, ${bytes} bytes`;
}
