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
  readonly #claimers: [ClaimQueue<ControlFrame>, Claimer<ControlFrame>][] = [];

  constructor(options: ControlWatchOptions) {
    this.#options = options;
    const { isUnwanted, opcode } = options;
    this.subject = {
      expected: () => `${isUnwanted ? 'no' : 'a'} ${opcode}${describePayload(options.payload)}`,
      received: () => `no such ${opcode}`,
    };
  }

  start(wait: Wait): void {
    for (const connection of wait.record.connections) {
      const queue = this.#queue(connection);
      const claimer = { offer: (frame: ControlFrame): boolean => this.#offer(wait, connection, frame) };
      for (const frame of queue.free()) claimer.offer(frame);
      if (!wait.isPending) return;
      queue.register(claimer);
      this.#claimers.push([queue, claimer]);
    }
  }

  stop(wait: Wait): void {
    for (const [queue, claimer] of this.#claimers) queue.unregister(claimer);
    if (wait.record.outcome?.kind === 'passed') return;
    for (const [connection, frame] of this.#held) this.#queue(connection).release(frame);
  }

  closed(wait: Wait, connection: Connection): void {
    if (this.#held.has(connection) || connection.closeInfo === undefined) return;
    wait.end({ kind: 'closed', connection, closeInfo: connection.closeInfo });
  }

  expired(wait: Wait): void {
    wait.end({ kind: this.#options.isUnwanted ? 'passed' : 'timeout' });
  }

  #offer(wait: Wait, connection: Connection, frame: ControlFrame): boolean {
    const { isUnwanted, opcode, payload } = this.#options;
    if (!wait.isPending || this.#held.has(connection)) return false;
    if (payload !== undefined && !payload.equals(frame.payload)) return false;
    if (isUnwanted) {
      wait.end({
        kind: 'state',
        text: `a ${opcode}${describePayload(frame.payload)} on ${connection.name}`,
        connection,
      });
      return false;
    }
    this.#held.set(connection, frame);
    this.#queue(connection).hold(frame, wait.record);
    if (this.#held.size === wait.record.connections.length) wait.pass();
    return true;
  }

  #queue(connection: Connection): ClaimQueue<ControlFrame> {
    return this.#options.opcode === 'ping' ? connection.pings : connection.pongs;
  }
}

function describePayload(payload: Buffer | undefined): string {
  return payload === undefined || payload.length === 0 ? '' : ` with ${JSON.stringify(payload.toString('utf8'))}`;
}
