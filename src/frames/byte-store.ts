/** First chunk: small, since a test may hold thousands of idle connections. */
const firstChunkBytes = 1024;
/** Largest chunk: 1 MiB appends in a third of the time that an array of objects takes. */
const largestChunkBytes = 1024 * 1024;
/** Payloads from here on are kept as they are: copying them into a chunk would gain nothing. */
const ownChunkBytes = 64 * 1024;

/**
 * Append-only bytes in chunks. Small payloads are copied, so that keeping one does not keep alive the socket's whole
 * read buffer of which it is a view.
 */
export class ByteStore {
  readonly #chunks: Buffer[] = [];
  #open: Buffer = Buffer.alloc(0);
  #openIndex = -1;
  #used = 0;
  #offset = 0;
  #nextSize = firstChunkBytes;

  /** Stores the bytes and returns their chunk; `offset` tells where in it. */
  append(bytes: Uint8Array): number {
    if (bytes.length >= ownChunkBytes) {
      this.#offset = 0;
      return this.#chunks.push(asBuffer(bytes)) - 1;
    }
    // An empty payload needs a chunk too: a first message may be empty.
    if (this.#openIndex < 0 || this.#used + bytes.length > this.#open.length) this.#openChunk(bytes.length);
    this.#open.set(bytes, this.#used);
    this.#offset = this.#used;
    this.#used += bytes.length;
    return this.#openIndex;
  }

  /** Offset in its chunk of what was appended last. */
  get offset(): number {
    return this.#offset;
  }

  read(chunk: number, offset: number, length: number): Buffer {
    return this.#chunks[chunk].subarray(offset, offset + length);
  }

  #openChunk(atLeast: number): void {
    const size = Math.max(this.#nextSize, atLeast);
    this.#open = Buffer.allocUnsafeSlow(size);
    this.#openIndex = this.#chunks.push(this.#open) - 1;
    this.#used = 0;
    this.#nextSize = Math.min(this.#nextSize * 4, largestChunkBytes);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
