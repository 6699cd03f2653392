import { now, wallTime } from '../support/clock.ts';

/**
 * A position in the order of frames of all clients of a test.
 *
 * @example Only what the payment caused
 * ```ts
 * const paid = orders.mark();
 * await request.post('/api/orders/42/pay');
 * await expect(orders).toReceiveMessage({ status: 'PAID' }, { after: paid });
 * ```
 */
export class Mark {
  /** Number of frames that all clients of the test had sent and received. */
  readonly sequence: number;
  /** Monotonic milliseconds; what `within` and `notBefore` count from. */
  readonly monotonicTime: number;

  constructor(sequence: number) {
    this.sequence = sequence;
    this.monotonicTime = now();
  }

  /** Wall-clock milliseconds since the epoch. */
  get time(): number {
    return wallTime(this.monotonicTime);
  }
}
