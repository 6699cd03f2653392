import { added } from '../support/small-list.ts';
import { SpillFile } from './spill-file.ts';

const noBytes = Buffer.alloc(0);

/** First chunk: small, since a test may hold thousands of idle connections. */
const firstChunkBytes = 256;
/** Largest chunk: 1 MiB appends in a third of the time that an array of objects takes. */
const largestChunkBytes = 1024 * 1024;
/** Payloads from here on are kept as they are: copying them into a chunk would gain nothing. */
const ownChunkBytes = 64 * 1024;

/** Payload bytes that one connection keeps in memory when nothing else is said: 128 MiB. */
export const defaultMaxMemory: number = 128 * 1024 * 1024;

/**
 * Append-only bytes in chunks. Small payloads are copied, so that keeping one does not keep alive the socket's whole
 * read buffer of which it is a view. Beyond `maxMemory` the oldest chunks go to a temporary file, and are read back when
 * somebody asks for them.
 */
export class ByteStore {
  /** `undefined` where the chunk is in the file. */
  #chunks: (Buffer | undefined)[] = [];
  readonly #maxMemory: number;
  #file: SpillFile | undefined;
  #inMemory = 0;
  #firstInMemory = 0;
  #open: Buffer = noBytes;
  #openIndex = -1;
  #used = 0;
  #offset = 0;
  #nextSize = firstChunkBytes;

  /** @param maxMemory Bytes; the chunk that is being filled is always in memory. */
  constructor(maxMemory: number = defaultMaxMemory) {
    this.#maxMemory = maxMemory;
  }

  /** Stores the bytes and returns their chunk; `offset` tells where in it. */
  append(bytes: Uint8Array): number {
    const { length } = bytes;
    if (length >= ownChunkBytes) {
      this.#offset = 0;
      return this.#addChunk(asBuffer(bytes));
    }
    // An empty payload needs a chunk too: a first message may be empty.
    if (this.#used + length > this.#open.length || this.#openIndex < 0) this.#openChunk(length);
    this.#open.set(bytes, this.#used);
    this.#offset = this.#used;
    this.#used += length;
    return this.#openIndex;
  }

  /** Offset in its chunk of what was appended last. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes that are in the temporary file. */
  get spilled(): number {
    return this.#file?.size ?? 0;
  }

  read(chunk: number, offset: number, length: number): Buffer {
    const bytes = this.#chunks[chunk];
    if (bytes !== undefined) return bytes.subarray(offset, offset + length);
    return this.#file?.read(chunk, offset, length) ?? Buffer.alloc(0);
  }

  /** Ends the temporary file; what is in it cannot be read any more. */
  release(): void {
    this.#file?.close();
  }

  #openChunk(atLeast: number): void {
    const size = Math.max(this.#nextSize, atLeast);
    // The first one of Node's pool: half of all connections of a test have no more.
    this.#open = size > firstChunkBytes ? Buffer.allocUnsafeSlow(size) : Buffer.allocUnsafe(size);
    this.#openIndex = this.#addChunk(this.#open);
    this.#used = 0;
    this.#nextSize = Math.min(this.#nextSize * 4, largestChunkBytes);
  }

  #addChunk(bytes: Buffer): number {
    this.#chunks = added(this.#chunks, bytes);
    const index = this.#chunks.length - 1;
    this.#inMemory += bytes.length;
    if (this.#inMemory > this.#maxMemory) this.#spill(index);
    return index;
  }

  /** Writes the oldest chunks, up to the newest one and the one that is being filled. */
  #spill(newest: number): void {
    this.#file ??= new SpillFile();
    for (let index = this.#firstInMemory; index < newest && this.#inMemory > this.#maxMemory; index++) {
      if (index === this.#openIndex) continue;
      const bytes = this.#chunks[index];
      if (bytes === undefined) continue;
      // Without room on the disk it stays in memory.
      if (!this.#file.write(index, bytes)) return;
      this.#chunks[index] = undefined;
      this.#inMemory -= bytes.length;
      if (index === this.#firstInMemory) this.#firstInMemory += 1;
    }
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
