import type { Opcode } from '../protocol/opcode.ts';
import { now } from '../support/clock.ts';
import { writeEntries, type HarOptions } from './har-entries.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { monotonicTime } from './har-entry.ts';
import { inChunks } from './chunks.ts';
import type { JsonBytes } from './json-bytes.ts';
import type { Transcript } from './transcript.ts';

export interface TraceOptions extends HarOptions {
  /** Title of the test; that of a library's trace takes its place in the viewer. */
  readonly title?: string | undefined;
}

/** The files of a trace as Playwright's viewer reads them; their names are part of the format. */
export interface TraceFiles {
  /** Facts of whoever traced. */
  readonly 'trace.trace': string;
  /** An entry of HAR for each connection, a line each, in chunks. */
  readonly 'trace.network': Generator<Buffer<ArrayBuffer>, void, undefined>;
}

/**
 * Writes a transcript in the format of Playwright's trace: connections beside its HTTP requests, frames among their
 * messages. Times are milliseconds here, unlike in HAR files of browsers; control frames are shown too.
 */
export function writeTrace(transcript: Transcript, options: TraceOptions = {}): TraceFiles {
  return {
    'trace.trace': `${JSON.stringify(contextOptions(options))}\n`,
    'trace.network': inChunks((out) => writeNetwork(out, transcript, options)),
  };
}

/** Seen in Playwright 1.58; later viewers read it as well, earlier ones refuse what is newer. */
const formatVersion = 8;

const allFrames: ReadonlySet<Opcode> = new Set<Opcode>(['text', 'binary', 'ping', 'pong', 'close']);

/** Both clocks at one moment: with it the viewer places our times among those of the test. */
function contextOptions({ title }: TraceOptions): object {
  return {
    version: formatVersion,
    type: 'context-options',
    origin: 'library',
    browserName: '',
    options: {},
    platform: process.platform,
    sdkLanguage: 'javascript',
    wallTime: Date.now(),
    monotonicTime: now(),
    title,
  };
}

function writeNetwork(out: JsonBytes, transcript: Transcript, options: HarOptions): Generator<void> {
  const extra = ({ time }: ConnectionRecord): object => ({ _monotonicTime: monotonicTime(time) });
  const before = (): string => '{"type":"resource-snapshot","snapshot":';
  return writeEntries(out, transcript, { ...options, unitMs: 1, opcodes: allFrames, extra, before, after: '}\n' });
}
