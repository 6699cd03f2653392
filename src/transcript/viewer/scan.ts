import type { Row } from './rows.ts';

/** 12 ms: what a frame at 60 Hz leaves. */
const sliceMs = 12;
/** Rows between two looks at the clock. */
const batch = 512;

/**
 * Indexes of the rows that a filter shows, looked for in slices, so that the page stays responsive. `undefined` when the
 * signal was aborted meanwhile.
 */
export async function scanRows(
  rows: readonly Row[],
  isShown: (row: Row) => boolean,
  signal: AbortSignal,
): Promise<Uint32Array | undefined> {
  const shown = new Uint32Array(rows.length);
  let count = 0;
  let sliceEnd = performance.now() + sliceMs;
  for (let index = 0; index < rows.length; index++) {
    if (isShown(rows[index])) shown[count++] = index;
    if (index % batch !== 0 || performance.now() < sliceEnd) continue;
    await nextTask();
    if (signal.aborted) return undefined;
    sliceEnd = performance.now() + sliceMs;
  }
  return shown.subarray(0, count);
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    // A timer would be throttled to 4 ms.
    port2.postMessage(undefined);
  });
}
