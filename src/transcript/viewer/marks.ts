import type { Conversation } from './conversation.ts';
import type { FrameLine, WaitLine } from './lines.ts';

/** What a wait says of a frame: that it claimed it, failed because of it, got it too late, or found it nearest. */
export interface Mark {
  readonly kind: 'claimed' | 'decided' | 'nearest' | 'late';
  readonly wait: WaitLine;
}

/** A sent frame and the reply to it that a wait claimed. */
export interface Answer {
  /** Sequence number of the other one. */
  readonly other: number;
  /** Milliseconds between the two. */
  readonly ms: number;
  /** Whether this frame is the reply. */
  readonly isReply: boolean;
}

/** The marks of frames by sequence number. */
export function marksOf(waits: readonly WaitLine[]): Map<number, Mark[]> {
  const marks = new Map<number, Mark[]>();
  const add = (sequence: number | undefined, mark: Mark): void => {
    if (sequence === undefined) return;
    const present = marks.get(sequence);
    if (present === undefined) marks.set(sequence, [mark]);
    else present.push(mark);
  };
  for (const wait of waits) {
    for (const sequence of wait.claimed) add(sequence, { kind: 'claimed', wait });
    add(wait.decidedBy, { kind: 'decided', wait });
    add(wait.late?.sequence, { kind: 'late', wait });
    if (wait.nearest !== wait.decidedBy) add(wait.nearest, { kind: 'nearest', wait });
  }
  return marks;
}

/**
 * The latencies: a claimed message answers the last data frame that its connection sent before the message came and
 * before the wait began. So replies to requests in flight at the same time go to their own requests. Where frames are
 * left out between the two, that one may be among them.
 */
export function answersOf(
  waits: readonly WaitLine[],
  { cuts, frames }: Pick<Conversation, 'cuts' | 'frames'>,
): Map<number, Answer> {
  const began = new Map<number, number>();
  for (const { claimed, startedMs } of waits) for (const sequence of claimed) began.set(sequence, startedMs);
  const answers = new Map<number, Answer>();
  const sent = new Map<string, FrameLine[]>();
  for (const frame of frames) {
    if (frame.opcode !== 'text' && frame.opcode !== 'binary') continue;
    if (frame.direction === 'sent') listOf(sent, frame.connection).push(frame);
    const startedMs = began.get(frame.sequence);
    if (frame.direction === 'sent' || startedMs === undefined) continue;
    const question = lastUntil(listOf(sent, frame.connection), Math.min(startedMs, frame.ms));
    if (question !== undefined && !isCutBetween(question, frame, cuts)) pair(answers, question, frame);
  }
  return answers;
}

/** Whether frames of their connection are left out between two of its frames. */
export function isCutBetween(first: FrameLine, second: FrameLine, cuts: Conversation['cuts']): boolean {
  const cut = cuts.get(second.connection);
  return cut !== undefined && first.sequence <= cut && second.sequence > cut;
}

function pair(answers: Map<number, Answer>, question: FrameLine, reply: FrameLine): void {
  const ms = reply.ms - question.ms;
  answers.set(reply.sequence, { other: question.sequence, ms, isReply: true });
  // The first claimed reply is the answer; a stream of messages after it is not.
  if (!answers.has(question.sequence)) {
    answers.set(question.sequence, { other: reply.sequence, ms, isReply: false });
  }
}

function lastUntil(frames: readonly FrameLine[], ms: number): FrameLine | undefined {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle].ms <= ms) low = middle + 1;
    else high = middle;
  }
  return frames[low - 1];
}

function listOf(lists: Map<string, FrameLine[]>, name: string): FrameLine[] {
  const present = lists.get(name);
  if (present !== undefined) return present;
  const created: FrameLine[] = [];
  lists.set(name, created);
  return created;
}
