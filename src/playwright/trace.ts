import { writeTrace } from '../transcript/trace.ts';
import type { HarOptions } from '../transcript/har-entries.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { replaceFile } from './evidence-file.ts';
import type { TraceSlot } from './host.ts';

/** Writes the frames of a transcript where Playwright makes them a part of the test's own trace. */
export async function addToTrace(slot: TraceSlot, transcript: Transcript, options: HarOptions): Promise<void> {
  const { strToU8, zipSync } = await import('fflate');
  const files = writeTrace(transcript, { ...options, title: slot.title });
  const network = Buffer.concat(Array.from(files['trace.network'], (chunk) => Buffer.from(chunk)));
  const zip = zipSync({ 'trace.trace': strToU8(files['trace.trace']), 'trace.network': network }, { level: stored });
  await replaceFile(slot.path, zip);
}

/** Playwright packs all anew when it merges: this file lives for a moment. */
const stored = 0;
