import type { Opcode } from '../protocol/opcode.ts';
import { harEntry, harMessage } from './har-entry.ts';
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
}

/** What a document wants of the entries of its connections. */
export interface EntryForm extends HarOptions {
  /** Milliseconds in the unit of the messages' times: 1000 for seconds. */
  readonly unitMs: number;
  readonly opcodes: ReadonlySet<Opcode>;
  /** Fields to add to the entry of a connection, by its place in the transcript. */
  readonly extra?: ((index: number) => object) | undefined;
}

/** The entry of each connection as JSON, in parts, so that a large one is never in memory as a whole. */
export function* harEntries(transcript: Transcript, form: EntryForm): Generator<Generator<string>> {
  const { connections, frames } = transcript;
  const { extra = () => ({}), maskText = maskUrls, opcodes, unitMs } = form;
  const shown = new ShownFrames(frames, { ...defaultLimits, ...form.limits });
  const limits = { payloadBytes: shown.limits.payloadBytes, maskText };
  const cuts = new Map([...shown.cuts.values()].flat().map((cut) => [cut.owner, cut]));
  const positions = positionsByOwner(transcript, shown);
  const endMs = Date.now() - transcript.startedAt;
  for (const [index, connection] of connections.entries()) {
    const entry = harEntry({ connection, limits, cut: cuts.get(index), endMs });
    const head = JSON.stringify(maskStrings({ ...entry, ...extra(index) }, maskText));
    const messages = function* (): Generator<string> {
      for (const position of positions[index]) {
        const frame = frames.at(position);
        if (opcodes.has(frame.opcode)) yield JSON.stringify(harMessage(frame, limits, unitMs));
      }
    };
    yield withMessages(head, messages());
  }
}

function positionsByOwner({ connections, frames }: Transcript, { positions }: ShownFrames): number[][] {
  const lists: number[][] = connections.map(() => []);
  for (const position of positions) lists[frames.owner(position)].push(position);
  return lists;
}

function* withMessages(head: string, messages: Iterable<string>): Generator<string> {
  yield `${head.slice(0, -1)},"_webSocketMessages":[`;
  let separator = '';
  for (const message of messages) {
    yield separator + message;
    separator = ',';
  }
  yield ']}';
}
