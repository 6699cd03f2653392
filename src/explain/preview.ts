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
  const line = escapeControls(describeData(data)).replaceAll('{', '(').replaceAll('}', ')');
  return cut(line, longest);
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

function describeData(data: unknown): string {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return previewBytes(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return previewBytes(Buffer.from(data));
  if (data instanceof Blob) return `Blob of ${data.size} bytes`;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return toJson(data);
  return Object.entries(data)
    .slice(0, 8)
    .map(([key, value]) => `${key}: ${toJson(value)}`)
    .join(', ');
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A step's subtitle must not fail what the step is about: the send reports the value that is not JSON.
    return String(value);
  }
}

function previewBytes(bytes: Buffer): string {
  const hex = bytes
    .subarray(0, longestHex)
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ');
  return `<${hex}${bytes.length > longestHex ? ' …' : ''}>`;
}
