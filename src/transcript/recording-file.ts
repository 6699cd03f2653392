import { gunzipSync } from 'node:zlib';
import { jsonlVersion } from './jsonl.ts';
import { LineReader } from './viewer/line-reader.ts';
import type { Line } from './viewer/lines.ts';

/** A file that holds no recording, or one that cannot be read; the message names the file and the remedy. */
export class RecordingError extends Error {
  override readonly name: string = 'RecordingError';
}

const remedy =
  'Pass the websocket.jsonl or the websocket.html of a test: attachments of its report, also below test-results.';

/**
 * The lines of a recorded test.
 *
 * @param name The file, as errors name it.
 * @param text A `websocket.jsonl`, or a `websocket.html`, which holds the same.
 * @throws {RecordingError} when it is something else, or of a later version.
 */
export function readRecording(name: string, text: string): Line[] {
  const lines = linesOf(name, /^\s*<!doctype html/i.test(text) ? unpack(name, text) : text);
  const [first] = lines;
  if (first?.type !== 'transcript') {
    throw new RecordingError(`Cannot read "${name}": it is no recording of playwright-ws\n  ${remedy}`);
  }
  if (first.version > jsonlVersion) {
    throw new RecordingError(
      `Cannot read "${name}": it has version ${first.version}, this playwright-ws reads version ${jsonlVersion}\n  Update playwright-ws, or record the test again.`,
    );
  }
  return lines;
}

function unpack(name: string, page: string): string {
  const data = /<script[^>]*\bid="?transcript"?[^>]*>(?<data>[A-Za-z0-9+/=\s]+)<\/script>/.exec(page)?.groups?.['data'];
  if (data === undefined) {
    const why =
      'it is a page without the lines of a recording, such as a test leaves whose process ended before it did';
    throw new RecordingError(`Cannot read "${name}": ${why}\n  ${remedy}`);
  }
  return gunzipSync(Buffer.from(data, 'base64')).toString('utf8');
}

function linesOf(name: string, text: string): Line[] {
  const reader = new LineReader();
  const texts = text.split('\n').filter((line) => line.trim() !== '');
  return texts.map((line, index) => {
    try {
      return reader.read(line);
    } catch (cause) {
      const what = index === 0 ? 'it is no recording of playwright-ws' : `line ${index + 1} is no JSON`;
      throw new RecordingError(`Cannot read "${name}": ${what}\n  ${remedy}`, { cause });
    }
  });
}
