import { now, wallTime } from '../support/clock.ts';
import { misuse } from '../support/errors.ts';
import { lastSequence } from './sequence.ts';

/** A position in the order of frames of all clients. */
export interface Position {
  /** Frames with a higher sequence came after it. */
  readonly sequence: number;
  /** Monotonic milliseconds; what `within` and `notBefore` count from. */
  readonly monotonicTime: number;
}

/**
 * A position in the order of frames of all clients, taken by `client.mark()` or `ws.mark()`.
 *
 * @example Only what the payment caused
 * ```ts
 * const beforePayment = orders.mark();
 * await request.post('/api/orders/42/pay');
 * await expect(orders).toReceiveMessage({ status: 'PAID' }, { after: beforePayment });
 * ```
 */
export class Mark implements Position {
  /** Number of frames that this process had seen. */
  readonly sequence: number = lastSequence();
  /** Monotonic milliseconds. */
  readonly monotonicTime: number = now();

  /** Wall-clock milliseconds since the epoch. */
  get time(): number {
    return wallTime(this.monotonicTime);
  }
}

/** Checks what a user passed as `after`. */
export function checkPosition(after: unknown, method: string): Position | undefined {
  if (after === undefined) return undefined;
  if (isPosition(after)) return after;
  throw misuse(
    'WS_INVALID_ARGUMENT',
    `Cannot use a value of type ${typeof after} as \`after\` of ${method}: pass a mark (client.mark()), a sent frame (await client.send(…)) or a received message`,
  );
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false;
  return 'sequence' in value && 'monotonicTime' in value && typeof value.sequence === 'number';
}
