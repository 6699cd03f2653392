import type { FrameLog } from '../frames/frame-log.ts';
import { countFrames } from '../metrics/measure.ts';
import type { ConnectionTrend, CounterName } from '../metrics/metric-names.ts';
import { Trend } from '../metrics/trend.ts';

/** A number that goes up and down: the most of a span, and its last. */
export interface Level {
  readonly most: number;
  readonly last: number;
}

/** What happened in one span of a run. */
export interface Moment {
  sent: number;
  received: number;
  /** `undefined` when nothing changed. */
  connections: Level | undefined;
  users: Level | undefined;
  readonly connecting: Trend;
  readonly response: Trend;
}

/** The first span: a run of a second has a chart too. */
const firstStepMs = 100;
/** So many spans are kept: two become one when a run is longer. */
const mostMoments = 240;

/** A load run over time, in spans of equal length. */
export class Timeline {
  #moments: Moment[] = [];
  #stepMs = firstStepMs;

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** Milliseconds of a span. */
  get stepMs(): number {
    return this.#stepMs;
  }

  setConnections(elapsed: number, count: number): void {
    const moment = this.#at(elapsed);
    moment.connections = later(moment.connections, { most: count, last: count });
  }

  setUsers(elapsed: number, count: number): void {
    const moment = this.#at(elapsed);
    moment.users = later(moment.users, { most: count, last: count });
  }

  addTime(metric: ConnectionTrend, elapsed: number, ms: number): void {
    if (metric === 'ws_connecting') this.#at(elapsed).connecting.add(ms);
    if (metric === 'ws_response_time') this.#at(elapsed).response.add(ms);
  }

  /** Counts the data frames from an index on, each in its span. Returns the index of the next one. */
  countFrames(log: FrameLog, from: number, { add, startedAt }: FrameCounter): number {
    for (let index = from; index < log.length; index++) {
      const opcode = log.opcode(index);
      if (opcode === 'text' || opcode === 'binary') {
        this.#at(log.monotonicTime(index) - startedAt)[log.direction(index)] += 1;
      }
    }
    return countFrames({ log }, from, add);
  }

  #at(elapsed: number): Moment {
    let index = Math.max(0, Math.floor(elapsed / this.#stepMs));
    while (index >= mostMoments) {
      this.#halve();
      index = Math.floor(elapsed / this.#stepMs);
    }
    while (this.#moments.length <= index) this.#moments.push(createMoment());
    return this.#moments[index];
  }

  #halve(): void {
    this.#stepMs *= 2;
    const halves: Moment[] = [];
    for (let index = 0; index < this.#moments.length; index += 2) {
      halves.push(joined(this.#moments[index], this.#moments[index + 1] ?? createMoment()));
    }
    this.#moments = halves;
  }
}

interface FrameCounter {
  /** Monotonic milliseconds of the run's begin. */
  readonly startedAt: number;
  readonly add: (name: CounterName, count: number) => void;
}

function createMoment(): Moment {
  return {
    sent: 0,
    received: 0,
    connections: undefined,
    users: undefined,
    connecting: new Trend(),
    response: new Trend(),
  };
}

function joined(a: Moment, b: Moment): Moment {
  a.connecting.merge(b.connecting);
  a.response.merge(b.response);
  return {
    ...a,
    sent: a.sent + b.sent,
    received: a.received + b.received,
    connections: later(a.connections, b.connections),
    users: later(a.users, b.users),
  };
}

function later(before: Level | undefined, after: Level | undefined): Level | undefined {
  if (before === undefined || after === undefined) return before ?? after;
  return { most: Math.max(before.most, after.most), last: after.last };
}
