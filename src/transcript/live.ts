import type { Connection } from '../connection/connection.ts';
import type { Gap } from '../connection/gap.ts';
import { describeConnection } from './connection-record.ts';
import { FrameContents } from './frame-contents.ts';
import { FrameLines } from './frame-lines.ts';
import { JsonBytes } from './json-bytes.ts';
import { describeGap } from './gap-record.ts';
import { connectionLine, gapLine } from './jsonl.ts';
import { maskStrings } from './mask-text.ts';
import type { PayloadLimits } from './payload-fields.ts';
import { firstAfter, TranscriptFrames } from './transcript-frames.ts';

/** Some lines, each with its end, and how many of them are frames. */
export interface LiveLines {
  readonly text: string;
  readonly frames: number;
}

/** Bytes: some lines of frames. */
const usualText = 4096;

/** Connections that still go on, as lines of `websocket.jsonl` that grow with them. */
export class LiveTranscript {
  readonly #limits: PayloadLimits;
  readonly #connections = new Set<Connection>();
  readonly #changed = new Set<Connection>();
  /** The line that was written last about each connection and each gap of it. */
  readonly #known = new Map<Connection | Gap, string>();
  readonly #facts = new Map<Connection, readonly unknown[]>();
  readonly #out = new JsonBytes(usualText);
  #startedAt = 0;
  /** Sequence number of the last frame that was taken. */
  #last = 0;
  /** Sequence number of the last frame that `tail` never takes again. */
  #headEnd = 0;

  constructor(limits: PayloadLimits) {
    this.#limits = limits;
  }

  /** @param after Sequence number up to which its frames belong to earlier tests. */
  add(connection: Connection, after = 0): void {
    if (this.#connections.size === 0) this.#startedAt = connection.createdAt;
    this.#last = Math.max(this.#last, after);
    this.#connections.add(connection);
    this.changed(connection);
  }

  changed(connection: Connection): void {
    this.#changed.add(connection);
  }

  /** Looks at all connections the next time: a handler that ends the process runs before its frame is told of. */
  allChanged(): void {
    for (const connection of this.#connections) this.#changed.add(connection);
  }

  /** Frames that came since the last time. */
  get waiting(): number {
    let frames = 0;
    for (const { log } of this.#changed) frames += log.length - firstAfter(log, this.#last);
    return frames;
  }

  /** What came since the last time; of frames at most that many, the others stay. */
  take(most: number = Number.POSITIVE_INFINITY): LiveLines {
    const frames = this.#framesAfter(this.#last, [...this.#changed]);
    const count = Math.min(frames.length, most);
    const text = this.#news() + this.#lines(frames, 0, count);
    if (count === frames.length) this.#changed.clear();
    return { text, frames: count };
  }

  /** Ends the part that stays as it is: `tail` begins behind what was taken so far. */
  endHead(): void {
    this.#headEnd = this.#last;
  }

  /** What stands in place of all lines behind the head: the last frames, and how many were left out. */
  tail(count: number): LiveLines {
    this.#news();
    this.#changed.clear();
    const frames = this.#framesAfter(this.#headEnd, [...this.#connections]);
    const from = Math.max(0, frames.length - count);
    let bytes = 0;
    for (let position = 0; position < from; position++) bytes += frames.size(position);
    const cut = `${JSON.stringify({ type: 'cut', frames: from, bytes })}\n`;
    const text = [...this.#known.values()].join('') + cut + this.#lines(frames, from, frames.length);
    return { text, frames: frames.length - from };
  }

  /** Lines of connections that tell something new. */
  #news(): string {
    let news = '';
    const tell = (about: Connection | Gap, fields: object): void => {
      const line = `${JSON.stringify(maskStrings(fields, this.#limits.maskText))}\n`;
      if (this.#known.get(about) !== line) news += line;
      this.#known.set(about, line);
    };
    for (const connection of this.#changed) {
      if (!this.#isNews(connection)) continue;
      tell(connection, connectionLine(describeConnection(connection, this.#startedAt), this.#limits));
      for (const gap of connection.reconnection?.gaps ?? []) {
        tell(gap, gapLine(describeGap(connection, gap, this.#startedAt), this.#limits));
      }
    }
    return news;
  }

  /** Whether what its lines are made of has changed; most changes of a connection are frames. */
  #isNews(connection: Connection): boolean {
    const { closeInfo, failure, handshake, reconnection } = connection;
    const gaps = reconnection?.gaps.flatMap((gap) => [gap, gap.endedAt, ...gap.attempts.map(({ endedAt }) => endedAt)]);
    const facts = [handshake, failure, closeInfo, ...(gaps ?? [])];
    const known = this.#facts.get(connection);
    this.#facts.set(connection, facts);
    return known?.length !== facts.length || facts.some((fact, index) => fact !== known[index]);
  }

  #framesAfter(after: number, connections: readonly Connection[]): TranscriptFrames {
    return new TranscriptFrames(connections, { after, startedAt: this.#startedAt, withClaims: false });
  }

  #lines(frames: TranscriptFrames, from: number, to: number): string {
    // New at each write: what is masked grows with what is known. The user's codec is not run while the test runs.
    const contents = new FrameContents(this.#limits.maskText, frames.length, { decodes: false });
    const writer = new FrameLines(contents, this.#limits.payloadBytes);
    for (let position = from; position < to; position++) {
      const frame = frames.at(position);
      this.#last = frame.sequence;
      writer.write(frame, position, this.#out);
    }
    return this.#out.lend().toString();
  }
}
