// What a process holds: measured at the beginning, at steps and at the end.
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * @typedef {object} Sample
 * @property {number} rounds Tests done so far.
 * @property {number} heap Bytes after a garbage collection.
 * @property {number} rss Bytes.
 * @property {number} handles What keeps the event loop busy: sockets, timers, requests.
 * @property {number} files Open file descriptors; 0 where the system does not tell.
 * @property {number} listeners Of `process` and of the signal that lives as long as the process.
 * @property {number} alive Clients and fixtures that somebody still holds.
 */

/** Works without a flag of the command line, which a test worker cannot be given. */
setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

/** @type {Set<WeakRef<object>>} */
const watched = new Set();

/**
 * Counts an object until the garbage collector has it.
 *
 * @template {object} T
 * @param {T} object
 * @returns {T}
 */
export function watch(object) {
  watched.add(new WeakRef(object));
  return object;
}

/**
 * @param {number} rounds
 * @param {AbortSignal} signal
 * @returns {Promise<Sample>}
 */
export async function takeSample(rounds, signal) {
  // What ends asynchronously has some turns of the event loop for it: sockets, finalizers.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
  }
  for (const one of watched) if (one.deref() === undefined) watched.delete(one);
  const { heapUsed, rss } = process.memoryUsage();
  const ownListeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return {
    rounds,
    heap: heapUsed,
    rss,
    handles: process.getActiveResourcesInfo().length,
    files: openFiles(),
    listeners: ownListeners + getEventListeners(signal, 'abort').length,
    alive: watched.size,
  };
}

/**
 * Bytes a round by which the heap grows over the last two thirds: the slope of the line through the samples, by least
 * squares. What is loaded and compiled once is behind it.
 *
 * @param {readonly Sample[]} samples
 */
export function heapSlope(samples) {
  const late = samples.slice(Math.floor(samples.length / 3));
  const meanRounds = mean(late.map(({ rounds }) => rounds));
  const meanHeap = mean(late.map(({ heap }) => heap));
  const covariance = mean(late.map(({ heap, rounds }) => (heap - meanHeap) * (rounds - meanRounds)));
  const variance = mean(late.map(({ rounds }) => (rounds - meanRounds) ** 2));
  return variance === 0 ? 0 : covariance / variance;
}

/** @param {readonly number[]} numbers */
function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function openFiles() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
