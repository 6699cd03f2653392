import { maxReasonBytes } from '../protocol/close-code.ts';
import { isSubprotocol } from '../protocol/subprotocol.ts';
import { misuse } from '../support/errors.ts';
import { describeFound } from '../support/options.ts';
import type { ConnectOptions } from './connect-options.ts';
import type { WebSocketParams } from './whatwg-types.ts';

/** What `send` of the standard takes; everything else is sent as its text. */
export type SendableData = string | ArrayBuffer | SharedArrayBuffer | ArrayBufferView | Blob;

/**
 * The arguments of the constructor as options of a connection.
 *
 * @throws {DOMException} `SyntaxError` for subprotocols that are not allowed.
 * @throws {TypeError} for another compression than k6's.
 */
export function socketOptions(protocols: unknown, params: WebSocketParams | null | undefined): ConnectOptions {
  const names = subprotocols(protocols);
  const options: ConnectOptions = withoutK6(params ?? {});
  if (options.reconnect !== undefined && options.reconnect !== false) {
    throw misuse(
      'WS_INVALID_OPTION',
      'Invalid option "reconnect": a socket of the WHATWG standard never opens twice. Make a new one, or use ws.connect()',
    );
  }
  return names.length === 0 ? options : { ...options, protocols: names };
}

/** What the standard throws for a URL that is not allowed; every other error as it is. */
export function asStandardError(error: unknown): unknown {
  const isUrlError = error instanceof TypeError && 'code' in error && error.code === 'WS_INVALID_URL';
  return isUrlError ? new DOMException(error.message, 'SyntaxError') : error;
}

/**
 * Code and reason of a close frame; the code is `undefined` when neither was given.
 *
 * @throws {DOMException} `InvalidAccessError` for a code, `SyntaxError` for a reason that is not allowed.
 */
export function closeArguments(
  code: number | undefined,
  reason: string = '',
): { code: number | undefined; reason: string } {
  const number = code === undefined ? undefined : clampedCode(code);
  if (number !== undefined && number !== 1000 && (number < 3000 || number > 4999)) {
    throw new DOMException(
      `Cannot close with code ${describeFound(code)}: expected 1000, or 3000 to 4999`,
      'InvalidAccessError',
    );
  }
  const size = Buffer.byteLength(reason);
  if (size > maxReasonBytes) {
    throw new DOMException(
      `Cannot close with a reason of ${size} bytes: expected at most ${maxReasonBytes}`,
      'SyntaxError',
    );
  }
  return { code: number ?? (reason === '' ? undefined : 1000), reason };
}

/**
 * What goes on the wire.
 *
 * @throws {TypeError} for an object without a text of its own: the standard would send "[object Object]".
 */
export function sendableData(data: unknown): SendableData {
  if (isBinary(data)) return data;
  const text = String(data);
  if (text !== '[object Object]' || typeof data === 'string') return text;
  throw misuse(
    'WS_INVALID_ARGUMENT',
    'Cannot send an object: a standard WebSocket would send the text "[object Object]". Send JSON.stringify(data), or use the client of ws.connect()',
  );
}

/** Size of a payload in bytes. */
export function sizeOf(data: SendableData): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : data.byteLength;
}

function isBinary(data: unknown): data is Exclude<SendableData, string> {
  return (
    ArrayBuffer.isView(data) || data instanceof ArrayBuffer || data instanceof SharedArrayBuffer || data instanceof Blob
  );
}

/** k6's code passes `null` for none. */
function subprotocols(protocols: unknown): string[] {
  if (protocols === undefined || protocols === null) return [];
  const names = (Array.isArray(protocols) ? protocols : [protocols]).map(String);
  // Neither names that differ in their case only may be repeated, nor may a name be anything but a token.
  const seen = new Set<string>();
  for (const name of names) {
    if (!isSubprotocol(name)) {
      throw new DOMException(
        `Cannot offer the subprotocol ${describeFound(name)}: expected letters, digits and !#$%&'*+-.^_\`|~. Options are the third argument`,
        'SyntaxError',
      );
    }
    if (seen.has(name.toLowerCase()))
      throw new DOMException(`Cannot offer the subprotocol "${name}" twice`, 'SyntaxError');
    seen.add(name.toLowerCase());
  }
  return names;
}

function withoutK6({ compression, tags: _tags, ...options }: WebSocketParams): ConnectOptions {
  const found: unknown = compression;
  if (found === undefined || found === '') return options;
  if (found === 'deflate') return { perMessageDeflate: true, ...options };
  throw misuse('WS_INVALID_OPTION', `Invalid option "compression": expected "deflate", found ${describeFound(found)}`);
}

/** `[Clamp] unsigned short` of Web IDL. */
function clampedCode(code: unknown): number {
  const number = Math.round(Number(code));
  return Number.isNaN(number) ? 0 : Math.min(Math.max(number, 0), 65_535);
}
