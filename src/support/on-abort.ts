import { setMaxListeners } from 'node:events';

/**
 * Calls a function once when a signal of the user's is aborted. Any number of waits and clients may share one, where
 * Node.js would warn of the eleventh listener as of a leak.
 *
 * @returns a function that stops listening.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}
