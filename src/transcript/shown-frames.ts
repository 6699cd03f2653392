import type { EvidenceLimits } from './limits.ts';
import type { TranscriptFrames } from './transcript-frames.ts';

/** Frames of one connection that are left out. */
export interface FrameCut {
  /** Position of the connection in the transcript. */
  readonly owner: number;
  frames: number;
  /** Bytes of their payloads. */
  bytes: number;
}

/** The frames of a transcript that are written: of each connection its first and its last ones. */
export class ShownFrames {
  /** Positions in the transcript, rising. */
  readonly positions: Uint32Array;
  /** What is missing, by the position before which it would stand; at the end by the number of frames. */
  readonly cuts: ReadonlyMap<number, readonly FrameCut[]>;
  /** The limits as they are applied: lowered until the whole fits. */
  readonly limits: EvidenceLimits;

  constructor(frames: TranscriptFrames, wanted: EvidenceLimits) {
    const { counts } = frames;
    const ends = fittingEnds(counts, wanted);
    const { cuts, positions } = choose(frames, counts, ends);
    this.positions = positions;
    this.cuts = cuts;
    this.limits = { ...wanted, ...ends, payloadBytes: fittingPayload(frames, positions, wanted) };
  }

  /** What is missing right before the frame at a position. */
  cutsBefore(position: number): readonly FrameCut[] {
    return this.cuts.get(position) ?? none;
  }
}

const none: readonly FrameCut[] = [];

/** The same object for all formats with the same limits: to choose among 100,000 frames takes milliseconds. */
export function shownFrames(frames: TranscriptFrames, limits: EvidenceLimits): ShownFrames {
  const ofFrames = chosen.get(frames) ?? new Map<string, ShownFrames>();
  chosen.set(frames, ofFrames);
  const key = JSON.stringify(limits);
  const shown = ofFrames.get(key) ?? new ShownFrames(frames, limits);
  ofFrames.set(key, shown);
  return shown;
}

const chosen = new WeakMap<TranscriptFrames, Map<string, ShownFrames>>();

type Ends = Pick<EvidenceLimits, 'headFrames' | 'tailFrames'>;

/** A busy connection gives way, a quiet one stays whole: all are cut to the same number. */
function fittingEnds(counts: Uint32Array, { headFrames, tailFrames, totalFrames }: EvidenceLimits): Ends {
  let ends = { headFrames, tailFrames };
  while (ends.headFrames + ends.tailFrames > 0 && totalOf(counts, ends) > totalFrames) {
    ends = { headFrames: Math.floor(ends.headFrames / 2), tailFrames: Math.floor(ends.tailFrames / 2) };
  }
  return ends;
}

function totalOf(counts: Uint32Array, { headFrames, tailFrames }: Ends): number {
  return counts.reduce((sum, count) => sum + Math.min(count, headFrames + tailFrames), 0);
}

function choose(frames: TranscriptFrames, counts: Uint32Array, ends: Ends): Pick<ShownFrames, 'positions' | 'cuts'> {
  const positions = new Uint32Array(totalOf(counts, ends));
  if (positions.length === frames.length) return { positions: positions.map((_, index) => index), cuts: new Map() };
  const seen = new Uint32Array(counts.length);
  const open = new Map<number, FrameCut>();
  const cuts = new Map<number, FrameCut[]>();
  let used = 0;
  for (let position = 0; position < frames.length; position++) {
    const owner = frames.owner(position);
    const place = seen[owner]++;
    if (place >= ends.headFrames && place < counts[owner] - ends.tailFrames) {
      addTo(open, owner, frames.size(position));
      continue;
    }
    const cut = open.get(owner);
    if (cut !== undefined) cuts.set(position, [cut]);
    open.delete(owner);
    positions[used++] = position;
  }
  if (open.size > 0) cuts.set(frames.length, [...open.values()]);
  return { positions, cuts };
}

function addTo(open: Map<number, FrameCut>, owner: number, bytes: number): void {
  const cut = open.get(owner) ?? { owner, frames: 0, bytes: 0 };
  cut.frames += 1;
  cut.bytes += bytes;
  open.set(owner, cut);
}

/** The limit of a payload at which all that are written stay within their total: all are cut alike. */
function fittingPayload(frames: TranscriptFrames, positions: Uint32Array, wanted: EvidenceLimits): number {
  let limit = wanted.payloadBytes;
  while (limit > 0 && writtenBytes(frames, positions, limit) > wanted.totalBytes) limit = Math.floor(limit / 2);
  return limit;
}

function writtenBytes(frames: TranscriptFrames, positions: Uint32Array, limit: number): number {
  let bytes = 0;
  for (const position of positions) bytes += Math.min(limit, frames.size(position));
  return bytes;
}
