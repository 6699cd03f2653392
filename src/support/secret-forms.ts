/** A secret in every form in which it may be written: as it is, in JSON, in a URL, in base64, in a hex preview. */
export function secretForms(secret: string): Set<string> {
  // Most tokens: nothing in them is escaped anywhere.
  if (/^[\w-]+$/.test(secret)) return new Set([secret, ...base64Texts(Buffer.from(secret)), hexText(secret)]);
  const json = jsonText(secret);
  const written = [
    secret,
    json,
    // JSON as a string of JSON.
    jsonText(json),
    // PHP escapes the slash, Python what is not ASCII.
    json.replaceAll('/', String.raw`\/`),
    json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...urlTexts(secret),
    ...base64Texts(Buffer.from(secret)),
  ];
  const shown = written.flatMap((text) => [withoutControls(text), withoutBraces(withoutControls(text))]);
  return new Set([...written, ...shown, hexText(secret)]);
}

function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function urlTexts(secret: string): string[] {
  const component = encodeURIComponent(wellFormed(secret));
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const texts = [component, form, form.replaceAll('+', '%20')];
  // Hexadecimal digits of either case.
  return texts.flatMap((text) => [text, text.replaceAll(/%[0-9A-F]{2}/g, (found) => found.toLowerCase())]);
}

/** Half of a character cannot be encoded. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** Without padding, which may be missing. */
function base64Texts(bytes: Buffer): string[] {
  return [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}

/** As failures and steps write control characters. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const short = JSON.stringify(character).slice(1, -1);
    if (['\\n', '\\r', '\\t'].includes(short)) return short;
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** As the subtitles of steps write braces. */
function withoutBraces(text: string): string {
  return text.replaceAll('{', '(').replaceAll('}', ')');
}

const hexDigits: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** As previews write bytes: `68 75 6e`. */
function hexText(text: string): string {
  return Array.from(Buffer.from(text), (byte) => hexDigits[byte]).join(' ');
}
