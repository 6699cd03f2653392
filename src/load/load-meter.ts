import type { Connection } from '../connection/connection.ts';
import { connectionSamples, failedOpenings, type Sample } from '../metrics/measure.ts';
import { Measurements } from '../metrics/measurements.ts';
import type { ConnectionTrend } from '../metrics/metric-names.ts';
import { now } from '../support/clock.ts';
import { Timeline } from './timeline.ts';

/** What is known of a connection that was counted already. */
interface Counted {
  /** Tag of its samples: its name, without the user and without secrets. */
  readonly client: string;
  frames: number;
  /** Pings: an hour of `keepAlive` has so many that they are not looked at again each second. */
  pings: number;
  /** Other samples of each metric. */
  samples: ReadonlyMap<ConnectionTrend, number>;
}

/** Adds up what happens on the connections of a load run, so that nothing of them needs to be kept. */
export class LoadMeter {
  readonly measurements: Measurements = new Measurements();
  readonly timeline: Timeline = new Timeline();
  readonly startedAt: number = now();
  readonly #counted = new Map<Connection, Counted>();
  /** Open connections, and at most. */
  connections = { now: 0, most: 0 };
  /** Open connections that compress, at most. */
  compressed = { now: 0, most: 0 };
  /** Whether a user ever made a connection. */
  hasConnected = false;
  failedHandshakes = 0;
  abnormalCloses = 0;

  /** A connection was made: it is counted until it is dropped. */
  add(connection: Connection, client: string): void {
    this.hasConnected = true;
    this.#counted.set(connection, { client, frames: 0, pings: 0, samples: new Map() });
  }

  /** It was opened; that it closes is noticed here. */
  opened(connection: Connection): void {
    const isCompressed = connection.handshake?.extensions.includes('permessage-deflate') === true;
    this.#change(1, isCompressed);
    const closed = (): void => this.#change(-1, isCompressed);
    void connection.closed.then(closed, closed);
  }

  setUsers(count: number): void {
    this.measurements.total.setGauge('vus', count);
    this.timeline.setUsers(now() - this.startedAt, count);
  }

  /** The last user has left. The gauge keeps how many the profile wanted. */
  ended(): void {
    this.timeline.setUsers(now() - this.startedAt, 0);
    this.count();
  }

  /** Counts what came since the last time. */
  count(): void {
    for (const [connection, counted] of this.#counted) this.#countOne(connection, counted);
    this.measurements.duration = now() - this.startedAt;
  }

  /** A request was answered. */
  replied(connection: Connection, sample: Sample): void {
    const counted = this.#counted.get(connection);
    if (counted !== undefined) this.#addSample(sample, counted.client);
  }

  /** Counts the rest of connections that have ended, and forgets them. */
  drop(connections: readonly Connection[]): void {
    for (const connection of connections) {
      const counted = this.#counted.get(connection);
      this.#counted.delete(connection);
      if (counted === undefined) continue;
      this.#countOne(connection, counted);
      this.failedHandshakes += failedOpenings(connection).length;
      if (connection.openedAt !== undefined && !connection.closing.isOrderly) this.abnormalCloses += 1;
    }
  }

  #change(by: 1 | -1, isCompressed: boolean): void {
    this.connections = changed(this.connections, by);
    if (isCompressed) this.compressed = changed(this.compressed, by);
    this.timeline.setConnections(now() - this.startedAt, this.connections.now);
  }

  #countOne(connection: Connection, counted: Counted): void {
    const { client } = counted;
    counted.frames = this.timeline.countFrames(connection.log, counted.frames, {
      startedAt: this.startedAt,
      add: (name, count) => this.measurements.addCount(name, count, client),
    });
    const seen = new Map<ConnectionTrend, number>();
    for (const sample of connectionSamples(connection, counted.pings)) {
      const number = (seen.get(sample.metric) ?? 0) + 1;
      seen.set(sample.metric, number);
      const isNew = sample.metric === 'ws_ping' || number > (counted.samples.get(sample.metric) ?? 0);
      if (isNew) this.#addSample(sample, client);
    }
    counted.samples = seen;
    counted.pings = connection.ownPings.roundTrips.length;
  }

  #addSample({ metric, ms, time }: Sample, client: string): void {
    this.measurements.addTime(metric, ms, client);
    if (metric === 'ws_connecting') this.measurements.addCount('ws_sessions', 1, client);
    this.timeline.addTime(metric, time - this.startedAt, ms);
  }
}

function changed({ most, now: before }: { now: number; most: number }, by: number): { now: number; most: number } {
  return { now: before + by, most: Math.max(most, before + by) };
}
