import { WebSocketError } from '../support/errors.ts';
import type { LoadResult } from './load-result.ts';

/** Thrown by `ws.load` when more iterations failed than `maxFailures` allows, or when a threshold was not met. */
export class LoadError extends WebSocketError {
  override readonly name: string = 'LoadError';
  /** What came of the run all the same. */
  readonly result: LoadResult;

  constructor(message: string, result: LoadResult) {
    super('WS_LOAD_FAILED', message);
    this.result = result;
  }
}
