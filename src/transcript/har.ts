import type { Opcode } from '../protocol/opcode.ts';
import { harEntries, type HarOptions } from './har-entries.ts';
import { inChunks } from './chunks.ts';
import { packageVersion } from './package-version.ts';
import type { Transcript } from './transcript.ts';

/**
 * Writes a transcript as `websocket.har`: HAR 1.2, an entry for each connection with its data messages in
 * `_webSocketMessages`, in chunks.
 *
 * The times of the messages are seconds since the epoch, as Chrome, HTTP Toolkit and Proxyman write and read them;
 * Playwright's own HAR files have milliseconds there.
 */
export function writeHar(transcript: Transcript, options: HarOptions = {}): Generator<string, void, undefined> {
  return inChunks(parts(transcript, options));
}

const unitMs = 1000;
/** Readers take what is not text for bytes, so that a ping would look like a message. */
const dataFrames: ReadonlySet<Opcode> = new Set<Opcode>(['text', 'binary']);

function* parts(transcript: Transcript, options: HarOptions): Generator<string> {
  const creator = { name: 'playwright-ws', version: packageVersion() };
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`;
  let separator = '\n';
  for (const entry of harEntries(transcript, { ...options, unitMs, opcodes: dataFrames })) {
    yield separator;
    yield* entry;
    separator = ',\n';
  }
  yield '\n]}}\n';
}
