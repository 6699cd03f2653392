import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, constants } from 'node:zlib';
import { readHeaders } from '../protocol/handshake.ts';
import type { Abortable } from '../support/abort.ts';

/** Largest body of a refusal that is kept, in bytes: far above any error page. */
export const maxBodyBytes: number = 16 * 1024 * 1024;

const noBody = Buffer.alloc(0);
const usualText = 'Switching Protocols';

/** An HTTP response to the opening handshake. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case; repeated ones joined with `, ` (`set-cookie`: with a newline). */
  readonly headers: Readonly<Record<string, string>>;
  /** The headers as they stood on the wire, a line each. */
  readonly headerLines: string;
  /** Empty for a 101. */
  readonly body: Buffer;
  /** Whether the body did not come whole. */
  readonly isCut: boolean;
}

/** A 101, which has no body. */
export class UpgradeAnswer implements Answer {
  readonly status = 101;
  readonly statusText: string;
  readonly headerLines: string;
  readonly body: Buffer = noBody;
  readonly isCut = false;

  constructor({ statusMessage, rawHeaders }: StatusLine) {
    // One text for all connections.
    this.statusText = statusMessage === usualText ? usualText : (statusMessage ?? '');
    this.headerLines = linesOf(rawHeaders);
  }

  /** Read anew each time: who opened a connection does not ask. */
  get headers(): Readonly<Record<string, string>> {
    return readHeaders(this.headerLines);
  }
}

export function answerOf(status: StatusLine, { bytes, isCut }: Body): Answer {
  const headerLines = linesOf(status.rawHeaders);
  const headers = readHeaders(headerLines);
  return {
    status: status.statusCode ?? 0,
    statusText: status.statusMessage ?? '',
    headers,
    headerLines,
    body: decodeBody(bytes, headers['content-encoding']),
    isCut,
  };
}

interface StatusLine {
  readonly statusCode?: number | undefined;
  readonly statusMessage?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** Names and values in turn, as Node.js hands over what stood on the wire. */
function linesOf(rawHeaders: readonly string[]): string {
  const lines: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  return lines.join('\r\n');
}

/** A body as far as it came. */
export interface Body {
  readonly bytes: Buffer;
  /** Whether there was more, or would have been. */
  readonly isCut: boolean;
}

/** The whole body, or what came of it when the signal aborts, the peer vanishes or 16 MiB are full. Never rejects. */
export function readBody(response: IncomingMessage, signal: Abortable): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve({
        bytes: Buffer.concat(chunks, Math.min(size, maxBodyBytes)),
        isCut: !response.complete || size > maxBodyBytes,
      });
    };
    response.on('data', (chunk: Buffer) => {
      if (size > maxBodyBytes) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBodyBytes) end();
    });
    for (const event of ['end', 'error', 'close']) response.on(event, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** `deflate` is sent with and without the zlib header, RFC 9110 section 8.4.1.2. */
const decoders: ReadonlyMap<string, readonly ((body: Buffer) => Buffer)[]> = new Map([
  ['gzip', [(body) => gunzipSync(body, settings)]],
  ['x-gzip', [(body) => gunzipSync(body, settings)]],
  ['deflate', [(body) => inflateSync(body, settings), (body) => inflateRawSync(body, settings)]],
  ['br', [(body) => brotliDecompressSync(body, brotliSettings)]],
]);

/** A body that was cut is decoded as far as it came. */
const settings = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxBodyBytes };
const brotliSettings = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: maxBodyBytes };

function decodeBody(body: Buffer, encoding: string | undefined): Buffer {
  for (const decode of decoders.get(encoding?.trim().toLowerCase() ?? '') ?? []) {
    try {
      return decode(body);
    } catch {
      // Not what the header says, or too large: the next way, or the bytes as they came.
    }
  }
  return body;
}
