import { type Conversation, hasPassed } from './conversation.ts';
import { svg } from './dom.ts';
import { plural } from './format.ts';
import type { ConnectionLine, FrameLine, GapLine, RequestLine, WaitLine } from './lines.ts';
import { type TimeScale, toX } from './timeline-scale.ts';
import {
  describeAnswer,
  describeClose,
  describeEnd,
  describeGapEnd,
  describeOutcome,
  describeRequest,
} from './words.ts';

/** Height of a lane's drawing: frames around the middle, waits below. */
export const laneHeight = 34;
const middle = 13;
const tickHeight = 10;
const waitTop = 27;
/** Waits or requests of one lane that are drawn one by one; a load test has more than a screen has pixels. */
const shownSpans = 1000;

/** Draws the frames, the opening handshake, the end and the waits of a connection. */
export function drawConnectionLane(
  { connection, frames }: { readonly connection: ConnectionLine; readonly frames: readonly FrameLine[] },
  scale: TimeScale,
  { endMs, gaps, marks, waits }: Conversation,
): SVGSVGElement {
  const { close } = connection;
  const lost = gaps.filter((gap) => gap.connection === connection.name).slice(0, shownSpans);
  const end = close?.ms ?? endMs;
  const marked = frames.filter(({ sequence }) => marks.get(sequence)?.some(({ kind }) => kind !== 'claimed') === true);
  const own = waits.filter(({ connections }) => connections.includes(connection.name));
  return drawLane(scale, describeLane(connection, frames), [
    ...openingBars(connection, scale, end),
    ...lost.map((gap) => gapBar(gap, scale, end)),
    svg('path', { class: 'sent', d: tickPath(frames, 'sent', scale) }),
    svg('path', { class: 'received', d: tickPath(frames, 'received', scale) }),
    ...marked.slice(0, shownSpans).map((frame) => dot(frame, scale)),
    ...(close === undefined ? [] : [endMark(connection, close.ms, scale)]),
    ...own.slice(0, shownSpans).map((wait) => waitBar(wait, scale, endMs)),
  ]);
}

export function drawRequestLane(requests: readonly RequestLine[], scale: TimeScale, endMs: number): SVGSVGElement {
  const bars = requests.slice(0, shownSpans).map((line) => {
    const isBad = line.status === undefined || line.status >= 400;
    const shape = { class: isBad ? 'request is-bad' : 'request', from: line.startedMs, to: line.endedMs ?? endMs };
    return bar(scale, { ...shape, y: 6, height: 14, title: describeRequest(line) });
  });
  return drawLane(scale, plural(requests.length, 'HTTP request'), bars);
}

/** The opening handshake, and the time after it; an opening handshake that failed is bad as a whole. */
function openingBars(connection: ConnectionLine, scale: TimeScale, end: number): SVGElement[] {
  const { handshake, ms, openedMs } = connection;
  if (openedMs === undefined) {
    const to = handshake === undefined ? end : ms + handshake.duration;
    return [bar(scale, { class: 'is-bad', from: ms, to, y: middle - 4, height: 8, title: describeAnswer(connection) })];
  }
  return [
    bar(scale, { class: 'opening', from: ms, to: openedMs, y: middle - 1, height: 2 }),
    bar(scale, { class: 'open', from: openedMs, to: end, y: middle - 2, height: 4 }),
  ];
}

/** Over the bar of the open connection: there was none. */
function gapBar(gap: GapLine, scale: TimeScale, end: number): SVGElement {
  const title = `Lost: ${describeClose(gap.close)}; ${describeGapEnd(gap)}`;
  const kind = gap.recovered ? 'lost' : 'lost is-bad';
  return bar(scale, { class: kind, from: gap.ms, to: gap.endedMs ?? end, y: middle - 4, height: 8, title });
}

function drawLane(scale: TimeScale, label: string, children: readonly SVGElement[]): SVGSVGElement {
  const size = { width: scale.width, height: laneHeight, viewBox: `0 0 ${scale.width} ${laneHeight}` };
  return svg('svg', { ...size, role: 'img', 'aria-label': label }, children);
}

function describeLane(connection: ConnectionLine, frames: readonly FrameLine[]): string {
  const sent = frames.reduce((count, { direction }) => count + (direction === 'sent' ? 1 : 0), 0);
  return `${connection.name}: ${sent} sent, ${frames.length - sent} received, ${describeEnd(connection)}`;
}

/** One stroke a pixel, however many frames are in it. */
function tickPath(frames: readonly FrameLine[], direction: FrameLine['direction'], scale: TimeScale): string {
  const stroke = direction === 'sent' ? `${middle - 1}v-${tickHeight}` : `${middle + 1}v${tickHeight}`;
  let path = '';
  let last = Number.NEGATIVE_INFINITY;
  for (const frame of frames) {
    if (frame.direction !== direction) continue;
    const x = Math.floor(toX(scale, frame.ms)) + 0.5;
    if (x === last || x < 0 || x > scale.width) continue;
    path += `M${x} ${stroke}`;
    last = x;
  }
  return path;
}

interface Bar {
  readonly class: string;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly height: number;
  readonly title?: string;
}

function bar(scale: TimeScale, { class: kind, from, height, title, to, y }: Bar): SVGElement {
  const x = toX(scale, from);
  // Wide enough to be seen and met by a pointer.
  const width = Math.max(3, toX(scale, to) - x);
  const text = title === undefined ? [] : [svg('title', {}, [title])];
  return svg('rect', { class: kind, x, y, width, height, rx: 1 }, text);
}

function dot({ ms }: FrameLine, scale: TimeScale): SVGElement {
  return svg('circle', { class: 'marked', cx: toX(scale, ms), cy: middle, r: 3.5 });
}

function endMark(connection: ConnectionLine, ms: number, scale: TimeScale): SVGElement {
  const kind = connection.close?.wasClean === true ? 'end' : 'end is-bad';
  const mark = { class: kind, x: toX(scale, ms) - 2, y: middle - 5, width: 4, height: 10 };
  return svg('rect', mark, [svg('title', {}, [describeEnd(connection)])]);
}

function waitBar(wait: WaitLine, scale: TimeScale, endMs: number): SVGElement {
  const title = `${wait.method}, ${wait.location}: ${describeOutcome(wait)}`;
  const shape = { from: wait.startedMs, to: wait.endedMs ?? endMs, y: waitTop, height: 5, title };
  return bar(scale, { class: hasPassed(wait) ? 'wait' : 'wait is-bad', ...shape });
}
