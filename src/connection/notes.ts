import { formatMs } from '../explain/call-log.ts';
import { describeLocation, type CallSite } from '../support/call-site.ts';
import type { LateArrival, WaitRecord } from './wait-record.ts';

/** Something that fails nothing, and helps to understand what failed. */
export interface Note {
  readonly text: string;
  /** The line it is about. */
  readonly site: CallSite | undefined;
  /** Monotonic milliseconds at which it happened. */
  readonly time: number;
}

/** What came after the deadlines of waits that timed out; of several waits at one line, as in `toPass`, the last. */
export function lateNotes(waits: readonly WaitRecord[]): Note[] {
  const notes = new Map<string, Note>();
  for (const wait of waits) {
    if (wait.late === undefined) continue;
    const place = `${wait.method} at ${describeLocation(wait.site?.location)}`;
    notes.set(place, {
      text: `${place}: ${describeLate(wait, wait.late)}`,
      site: wait.site,
      time: wait.late.message.monotonicTime,
    });
  }
  return [...notes.values()];
}

function describeLate({ connections, subject }: WaitRecord, { after, message }: LateArrival): string {
  const isSelected = subject.where !== undefined;
  const what = isSelected ? 'a message that `where` selects' : `a message that meets ${describeMet(subject)}`;
  const client = connections.length === 1 ? '' : ` of ${message.client}`;
  return `${what} arrived ${formatMs(after)} after the deadline (#${message.index + 1}${client})`;
}

function describeMet({ expectations = [] }: WaitRecord['subject']): string {
  return expectations.length > 1 ? 'the first missing expectation' : 'it';
}
