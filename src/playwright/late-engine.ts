import type * as engine from './engine.ts';

/** What a test with clients needs. */
export type Engine = typeof engine;

let loaded: Engine | undefined;

/** Loads it once a process: most of the package, which a test without clients does without. */
export async function loadEngine(): Promise<Engine> {
  return (loaded ??= await import('./engine.ts'));
}

/** It, once a test asked for clients. */
export function loadedEngine(): Engine | undefined {
  return loaded;
}
