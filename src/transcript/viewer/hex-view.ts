import { h } from './dom.ts';
import { drawLongText } from './long-text.ts';

const bytesPerLine = 16;
/** `00000000  7b 22 74 79 70 65 22 3a  22 74 69 63 6b 22 7d 0a  {"type":"tick"}.` and a line feed. */
const charactersPerLine = 8 + 2 + 3 * bytesPerLine + 1 + 1 + bytesPerLine + 1;

/** Draws bytes as offsets, hexadecimal numbers and ASCII. */
export function drawHex(bytes: Uint8Array): HTMLElement {
  if (bytes.length === 0) return h('p', { class: 'quiet' }, ['No bytes']);
  const lines = Math.ceil(bytes.length / bytesPerLine);
  // Each line has one length, so that a step of the text is a run of lines.
  return drawLongText(lines * charactersPerLine, (start, end) => {
    const first = Math.ceil(start / charactersPerLine);
    const last = Math.ceil(end / charactersPerLine);
    return hexLines(bytes.subarray(first * bytesPerLine, last * bytesPerLine), first * bytesPerLine);
  });
}

/** @param offset Of the first byte. */
export function hexLines(bytes: Uint8Array, offset: number): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += bytesPerLine) {
    text += `${hexLine(bytes.subarray(start, start + bytesPerLine), offset + start)}\n`;
  }
  return text;
}

function hexLine(bytes: Uint8Array, offset: number): string {
  const numbers = Array.from({ length: bytesPerLine }, (_, index) => {
    const number = index < bytes.length ? bytes[index].toString(16).padStart(2, '0') : '  ';
    return index === bytesPerLine / 2 ? ` ${number}` : number;
  });
  return `${offset.toString(16).padStart(8, '0')}  ${numbers.join(' ')}  ${asciiOf(bytes)}`;
}

function asciiOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}
