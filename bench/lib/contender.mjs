// What every contender is given and how it reports. A contender runs in a process of its own: `node <file> <url> <count>`.
import process from 'node:process';

/** Address of the server of this goal. */
export const url = process.argv[2] ?? '';
/** How many messages, requests or connections. */
export const count = Number(process.argv[3]);

/**
 * Runs the measured part and ends the process. The CPU time is that of the whole process, garbage collection included.
 *
 * @param {() => Promise<number>} work Returns how much it did, so that nobody wins by doing less.
 */
export async function measure(work) {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const done = await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  check(done);
  finish({ ms, cpuMs: (user + system) / 1000 });
}

/**
 * Runs what fills memory, reports what stays of it, and ends the process. Needs `--expose-gc`.
 *
 * @template Kept
 * @param {() => Promise<Kept>} fill
 * @param {(kept: Kept) => number} countOf How much is kept; asked at the end, so that it is kept until then.
 */
export async function measureMemory(fill, countOf) {
  const before = settledMemory();
  const kept = await fill();
  const after = settledMemory();
  check(countOf(kept));
  const grown = (/** @type {'rss' | 'heapUsed' | 'external'} */ key) => (after[key] - before[key]) / count;
  finish({ bytes: grown('heapUsed') + grown('external'), rssBytes: grown('rss') });
}

/**
 * Hands the figures to the benchmark and ends the process, open sockets or not.
 *
 * @param {Record<string, number>} figures
 */
export function finish(figures) {
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

function settledMemory() {
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  return process.memoryUsage();
}

/** @param {number} done */
function check(done) {
  if (done !== count) throw new Error(`Did ${done} of ${count}`);
}
