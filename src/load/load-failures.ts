import type { Registry } from '../connection/registry.ts';
import type { Frame } from '../frames/frame.ts';
import { errorMessage } from '../support/errors.ts';

/** One iteration that failed. */
export interface LoadFailure {
  /** Number of the user, from 1. */
  readonly user: number;
  /** Number of the iteration among those of the user, from 0. */
  readonly iteration: number;
  readonly error: Error;
  /** Frames of its connections in the order of time; none for failures after the first 20, which keep their error alone. */
  readonly frames: readonly Frame[];
}

/** Failures that are kept, and of these those with their frames: a run may have a million. */
const mostKept = 1000;
const mostWithFrames = 20;

/** What failed in a load run. */
export class LoadFailures {
  readonly kept: LoadFailure[] = [];
  /** Connections and waits of the first ones, for the evidence. */
  readonly registries: Registry[] = [];
  /** How often an error was thrown, by its first line. */
  readonly #counts = new Map<string, number>();

  add(error: Error, { iteration, registry, user }: FailedIteration): void {
    const cause = firstLine(error);
    // Beyond so many different ones their texts alone would fill the memory.
    if (this.#counts.has(cause) || this.#counts.size < mostKept) this.#counts.set(cause, this.countOf(error) + 1);
    if (!this.isFull) this.registries.push(registry);
    if (this.kept.length >= mostKept) return;
    const kept = this.kept.length < mostWithFrames ? registry : undefined;
    this.kept.push({
      user,
      iteration,
      error,
      get frames() {
        return kept === undefined ? [] : framesOf(kept);
      },
    });
  }

  /** Whether the frames of further failures are not kept. */
  get isFull(): boolean {
    return this.registries.length >= mostWithFrames;
  }

  /** How often an iteration failed like this one. */
  countOf(error: Error): number {
    return this.#counts.get(firstLine(error)) ?? 0;
  }

  /** The first failure of each kind. */
  get distinct(): readonly LoadFailure[] {
    const first = new Map<string, LoadFailure>();
    for (const failure of this.kept) {
      const cause = firstLine(failure.error);
      if (!first.has(cause)) first.set(cause, failure);
    }
    return [...first.values()];
  }
}

interface FailedIteration {
  readonly user: number;
  readonly iteration: number;
  readonly registry: Registry;
}

function framesOf({ connections }: Registry): Frame[] {
  return connections.flatMap(({ log }) => [...log]).toSorted((a, b) => a.sequence - b.sequence);
}

/** Names of clients have their user in them, which tells failures apart that are one. */
function firstLine(error: Error): string {
  return errorMessage(error)
    .split('\n', 1)[0]
    .replaceAll(/ \(user \d+(?:, iteration \d+)?\)/g, '');
}
