import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, constants } from 'node:zlib';

/** Largest body of a refusal that is kept, in bytes: far above any error page. */
export const maxBodyBytes: number = 16 * 1024 * 1024;

/** An HTTP response to the opening handshake. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case; repeated ones joined with `, ` (`set-cookie`: with a newline). */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for a 101. */
  readonly body: Buffer;
  /** Whether the body did not come whole. */
  readonly isCut: boolean;
}

/** A 101, which has no body. */
export function upgradeAnswer({ statusMessage, rawHeaders }: StatusLine): Answer {
  return answerOf({ statusCode: 101, statusMessage, rawHeaders }, { bytes: Buffer.alloc(0), isCut: false });
}

export function answerOf(status: StatusLine, { bytes, isCut }: Body): Answer {
  const headers = joinHeaders(status.rawHeaders);
  return {
    status: status.statusCode ?? 0,
    statusText: status.statusMessage ?? '',
    headers,
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
function joinHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index].toLowerCase();
    const before = headers.get(name);
    const separator = name === 'set-cookie' ? '\n' : ', ';
    headers.set(name, before === undefined ? rawHeaders[index + 1] : `${before}${separator}${rawHeaders[index + 1]}`);
  }
  return Object.fromEntries(headers);
}

/** A body as far as it came. */
export interface Body {
  readonly bytes: Buffer;
  /** Whether there was more, or would have been. */
  readonly isCut: boolean;
}

/** The whole body, or what came of it when the signal aborts, the peer vanishes or 16 MiB are full. Never rejects. */
export function readBody(response: IncomingMessage, signal: AbortSignal): Promise<Body> {
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
