import { isUtf8 } from 'node:buffer';
import { previewPayload } from '../explain/preview.ts';
import { describeLocation } from '../support/call-site.ts';
import type { CloseInfo } from '../support/errors.ts';
import type { ClaimQueue, Claimer } from './claim-queue.ts';
import type { Connection } from './connection.ts';
import type { ControlFrame } from './control-frame.ts';
import type { WaitSubject } from './wait-record.ts';
import type { Wait, Watch } from './waits.ts';

export interface ControlWatchOptions {
  readonly opcode: 'ping' | 'pong';
  /** The payload; `undefined` for any. */
  readonly payload: Buffer | undefined;
  /** Whether such a frame is unwanted until the deadline, instead of wanted. */
  readonly isUnwanted: boolean;
}

/** Waits for a ping or pong on each of its connections, and claims them; or for none until the deadline. */
export class ControlWatch implements Watch {
  readonly subject: WaitSubject;
  readonly #options: ControlWatchOptions;
  readonly #held = new Map<Connection, ControlFrame>();
  #quietFor = 0;
  readonly #claimers = new Map<Connection, Claimer<ControlFrame>>();

  constructor(options: ControlWatchOptions) {
    this.#options = options;
    const { isUnwanted, opcode } = options;
    this.subject = {
      expected: () =>
        `${isUnwanted ? 'no' : 'a'} ${opcode}${describePayload(options.payload)}${isUnwanted ? ` for ${this.#quietFor}ms` : ''}`,
      received: (connection) => this.#describeReceived(connection),
      failing: () => [...this.#claimers.keys()].filter((connection) => !this.#held.has(connection)),
    };
  }

  start(wait: Wait): void {
    this.#quietFor = wait.record.timeout;
    for (const connection of wait.record.connections) {
      if (connection.gap !== undefined) this.lost(wait, connection, connection.gap.closeInfo);
      if (!wait.isPending) return;
      const queue = this.#queue(connection);
      const claimer = this.#claimer(wait, connection);
      this.#claimers.set(connection, claimer);
      claimer.returned([...queue.free()]);
      if (!wait.isPending) return;
      queue.register(claimer);
    }
  }

  stop(wait: Wait): void {
    for (const [connection, claimer] of this.#claimers) this.#queue(connection).unregister(claimer);
    if (wait.record.outcome?.kind === 'passed') return;
    for (const [connection, claimer] of this.#claimers) {
      const held = this.#held.get(connection);
      if (held !== undefined) this.#queue(connection).giveBack([held], claimer);
    }
  }

  closed(wait: Wait, connection: Connection): void {
    if (this.#held.has(connection) || connection.closeInfo === undefined) return;
    wait.end({ kind: 'closed', connection, closeInfo: connection.closeInfo });
  }

  /** Silence without a connection proves nothing. */
  lost(wait: Wait, connection: Connection, closeInfo: CloseInfo): void {
    if (this.#options.isUnwanted) wait.end({ kind: 'closed', connection, closeInfo });
  }

  expired(wait: Wait): void {
    wait.end({ kind: this.#options.isUnwanted ? 'passed' : 'timeout' });
  }

  #claimer(wait: Wait, connection: Connection): Claimer<ControlFrame> {
    const offer = (frame: ControlFrame): void => this.#offer(wait, connection, frame);
    return { offer, returned: (frames) => frames.forEach(offer) };
  }

  #offer(wait: Wait, connection: Connection, frame: ControlFrame): void {
    const { isUnwanted, opcode, payload } = this.#options;
    if (!wait.isPending || this.#held.has(connection)) return;
    if (payload !== undefined && !payload.equals(frame.payload)) return;
    if (isUnwanted) {
      const text = `a ${opcode}${describePayload(frame.payload)}`;
      wait.end({ kind: 'state', text, connection });
      return;
    }
    this.#held.set(connection, frame);
    this.#queue(connection).hold(frame, wait.record);
    if (this.#held.size === wait.record.connections.length) wait.pass();
  }

  /** `2 pings, none with "x"`; a ping that another assertion holds is named with its line. */
  #describeReceived(connection: Connection): string {
    const { opcode, payload } = this.#options;
    const queue = this.#queue(connection);
    const count = queue.length - queue.floor;
    if (count === 0) return `no ${opcode}`;
    const all = `${count} ${opcode}${count === 1 ? '' : 's'}`;
    for (let index = queue.length - 1; index >= queue.floor; index--) {
      const holder = queue.holder(index);
      if (holder === undefined || (payload !== undefined && !payload.equals(queue.at(index).payload))) continue;
      const claim = `claimed by ${holder.method} at ${describeLocation(holder.site?.location)}`;
      return `${all}\na ${opcode}${describePayload(queue.at(index).payload)} matches, but it was ${claim}`;
    }
    return `${all}, none${describePayload(payload)}`;
  }

  #queue(connection: Connection): ClaimQueue<ControlFrame> {
    return this.#options.opcode === 'ping' ? connection.pings : connection.pongs;
  }
}

function describePayload(payload: Buffer | undefined): string {
  if (payload === undefined) return '';
  if (payload.length === 0) return ' without payload';
  return ` with ${isUtf8(payload) ? JSON.stringify(payload.toString('utf8')) : previewPayload(payload, false)}`;
}
