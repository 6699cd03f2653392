import { JsonBytes } from './json-bytes.ts';

/** Large enough that writing a chunk costs little beside making it, small enough to let other work in between. */
const chunkBytes = 256 * 1024;

const longestUsualLine = 64 * 1024;
const roomBytes = chunkBytes + longestUsualLine;

/** Whether what was written is due: a writer of many small pieces pauses then only, which is cheaper. */
export function isChunk(out: JsonBytes): boolean {
  return out.length >= chunkBytes;
}

/**
 * Runs a writer that pauses after each whole character, line or message, and yields what it wrote in chunks of about
 * 256 KiB.
 */
export function* inChunks(write: (out: JsonBytes) => Iterator<void>): Generator<Buffer<ArrayBuffer>, void, undefined> {
  const out = new JsonBytes(roomBytes);
  const steps = write(out);
  while (steps.next().done !== true) if (isChunk(out)) yield out.take();
  if (out.length > 0) yield out.take();
}

/**
 * The same for who is done with a chunk when it asks for the next one: all are in one buffer. Of 100,000 frames the others
 * would make the engine look through the whole heap for what can be freed.
 */
export function* inLentChunks(
  write: (out: JsonBytes) => Iterator<void>,
): Generator<Buffer<ArrayBuffer>, void, undefined> {
  const out = new JsonBytes(roomBytes);
  const steps = write(out);
  while (steps.next().done !== true) if (isChunk(out)) yield out.lend();
  if (out.length > 0) yield out.lend();
}
