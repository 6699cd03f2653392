import { button, h, part, svg } from './dom.ts';
import { plural } from './format.ts';
import type { ConnectionLine, FrameLine, Line } from './lines.ts';
import type { State, Store } from './store.ts';
import { drawConnectionLane, drawRequestLane } from './timeline-lanes.ts';
import { createScale, momentAt, tickLabel, ticksOf, type TimeScale, toX } from './timeline-scale.ts';

/** Lanes that are drawn; the list has all connections. */
const shownLanes = 40;
/** Pixels that a pointer moves before a click becomes a choice of time. */
const dragThreshold = 5;
/** Pixels: half of the longest label of the axis, `1 000 ms`. */
const labelRoom = 25;
/** Stands for the lane of HTTP requests; the others have the index of their connection. */
const requestLane = -1;

/** The time axis over connections, waits and HTTP requests. A click selects the nearest, a drag chooses a time. */
export class Timeline {
  readonly #store: Store;
  readonly #element: HTMLElement = part('timeline');
  readonly #head: HTMLElement = h('div', { class: 'line', hidden: true });
  readonly #brush: HTMLElement = h('div', { class: 'brush', hidden: true });
  readonly #framesOf: ReadonlyMap<string, readonly FrameLine[]>;
  #scale: TimeScale = createScale(0, 1, 1);
  #drawnWidth = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#framesOf = framesByConnection(store.conversation.frames);
    this.#element.addEventListener('pointerdown', (event) => this.#startDrag(event));
    store.subscribe((state, before) => {
      if (state.filter.range !== before.filter.range) this.#draw(true);
      this.#placeHead(state);
    });
  }

  /** Draws the axis, and again when the room for it changes. */
  start(): void {
    new ResizeObserver(() => this.#draw(false)).observe(this.#element);
  }

  #draw(isForced: boolean): void {
    const width = this.#element.clientWidth - this.#namesWidth();
    if (width <= 0 || (width === this.#drawnWidth && !isForced)) return;
    this.#drawnWidth = width;
    const { conversation, state } = this.#store;
    const { fromMs, toMs } = state.filter.range ?? { fromMs: conversation.startMs, toMs: conversation.endMs };
    this.#scale = createScale(fromMs, toMs, width);
    const lanes = conversation.connections.slice(0, shownLanes).map((connection) => this.#connectionLane(connection));
    const left = conversation.connections.length - lanes.length;
    const more = left > 0 ? [h('p', { class: 'quiet' }, [`${plural(left, 'more connection')} in the list`])] : [];
    this.#element.replaceChildren(this.#axis(), this.#requestLane(), ...lanes, ...more, this.#head, this.#brush);
    this.#placeHead(state);
  }

  /** As in `page.css`: the column of names. */
  #namesWidth(): number {
    return Number.parseFloat(getComputedStyle(this.#element).getPropertyValue('--names-width')) || 0;
  }

  #axis(): HTMLElement {
    const size = { width: this.#scale.width, height: 18, 'aria-hidden': 'true' };
    const marks = ticksOf(this.#scale).flatMap((tick) => {
      const x = toX(this.#scale, tick);
      // The last one would stand half outside.
      const isLast = x > this.#scale.width - labelRoom;
      const place = isLast ? { x: this.#scale.width - 2, 'text-anchor': 'end' } : { x, 'text-anchor': 'middle' };
      return [svg('path', { d: `M${x} 13v5` }), svg('text', { ...place, y: 10 }, [tickLabel(tick)])];
    });
    return h('div', { class: 'lane is-axis' }, [h('span'), svg('svg', size, marks)]);
  }

  #requestLane(): HTMLElement {
    const { endMs, requests, transcript } = this.#store.conversation;
    const name = h('span', { class: 'lane-name' }, ['HTTP']);
    if (requests.length > 0) {
      return h('div', { class: 'lane', 'data-lane': requestLane }, [
        name,
        drawRequestLane(requests, this.#scale, endMs),
      ]);
    }
    const none =
      (transcript?.requests ?? 0) === 0
        ? 'No HTTP requests were seen: the test did not use `request`'
        : 'HTTP requests are left out of this page';
    return h('div', { class: 'lane is-empty' }, [name, h('span', { class: 'quiet' }, [none])]);
  }

  #connectionLane(connection: ConnectionLine): HTMLElement {
    const { conversation } = this.#store;
    const frames = this.#framesOf.get(connection.name) ?? [];
    const name = button(connection.name, () => this.#store.select(connection), {
      class: 'lane-name',
      title: connection.url,
    });
    const lane = conversation.connections.indexOf(connection);
    const drawing = drawConnectionLane({ connection, frames }, this.#scale, conversation);
    return h('div', { class: 'lane', 'data-lane': lane }, [name, drawing]);
  }

  #placeHead({ selected }: State): void {
    const ms = selected === undefined ? undefined : momentOf(selected);
    const x = ms === undefined ? -1 : toX(this.#scale, ms);
    this.#head.hidden = x < 0 || x > this.#scale.width;
    this.#head.style.left = `${this.#namesWidth() + x}px`;
  }

  #startDrag(down: PointerEvent): void {
    const { target } = down;
    if (down.button !== 0 || !(target instanceof SVGElement)) return;
    const from = this.#xOf(down);
    const ends = new AbortController();
    const move = (event: PointerEvent): void => this.#placeBrush(from, this.#xOf(event));
    const up = (event: PointerEvent): void => {
      ends.abort();
      this.#brush.hidden = true;
      this.#endDrag(from, this.#xOf(event), target);
    };
    addEventListener('pointermove', move, { signal: ends.signal });
    addEventListener('pointerup', up, { signal: ends.signal });
    addEventListener('pointercancel', () => ends.abort(), { signal: ends.signal });
  }

  #placeBrush(from: number, to: number): void {
    this.#brush.hidden = Math.abs(to - from) < dragThreshold;
    this.#brush.style.left = `${this.#namesWidth() + Math.min(from, to)}px`;
    this.#brush.style.width = `${Math.abs(to - from)}px`;
  }

  #endDrag(from: number, to: number, target: Element): void {
    if (Math.abs(to - from) >= dragThreshold) {
      const fromMs = momentAt(this.#scale, Math.min(from, to));
      return this.#store.filter({ range: { fromMs, toMs: momentAt(this.#scale, Math.max(from, to)) } });
    }
    const lane = target.closest('[data-lane]')?.getAttribute('data-lane');
    if (lane !== null && lane !== undefined) this.#selectNearest(Number(lane), momentAt(this.#scale, to));
  }

  #selectNearest(lane: number, ms: number): void {
    const { connections, requests } = this.#store.conversation;
    if (lane === requestLane) {
      return this.#store.select(nearest(requests, (request) => Math.abs(request.startedMs - ms)));
    }
    const frames = this.#framesOf.get(connections[lane].name) ?? [];
    this.#store.select(nearest(frames, (frame) => Math.abs(frame.ms - ms)) ?? connections[lane]);
  }

  #xOf(event: PointerEvent): number {
    const x = event.clientX - this.#element.getBoundingClientRect().left - this.#namesWidth();
    return Math.min(Math.max(x, 0), this.#scale.width);
  }
}

/** Where a line is on the axis. */
function momentOf(line: Line): number | undefined {
  if ('startedMs' in line) return 'endedMs' in line ? line.endedMs : line.startedMs;
  return 'ms' in line ? line.ms : undefined;
}

function framesByConnection(frames: readonly FrameLine[]): Map<string, FrameLine[]> {
  const lists = new Map<string, FrameLine[]>();
  for (const frame of frames) {
    const list = lists.get(frame.connection);
    if (list === undefined) lists.set(frame.connection, [frame]);
    else list.push(frame);
  }
  return lists;
}

function nearest<T>(lines: readonly T[], distanceOf: (line: T) => number): T | undefined {
  let found: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const distance = distanceOf(line);
    if (distance >= least) continue;
    least = distance;
    found = line;
  }
  return found;
}
