/** Large enough that writing a chunk costs little beside making it, small enough to let other work in between. */
const chunkCharacters = 64 * 1024;

/** Joins parts to chunks of about 64 KiB. */
export function* inChunks(parts: Iterable<string>): Generator<string, void, undefined> {
  let chunk = '';
  for (const part of parts) {
    chunk += part;
    if (chunk.length < chunkCharacters) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
