/** Monotonic time in milliseconds, with fractions. Every duration and deadline is measured with it. */
export function now(): number {
  return performance.now();
}

let turn: number | undefined;

function endTurn(): void {
  turn = undefined;
}

/**
 * `now()` of the turn in which something came from the network: the same for all that came in one packet, however long
 * those who hear of it take.
 */
export function arrivalTime(): number {
  if (turn === undefined) {
    turn = now();
    queueMicrotask(endTurn);
  }
  return turn;
}

/** Wall-clock milliseconds since the epoch of a moment that `now()` returned. */
export function wallTime(monotonic: number): number {
  return performance.timeOrigin + monotonic;
}
