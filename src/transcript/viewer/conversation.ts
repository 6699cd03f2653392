import type {
  ConnectionLine,
  CutLine,
  FindingLine,
  FrameLine,
  GapLine,
  Line,
  RequestLine,
  TranscriptLine,
  WaitLine,
} from './lines.ts';
import { answersOf, marksOf, type Answer, type Mark } from './marks.ts';
import { orderRows, type Row } from './rows.ts';

/** Everything that a page shows, read once. */
export interface Conversation {
  readonly transcript: TranscriptLine | undefined;
  readonly connections: readonly ConnectionLine[];
  readonly frames: readonly FrameLine[];
  readonly waits: readonly WaitLine[];
  readonly requests: readonly RequestLine[];
  /** Times without a connection. */
  readonly gaps: readonly GapLine[];
  /** Of connections with frames that are left out: the sequence number of the last frame before them. */
  readonly cuts: ReadonlyMap<string, number>;
  /** Findings, then notes. */
  readonly findings: readonly FindingLine[];
  /** Frames and events in their order. */
  readonly rows: readonly Row[];
  /** What waits say of a frame, by its sequence number. */
  readonly marks: ReadonlyMap<number, readonly Mark[]>;
  /** What a frame answers, or is answered by; by its sequence number. */
  readonly answers: ReadonlyMap<number, Answer>;
  /** Moments of the first and the last event. */
  readonly startMs: number;
  readonly endMs: number;
}

/** Whether a wait got what it waited for. */
export function hasPassed(wait: WaitLine): boolean {
  return wait.outcome === 'passed';
}

/** Position of a frame among all; -1 when it is none of them. Frames are in the order of their sequence numbers. */
export function positionOf(frames: readonly FrameLine[], sequence: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle].sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return frames[low]?.sequence === sequence ? low : -1;
}

/** The frame of a sequence number; `undefined` when the page leaves it out. */
export function frameOf(sequence: number, { frames }: Conversation): FrameLine | undefined {
  return frames[positionOf(frames, sequence)];
}

/** Takes the lines of a transcript as they come. */
export class ConversationReader {
  #transcript: TranscriptLine | undefined;
  readonly #connections: ConnectionLine[] = [];
  readonly #frames: FrameLine[] = [];
  readonly #waits: WaitLine[] = [];
  readonly #requests: RequestLine[] = [];
  readonly #findings: FindingLine[] = [];
  readonly #gaps: GapLine[] = [];
  readonly #cutRows: Row[] = [];
  readonly #cuts = new Map<string, number>();

  add(line: Line): void {
    switch (line.type) {
      case 'frame':
        this.#frames.push(line);
        break;
      case 'transcript':
        this.#transcript = line;
        break;
      case 'connection':
        this.#connections.push(line);
        break;
      case 'cut':
        this.#addCut(line);
        break;
      case 'gap':
        this.#gaps.push(line);
        break;
      case 'wait':
        this.#waits.push(line);
        break;
      case 'request':
        this.#requests.push(line);
        break;
      case 'finding':
      case 'note':
        this.#findings.push(line);
        break;
      default:
        break;
    }
  }

  finish(): Conversation {
    const [connections, frames, waits] = [this.#connections, this.#frames, this.#waits];
    const requests = this.#requests;
    const moments = momentsOf(connections, waits, requests);
    const endOfGaps = this.#gaps.map(({ endedMs, ms }) => endedMs ?? ms);
    // Not spread into Math.max: there may be more of them than a call takes.
    const endMs = [frames.at(-1)?.ms ?? 0, ...endOfGaps, ...moments].reduce((last, ms) => Math.max(last, ms), 0);
    return {
      transcript: this.#transcript,
      connections,
      frames,
      waits,
      requests,
      gaps: this.#gaps,
      findings: this.#findings,
      cuts: this.#cuts,
      rows: orderRows({ frames, connections, waits, requests, gaps: this.#gaps, cuts: this.#cutRows, endMs }),
      marks: marksOf(waits),
      answers: answersOf(waits, { frames, cuts: this.#cuts }),
      startMs: requests.reduce((first, { startedMs }) => Math.min(first, startedMs), 0),
      endMs,
    };
  }

  /** It stands right behind the frame before it. */
  #addCut(line: CutLine): void {
    const before = this.#frames.at(-1);
    this.#cutRows.push({ moment: 'cut', ms: before?.ms ?? 0, line });
    this.#cuts.set(line.connection, before?.sequence ?? 0);
  }
}

function momentsOf(
  connections: readonly ConnectionLine[],
  waits: readonly WaitLine[],
  requests: readonly RequestLine[],
): number[] {
  const ofConnections = connections.flatMap(({ close, ms, openedMs }) => [ms, openedMs ?? ms, close?.ms ?? ms]);
  const spans = [...waits, ...requests].map(({ endedMs, startedMs }) => endedMs ?? startedMs);
  // Reduced: a load test has more waits than a call has room for arguments.
  return [...ofConnections, [...spans].reduce((last, ms) => Math.max(last, ms), 0)];
}
