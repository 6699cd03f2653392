import { errorMessage } from '../support/errors.ts';

/** Longest preview of a payload in a line of a failure. */
const longestPreview = 120;
const longestHex = 24;

/** A payload in one line: text shortened and without control characters, bytes as hex. */
export function previewPayload(payload: Buffer, isText: boolean, longest: number = longestPreview): string {
  if (!isText) return previewBytes(payload);
  // More bytes than the characters shown can have, so that a cut is seen as one.
  const text = payload.subarray(0, longest * 4 + 4).toString('utf8');
  const line = escapeControls(text);
  return cut(line, longest);
}

/**
 * Data of a `send` in one line, without the braces that Playwright's viewers take for a template: `action: "subscribe"`.
 */
export function previewData(data: unknown, longest: number = 80): string {
  // Escapes only make it longer.
  const start = describeData(data, longest).slice(0, longest + 2);
  return cut(escapeControls(start).replaceAll('{', '(').replaceAll('}', ')'), longest);
}

/** Makes control characters, bidi overrides and line ends visible. */
export function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const known = shortEscapes.get(character);
    return known ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** Cuts a line; a character of two units stays whole. */
function cut(line: string, longest: number): string {
  if (line.length <= longest) return line;
  return `${line.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function describeData(data: unknown, longest: number): string {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return previewBytes(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return previewBytes(Buffer.from(data));
  if (data instanceof Blob) return `Blob of ${data.size} bytes`;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return toJson(data, longest);
  return Object.keys(data)
    .slice(0, 8)
    .map((key) => `${key}: ${describeMember(data, key, longest)}`)
    .join(', ');
}

function describeMember(data: object, key: string, longest: number): string {
  try {
    return toJson(Reflect.get(data, key), longest);
  } catch (error) {
    // A getter of the user's.
    return errorMessage(error);
  }
}

/** The beginning of a value as JSON: of what is longer than the preview, as a message may be, not all is written. */
function toJson(value: unknown, longest: number): string {
  const shortened = (_: string, part: unknown): unknown =>
    typeof part === 'string' || Array.isArray(part) ? part.slice(0, longest) : part;
  try {
    return JSON.stringify(value, shortened) ?? String(value);
  } catch {
    // A step's subtitle must not fail what the step is about: the send reports the value that is not JSON.
    return errorMessage(value);
  }
}

function previewBytes(bytes: Buffer): string {
  const hex = bytes
    .subarray(0, longestHex)
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ');
  return `<${hex}${bytes.length > longestHex ? ' …' : ''}>`;
}
