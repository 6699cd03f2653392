import { opcodeNumbers } from '../protocol/opcode.ts';
import { wallTime } from '../support/clock.ts';
import { mask } from '../support/redact.ts';
import type { ConnectionRecord, HandshakeRecord } from './connection-record.ts';
import type { FrameContents } from './frame-contents.ts';
import type { JsonBytes } from './json-bytes.ts';
import { textFields, type PayloadLimits } from './payload-fields.ts';
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

/** How a document has its messages. */
export interface MessageForm {
  readonly contents: FrameContents;
  readonly payloadBytes: number;
  /** Milliseconds in the unit of the document. */
  readonly unitMs: number;
}

/**
 * Writes a frame as an element of `_webSocketMessages`: `type` is `send` or `receive`, `time` counts since the epoch,
 * `opcode` is that of RFC 6455 section 5.2, `data` is text as it is and anything else as base64, `_cut` the bytes that were
 * left out behind it.
 */
export class HarMessages {
  readonly #form: MessageForm;
  readonly #decimals: number;
  readonly #types: Readonly<Record<FrameRecord['direction'], Uint8Array>> = {
    sent: Buffer.from('{"type":"send","time":'),
    received: Buffer.from('{"type":"receive","time":'),
  };

  constructor(form: MessageForm) {
    this.#form = form;
    // To the microsecond.
    this.#decimals = String(form.unitMs * 1000).length - 1;
  }

  /** @param position Its place in the transcript, from 0. */
  write(frame: FrameRecord, position: number, out: JsonBytes): void {
    const { contents, payloadBytes } = this.#form;
    out.bytes(this.#types[frame.direction]);
    out.decimal(Math.round(frame.time * 1000), this.#decimals);
    out.bytes(opcodeField);
    out.integer(opcodeNumbers[frame.opcode]);
    out.bytes(dataField);
    if (contents.isPlain(frame, position, payloadBytes)) out.string(frame.payload);
    else this.#writeContent(frame, out);
    out.bytes(messageEnd);
  }

  #writeContent(frame: FrameRecord, out: JsonBytes): void {
    const { contents, payloadBytes } = this.#form;
    const { base64 = '', cut, text = '' } = contents.of(frame, payloadBytes);
    const { maskText } = contents;
    const bytes = frame.opcode === 'binary' ? base64 : controlBytes(frame, { maskText, payloadBytes });
    // Text that is not UTF-8 stays text: readers show it by its opcode.
    out.text(JSON.stringify(frame.opcode === 'text' ? text : bytes));
    if (cut !== undefined) out.text(`,"_cut":${cut}`);
  }
}

const opcodeField: Uint8Array = Buffer.from(',"opcode":');
const dataField: Uint8Array = Buffer.from(',"data":');
const messageEnd: Uint8Array = Buffer.from('}');

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

/** The payload of a control frame as base64; what it has of text is masked. */
function controlBytes({ opcode, payload }: FrameRecord, limits: PayloadLimits): string {
  // Behind the code of a close frame comes a text, RFC 6455 section 5.5.1; it may hold a secret.
  const textStart = opcode === 'close' ? Math.min(2, payload.length) : 0;
  const { text = '' } = textFields(payload.subarray(textStart), limits);
  return Buffer.concat([payload.subarray(0, textStart), Buffer.from(text)]).toString('base64');
}

function describeCut({ bytes, frames }: FrameCut): string {
  return `Left out: ${frames} frame${frames === 1 ? '' : 's'}, ${bytes} B`;
}
