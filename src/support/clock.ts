/** Monotonic time in milliseconds, with fractions. Every duration and deadline is measured with it. */
export function now(): number {
  return performance.now();
}

/** Wall-clock milliseconds since the epoch of a moment that `now()` returned. */
export function wallTime(monotonic: number): number {
  return performance.timeOrigin + monotonic;
}
