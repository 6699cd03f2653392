/** Monotonic time in milliseconds, with fractions. Every duration and deadline is measured with it. */
export function now(): number {
  return performance.now();
}

/** Longest delay of a Node.js timer: 24.8 days. A longer one would fire at once. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** A timer that fires after so many milliseconds; `undefined`, and never, when no timer is that long. */
export function startTimer(run: () => void, ms: number): NodeJS.Timeout | undefined {
  return ms > longestTimerMs ? undefined : setTimeout(run, ms);
}

let turn: number | undefined;
/** Its reactions cost a third of `queueMicrotask`, which makes an AsyncResource each. */
const resolved = Promise.resolve();

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
    void resolved.then(endTurn);
  }
  return turn;
}

/** Wall-clock milliseconds since the epoch of a moment that `now()` returned. */
export function wallTime(monotonic: number): number {
  return performance.timeOrigin + monotonic;
}
