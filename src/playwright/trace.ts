import { crc32 } from 'node:zlib';
import type { Zip, ZipInputFile } from 'fflate';
import { writeTrace } from '../transcript/trace.ts';
import type { HarOptions } from '../transcript/har-entries.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { replaceFile } from './evidence-file.ts';
import type { TraceSlot } from './host.ts';

/** Writes the frames of a transcript where Playwright makes them a part of the test's own trace. */
export async function addToTrace(slot: TraceSlot, transcript: Transcript, options: HarOptions): Promise<void> {
  const fflate = await import('fflate');
  const files = writeTrace(transcript, { ...options, title: slot.title });
  const parts = Object.entries({ ...files, 'trace.trace': [Buffer.from(files['trace.trace'])] });
  await replaceFile(slot.path, zipped(new fflate.Zip(), parts));
}

type Part = readonly [name: string, chunks: Iterable<Buffer<ArrayBuffer>>];

/** A zip, chunk by chunk. Nothing is compressed: Playwright packs all anew when it merges, and this lives for a moment. */
function* zipped(zip: Zip, parts: readonly Part[]): Generator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  zip.ondata = (error, bytes) => {
    if (error !== null) throw error;
    ready.push(bytes);
  };
  for (const [name, chunks] of parts) {
    const file = new StoredFile(name);
    zip.add(file);
    for (const chunk of chunks) {
      file.push(chunk, false);
      yield* ready.splice(0);
    }
    file.push(Buffer.alloc(0), true);
  }
  zip.end();
  yield* ready;
}

/** A file of a zip whose checksum Node.js makes: fflate's own takes half of the time of all the rest. */
class StoredFile implements ZipInputFile {
  readonly filename: string;
  readonly compression = 0;
  size = 0;
  crc = 0;
  ondata: NonNullable<ZipInputFile['ondata']> = () => {};

  constructor(filename: string) {
    this.filename = filename;
  }

  push(bytes: Buffer<ArrayBuffer>, isLast: boolean): void {
    this.size += bytes.length;
    this.crc = crc32(bytes, this.crc);
    this.ondata(null, bytes, isLast);
  }
}
