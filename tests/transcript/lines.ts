import type { Connection } from '../../src/connection/connection.ts';
import { ManagedClient } from '../../src/connection/managed-client.ts';
import { writeJsonl, type JsonlOptions } from '../../src/transcript/jsonl.ts';
import { createTranscript, type TranscriptSource } from '../../src/transcript/transcript.ts';

export type Line = Readonly<Record<string, unknown>>;

/** The lines of `websocket.jsonl`, parsed. */
export function linesOf(source: Partial<TranscriptSource>, options?: JsonlOptions): Line[] {
  const text = [...writeJsonl(createTranscript({ connections: [], waits: [], findings: [], ...source }), options)].join(
    '',
  );
  return text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
}

export function linesOfType(type: string, source: Partial<TranscriptSource>, options?: JsonlOptions): Line[] {
  return linesOf(source, options).filter((line) => line['type'] === type);
}

/** The frame lines of one connection. */
export function framesOf(connection: Connection, options?: JsonlOptions): Line[] {
  return linesOfType('frame', { connections: [connection] }, options);
}

/** The public methods of a connection. */
export function clientOf(connection: Connection): ManagedClient {
  return new ManagedClient(connection, { run: async (_facts, _connection, start) => await start() });
}
