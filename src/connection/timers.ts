import type { CallSite } from '../support/call-site.ts';
import { misuse } from '../support/errors.ts';
import type { FindingSink } from './findings.ts';
import { runUserCode } from './user-code.ts';

interface PendingTimeout {
  readonly handle: NodeJS.Timeout;
  readonly site: CallSite;
  readonly optional: boolean;
}

/** Timers that end with their client. */
export class Timers {
  readonly #sink: FindingSink;
  /** Both are made when somebody sets a timer: most connections have none. */
  #intervals: Set<NodeJS.Timeout> | undefined;
  #timeouts: Set<PendingTimeout> | undefined;
  #unfired: CallSite[] | undefined;
  #ended = false;

  constructor(sink: FindingSink) {
    this.#sink = sink;
  }

  /** Sites of timeouts that the end of the client came before; each is told once. */
  takeUnfired(): readonly CallSite[] {
    return this.#unfired?.splice(0) ?? [];
  }

  /** Calls `run` every `ms` milliseconds until stopped or until the client ends. */
  setInterval(run: () => unknown, ms: number, site: CallSite): () => void {
    checkDelay('setInterval', run, ms);
    if (this.#ended) return () => {};
    const code = { label: 'setInterval function', site, sink: this.#sink };
    const handle = setInterval(() => runUserCode(code, run), ms);
    const intervals = (this.#intervals ??= new Set());
    intervals.add(handle);
    return () => {
      clearInterval(handle);
      intervals.delete(handle);
    };
  }

  /** Calls `run` once after `ms` milliseconds unless stopped before. */
  setTimeout(run: () => unknown, ms: number, { site, optional }: { site: CallSite; optional: boolean }): () => void {
    checkDelay('setTimeout', run, ms);
    const code = { label: 'setTimeout function', site, sink: this.#sink };
    const timeouts = (this.#timeouts ??= new Set());
    const handle = setTimeout(() => {
      timeouts.delete(pending);
      runUserCode(code, run);
    }, ms);
    const pending: PendingTimeout = { handle, site, optional };
    timeouts.add(pending);
    if (this.#ended) this.end();
    return () => {
      clearTimeout(handle);
      timeouts.delete(pending);
    };
  }

  /** Stops all of them. */
  end(): void {
    this.#ended = true;
    for (const handle of this.#intervals ?? []) clearInterval(handle);
    this.#intervals?.clear();
    for (const { handle, site, optional } of this.#timeouts ?? []) {
      clearTimeout(handle);
      if (!optional) (this.#unfired ??= []).push(site);
    }
    this.#timeouts?.clear();
  }
}

function checkDelay(method: string, run: unknown, ms: unknown): void {
  if (typeof run !== 'function') {
    throw misuse('WS_INVALID_ARGUMENT', `Cannot call ${method}: expected a function first, found ${typeof run}`);
  }
  if (typeof ms !== 'number' || !(ms >= 0) || ms > 2 ** 31 - 1) {
    throw misuse(
      'WS_INVALID_ARGUMENT',
      `Cannot call ${method} with ${String(ms)}: expected milliseconds from 0 to ${2 ** 31 - 1}`,
    );
  }
}
