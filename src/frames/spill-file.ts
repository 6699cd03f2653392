import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectionClosedError, errorMessage } from '../support/errors.ts';

/** Chunks up to here are read back whole: who reads one frame of it mostly reads the next one too. */
const wholeChunkBytes = 1024 * 1024;

interface OpenFile {
  readonly descriptor: number;
  readonly folder: string;
}

/** Closes the file of a frame log that nobody has any more. */
const forgotten = new FinalizationRegistry<OpenFile>(closeFile);

/** A temporary file with chunks of bytes. It has no name where the system can do without, and ends with the process. */
export class SpillFile {
  readonly #places = new Map<number, { readonly position: number; readonly size: number }>();
  #file: OpenFile | undefined;
  #isClosed = false;
  #hasFailed = false;
  #size = 0;
  #loadedChunk = -1;
  #loaded: Buffer = Buffer.alloc(0);

  /** Bytes in the file. */
  get size(): number {
    return this.#size;
  }

  /** Whether the chunk is in the file now. A disk that takes no more is told once, as a warning of the process. */
  write(chunk: number, bytes: Buffer): boolean {
    if (this.#hasFailed || this.#isClosed) return false;
    try {
      this.#file ??= this.#create();
      writeAll(this.#file.descriptor, bytes, this.#size);
    } catch (error) {
      this.#hasFailed = true;
      process.emitWarning(`Frames stay in memory, since they cannot be written to a file: ${errorMessage(error)}`, {
        type: 'playwright-ws',
      });
      return false;
    }
    this.#places.set(chunk, { position: this.#size, size: bytes.length });
    this.#size += bytes.length;
    return true;
  }

  /** @throws ConnectionClosedError `WS_TEST_ENDED` after {@link close}. */
  read(chunk: number, offset: number, length: number): Buffer {
    const place = this.#places.get(chunk);
    if (this.#file === undefined || place === undefined || this.#isClosed) {
      throw new ConnectionClosedError(
        'WS_TEST_ENDED',
        'Cannot read a frame of a test that has ended: it was in a temporary file\n  Read it within the test, or raise the option maxMemory.',
      );
    }
    if (place.size > wholeChunkBytes) return readAll(this.#file.descriptor, length, place.position + offset);
    if (this.#loadedChunk !== chunk) {
      this.#loaded = readAll(this.#file.descriptor, place.size, place.position);
      this.#loadedChunk = chunk;
    }
    return this.#loaded.subarray(offset, offset + length);
  }

  close(): void {
    this.#isClosed = true;
    this.#loaded = Buffer.alloc(0);
    this.#loadedChunk = -1;
    if (this.#file === undefined) return;
    forgotten.unregister(this);
    closeFile(this.#file);
    this.#file = undefined;
  }

  #create(): OpenFile {
    const folder = mkdtempSync(join(tmpdir(), 'playwright-ws-frames-'));
    const file = { descriptor: openSync(join(folder, 'frames.bin'), 'wx+', 0o600), folder };
    // An open file without a name is gone when the process is, however it ends. Windows keeps the name until it is closed.
    removeFolder(folder);
    forgotten.register(this, file, this);
    return file;
  }
}

function closeFile({ descriptor, folder }: OpenFile): void {
  closeSync(descriptor);
  removeFolder(folder);
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Windows: the file is open; it is removed when it is closed.
  }
}

function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}

function readAll(descriptor: number, length: number, position: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const count = readSync(descriptor, bytes, done, length - done, position + done);
    if (count === 0) throw new Error(`The file of frames ends at byte ${position + done}`);
    done += count;
  }
  return bytes;
}
