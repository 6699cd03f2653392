import { open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import type { TestInfo } from '@playwright/test';
import { JsonBytes } from '../transcript/json-bytes.ts';

/** Where files of a test go. */
export type OutputFolder = Pick<TestInfo, 'outputPath'>;

/** Content of an attachment. */
export type Content = { readonly body: Buffer } | { readonly path: string };

/** Larger bodies make the HTML report slow: every body is a part of its one page. */
const longestBodyBytes = 512 * 1024;

/** Text up to 512 KiB as a body, more as a file in the test's output folder. */
export async function bodyOrFile(folder: OutputFolder, name: string, chunks: Iterator<Buffer>): Promise<Content> {
  const first: Buffer[] = [];
  let bytes = 0;
  for (let next = chunks.next(); next.done !== true; next = chunks.next()) {
    first.push(next.value);
    bytes += next.value.length;
    if (bytes > longestBodyBytes) return { path: await newFile(folder, name, withFirst(first, chunks)) };
  }
  return { body: Buffer.concat(first) };
}

/**
 * Writes a file that was not there, chunk by chunk, so that a large test's evidence is never in memory as a whole.
 *
 * @returns its path. The clients of the test and those of its worker have one each: the second is numbered.
 */
export async function newFile(folder: OutputFolder, name: string, chunks: Iterable<string | Buffer>): Promise<string> {
  const { file, path } = await createFile(folder, name);
  try {
    for (const part of inParts(chunks)) await file.writeFile(part);
    await file.close();
    return path;
  } catch (error) {
    // Half a file would look like the whole evidence.
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}

/** Writes a file at once or not at all: what was there stays until all is written. */
export async function replaceFile(path: string, content: Iterable<string | Uint8Array>): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, inParts(content));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
}

/** A write waits for another thread: rarely is faster. */
const partBytes = 256 * 1024;

/** Each part is overwritten when the next one is asked for: new memory for each would take longer than the copy. */
function* inParts(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  const part = new JsonBytes(2 * partBytes);
  for (const chunk of chunks) {
    if (typeof chunk === 'string') part.text(chunk);
    else part.copy(chunk);
    if (part.length >= partBytes) yield part.lend();
  }
  yield part.lend();
}

/** A path in the folder that nothing has, given a way to tell. */
export function numbered(name: string, number: number): string {
  return number === 1 ? name : name.replace('.', `-${number}.`);
}

function* withFirst(first: readonly Buffer[], rest: Iterator<Buffer>): Generator<Buffer> {
  yield* first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

async function createFile(
  folder: OutputFolder,
  name: string,
  number = 1,
): Promise<{ readonly file: FileHandle; readonly path: string }> {
  const path = folder.outputPath(numbered(name, number));
  try {
    return { file: await open(path, 'wx'), path };
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await createFile(folder, name, number + 1);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
