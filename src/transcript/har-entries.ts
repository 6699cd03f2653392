import type { Opcode } from '../protocol/opcode.ts';
import { FrameContents } from './frame-contents.ts';
import { harEntry, HarMessages } from './har-entry.ts';
import type { JsonBytes } from './json-bytes.ts';
import { defaultLimits, type EvidenceLimits } from './limits.ts';
import { maskStrings, maskUrls, type MaskText } from './mask-text.ts';
import { ShownFrames } from './shown-frames.ts';
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
  /** Fields to add to the entry of a connection, by its place in the transcript. */
  readonly extra?: ((index: number) => object) | undefined;
  /** What stands before and behind an entry. */
  readonly before: (index: number) => string;
  readonly after: string;
}

/** Writes the entry of each connection, between what the document puts before and behind it; pauses after each message. */
export function* writeEntries(out: JsonBytes, transcript: Transcript, form: EntryForm): Generator<void> {
  const { connections, frames } = transcript;
  const { after, before, extra = () => ({}), maskText = maskUrls, opcodes, unitMs } = form;
  const { contents = new FrameContents(maskText, frames.length, { decodes: false }) } = form;
  const shown = new ShownFrames(frames, { ...defaultLimits, ...form.limits });
  const { payloadBytes } = shown.limits;
  const messages = new HarMessages({ contents, payloadBytes, unitMs });
  const cuts = new Map([...shown.cuts.values()].flat().map((cut) => [cut.owner, cut]));
  const positions = positionsByOwner(transcript, shown);
  const endMs = Date.now() - transcript.startedAt;
  for (const [index, connection] of connections.entries()) {
    const entry = harEntry({ connection, limits: { payloadBytes, maskText }, cut: cuts.get(index), endMs });
    const head = JSON.stringify(maskStrings({ ...entry, ...extra(index) }, maskText));
    out.text(`${before(index)}${head.slice(0, -1)},"_webSocketMessages":[`);
    let separator = '';
    for (const position of positions[index]) {
      const frame = frames.at(position);
      if (!opcodes.has(frame.opcode)) continue;
      out.text(separator);
      separator = ',';
      yield messages.write(frame, position, out);
    }
    yield out.text(`]}${after}`);
  }
}

function positionsByOwner({ connections, frames }: Transcript, { positions }: ShownFrames): number[][] {
  const lists: number[][] = connections.map(() => []);
  for (const position of positions) lists[frames.owner(position)].push(position);
  return lists;
}
