import type { CallSite } from '../support/call-site.ts';
import type { Connection } from './connection.ts';
import type { WaitRecord } from './wait-record.ts';

/** One operation of the user's, as a report shows it. */
export interface StepFacts {
  /** Method of the user's call: `send`. */
  readonly method: string;
  /** `Send message`. */
  readonly title: string;
  /** What tells it from others of its kind, one line: `action: "subscribe"`. Evaluated only when it is shown. */
  readonly subtitle?: (() => string) | undefined;
  readonly site: CallSite;
  /** Whether it is over for the user while its step still runs; a constructor cannot be awaited, events can. */
  readonly isOver?: (() => boolean) | undefined;
  /** Whether it was begun in a handler or timer and asserts nothing: being cut off by the end is no finding. */
  readonly isBackground?: boolean | undefined;
  /** What `subtitle` needs to know first. */
  readonly ready?: Promise<unknown> | undefined;
}

/** Hears what happens on the connections of a test; steps and measurements implement it. */
export interface Observer {
  /** Shows the operation while it runs; resolves and rejects as it does. */
  step?<T>(facts: StepFacts, running: Promise<T>): Promise<T>;
  /** A connection was made; nothing of it has begun. */
  created?(connection: Connection): void;
  /** A wait ended, or its message came after its deadline. */
  wait?(record: WaitRecord): void;
}

/** For scripts: nobody is told. */
export const silentObserver: Observer = {};
