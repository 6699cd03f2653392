import type { Opcode } from '../protocol/opcode.ts';
import { isChunk } from './chunks.ts';
import { now, wallTime } from '../support/clock.ts';
import { FrameContents } from './frame-contents.ts';
import { harEntry, HarMessages } from './har-entry.ts';
import type { JsonBytes } from './json-bytes.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { defaultLimits, type EvidenceLimits } from './limits.ts';
import { maskStrings, maskUrls, type MaskText } from './mask-text.ts';
import { sessionsOf, type Session } from './sessions.ts';
import { shownFrames, type ShownFrames } from './shown-frames.ts';
import type { TranscriptFrames } from './transcript-frames.ts';
import type { Transcript } from './transcript.ts';

export interface HarOptions {
  readonly limits?: Partial<EvidenceLimits> | undefined;
  /**
   * Masks every string that is written.
   *
   * @default masks passwords and secret query values of URLs
   */
  readonly maskText?: MaskText | undefined;
  /** The payloads as other formats of the same transcript write them, with the same mask. */
  readonly contents?: FrameContents | undefined;
}

/** What a document wants of the entries of its connections. */
export interface EntryForm extends HarOptions {
  /** Milliseconds in the unit of the messages' times: 1000 for seconds. */
  readonly unitMs: number;
  readonly opcodes: ReadonlySet<Opcode>;
  /** Fields to add to an entry. */
  readonly extra?: ((record: ConnectionRecord) => object) | undefined;
  /** What stands before an entry, by its number from 0, and behind it. */
  readonly before: (index: number) => string;
  readonly after: string;
}

/**
 * Writes an entry for each connection, and a further one for each attempt to open it again, between what the document
 * puts before and behind it; pauses after each message.
 */
export function* writeEntries(out: JsonBytes, transcript: Transcript, form: EntryForm): Generator<void> {
  const { connections, frames, gaps } = transcript;
  const { after, before, extra = () => ({}), maskText = maskUrls, opcodes, unitMs } = form;
  const { contents = new FrameContents(maskText, frames.length, { decodes: false }) } = form;
  const shown = shownFrames(frames, { ...defaultLimits, ...form.limits });
  const { payloadBytes } = shown.limits;
  const messages = new HarMessages({ contents, payloadBytes, unitMs });
  const cuts = new Map([...shown.cuts.values()].flat().map((cut) => [cut.owner, cut]));
  const positions = positionsByOwner(transcript, shown);
  const endMs = wallTime(now()) - transcript.startedAt;
  const entries = connections.flatMap((connection, index) => {
    return withPositions(sessionsOf(connection, gaps), positions[index], transcript).map((session, number) => {
      return { ...session, cut: number === 0 ? cuts.get(index) : undefined };
    });
  });
  for (const [index, { cut, positions: own, record }] of entries.entries()) {
    const entry = harEntry({ connection: record, limits: { payloadBytes, maskText }, cut, endMs });
    const head = JSON.stringify(maskStrings({ ...entry, ...extra(record) }, maskText));
    out.text(`${before(index)}${head.slice(0, -1)},"_webSocketMessages":[`);
    yield* writeMessages(out, { frames, positions: own, opcodes, messages });
    yield out.text(`]}${after}`);
  }
}

interface EntryMessages {
  readonly frames: TranscriptFrames;
  readonly positions: readonly number[];
  readonly opcodes: ReadonlySet<Opcode>;
  readonly messages: HarMessages;
}

/** A function of its own, which the engine compiles once for HAR and for traces. */
function* writeMessages(out: JsonBytes, { frames, messages, opcodes, positions }: EntryMessages): Generator<void> {
  let separator = '';
  for (const position of positions) {
    const frame = frames.at(position);
    if (!opcodes.has(frame.opcode)) continue;
    out.text(separator);
    separator = ',';
    messages.write(frame, position, out);
    if (isChunk(out)) yield;
  }
}

/** The frames of each session of a connection. */
function withPositions(
  sessions: readonly Session[],
  positions: readonly number[],
  { frames }: Transcript,
): (Session & { readonly positions: readonly number[] })[] {
  if (sessions.length === 1) return [{ ...sessions[0], positions }];
  let from = 0;
  return sessions.map((session) => {
    const start = from;
    while (from < positions.length && frames.at(positions[from]).sequence < session.until) from += 1;
    return { ...session, positions: positions.slice(start, from) };
  });
}

function positionsByOwner({ connections, frames }: Transcript, { positions }: ShownFrames): number[][] {
  const lists: number[][] = connections.map(() => []);
  for (const position of positions) lists[frames.owner(position)].push(position);
  return lists;
}
