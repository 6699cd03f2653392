import type { Opcode } from '../protocol/opcode.ts';
import { writeEntries, type HarOptions } from './har-entries.ts';
import { inChunks } from './chunks.ts';
import type { JsonBytes } from './json-bytes.ts';
import { packageVersion } from './package-version.ts';
import type { Transcript } from './transcript.ts';

/**
 * Writes a transcript as `websocket.har`: HAR 1.2, an entry for each connection with its data messages in
 * `_webSocketMessages`, in chunks.
 *
 * The times of the messages are seconds since the epoch, as Chrome, HTTP Toolkit and Proxyman write and read them;
 * Playwright's own HAR files have milliseconds there.
 */
export function writeHar(transcript: Transcript, options: HarOptions = {}): Generator<Buffer, void, undefined> {
  return inChunks((out) => writeDocument(out, transcript, options));
}

const unitMs = 1000;
/** Readers take what is not text for bytes, so that a ping would look like a message. */
const dataFrames: ReadonlySet<Opcode> = new Set<Opcode>(['text', 'binary']);

function* writeDocument(out: JsonBytes, transcript: Transcript, options: HarOptions): Generator<void> {
  const creator = JSON.stringify({ name: 'playwright-ws', version: packageVersion() });
  out.text(`{"log":{"version":"1.2","creator":${creator},"pages":[],"entries":[`);
  const before = (index: number): string => (index === 0 ? '\n' : ',\n');
  yield* writeEntries(out, transcript, { ...options, unitMs, opcodes: dataFrames, before, after: '' });
  yield out.text('\n]}}\n');
}
