let last = 0;

/** The next position in the order of frames. One counter serves the process, so that marks compare across clients. */
export function nextSequence(): number {
  last += 1;
  return last;
}

/** Position of the newest frame of this process. */
export function lastSequence(): number {
  return last;
}
