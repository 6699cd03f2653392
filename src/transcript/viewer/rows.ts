import type { ConnectionLine, CutLine, FrameLine, GapLine, RequestLine, WaitLine } from './lines.ts';

/** One row of the list: a frame, or an event between frames. */
export type Row = { readonly ms: number } & (
  | { readonly moment: 'frame'; readonly line: FrameLine }
  | { readonly moment: 'began' | 'gaveUp'; readonly line: WaitLine }
  | { readonly moment: 'request'; readonly line: RequestLine }
  | { readonly moment: 'connecting' | 'opened' | 'refused' | 'closed'; readonly line: ConnectionLine }
  | { readonly moment: 'lost' | 'reopened'; readonly line: GapLine }
  | { readonly moment: 'cut'; readonly line: CutLine }
);

/** What the list is made of. */
export interface RowSource {
  readonly frames: readonly FrameLine[];
  readonly connections: readonly ConnectionLine[];
  readonly waits: readonly WaitLine[];
  readonly requests: readonly RequestLine[];
  readonly gaps: readonly GapLine[];
  readonly cuts: readonly Row[];
  /** The end of the page's time, for waits that never ended. */
  readonly endMs: number;
}

/** Frames in their order with the events between them. Of waits only those that failed are events: others show as claims. */
export function orderRows(source: RowSource): Row[] {
  const events = eventsOf(source).sort((a, b) => a.ms - b.ms || ranks[a.moment] - ranks[b.moment]);
  const rows: Row[] = [];
  let next = 0;
  for (const frame of source.frames) {
    while (next < events.length && comesBefore(events[next], frame)) rows.push(events[next++]);
    rows.push({ moment: 'frame', ms: frame.ms, line: frame });
  }
  return [...rows, ...events.slice(next)];
}

/** The order of what happens in one microsecond; frames have 0. */
const ranks: Readonly<Record<Row['moment'], number>> = {
  request: -4,
  connecting: -3,
  opened: -2,
  reopened: -2,
  began: -1,
  frame: 0,
  cut: 1,
  gaveUp: 2,
  lost: 3,
  refused: 3,
  closed: 4,
};

function comesBefore(event: Row, frame: FrameLine): boolean {
  return event.ms < frame.ms || (event.ms === frame.ms && ranks[event.moment] < 0);
}

function eventsOf({ connections, cuts, endMs, gaps, requests, waits }: RowSource): Row[] {
  return [
    ...cuts,
    ...gaps.flatMap((line) => gapRows(line)),
    ...connections.flatMap((line) => connectionRows(line)),
    ...waits.filter(({ outcome }) => outcome !== 'passed').flatMap((line) => waitRows(line, endMs)),
    ...requests.map((line): Row => ({ moment: 'request', ms: line.startedMs, line })),
  ];
}

function connectionRows(line: ConnectionLine): Row[] {
  const { close, ms, openedMs } = line;
  const end: Row[] = close === undefined ? [] : [{ moment: 'closed', ms: close.ms, line }];
  if (openedMs !== undefined) return [{ moment: 'opened', ms: openedMs, line }, ...end];
  const duration = line.handshake?.duration;
  if (duration === undefined && close === undefined) return [{ moment: 'connecting', ms, line }];
  return [{ moment: 'refused', ms: close?.ms ?? ms + (duration ?? 0), line }];
}

/** A gap that was given up ends with its connection. */
function gapRows(line: GapLine): Row[] {
  const lost: Row = { moment: 'lost', ms: line.ms, line };
  return line.recovered && line.endedMs !== undefined ? [lost, { moment: 'reopened', ms: line.endedMs, line }] : [lost];
}

function waitRows(line: WaitLine, endMs: number): Row[] {
  return [
    { moment: 'began', ms: line.startedMs, line },
    { moment: 'gaveUp', ms: line.endedMs ?? endMs, line },
  ];
}
